/**
 * A capture of a live cluster is read back as the same cluster; a redacted one as the same cluster with other names.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSim, type Sim } from '../../sim/sim';
import type { RecordMaps } from '../../model/records';
import { collect } from '../common/collect';
import type { Output } from '../common/output';
import { capture } from './record';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-capture-'));
const output: Output = { out: () => Promise.resolve(), err: () => undefined };
const cluster = { kind: 'context', context: 'here' } as const;
let sim: Sim;
let live: RecordMaps;

beforeAll(async () => {
  sim = await startSim({ changesPerSecond: 0 });
  const kubeconfig = {
    'current-context': 'here',
    clusters: [{ name: 'c', cluster: { server: sim.kubernetesUrl } }],
    users: [{ name: 'u', user: { token: sim.token } }],
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
  };
  writeFileSync(path.join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
  vi.stubEnv('KUBECONFIG', path.join(folder, 'kubeconfig'));
  vi.stubEnv('AWS_REGION', sim.region);
  vi.stubEnv('AWS_ENDPOINT_URL_EC2', sim.ec2Url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'k');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  vi.stubEnv('IFSCOPE_EC2_GAP_SECONDS', '0.01');
  live = await collect(cluster, 60, output, ({ store }) => store.replica.records);
}, 90_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await sim.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The properties of links without names, which must survive renaming. */
const shape = (records: RecordMaps): string[] =>
  [...records.interfaces.values()]
    .map(({ state, link, addresses, card }) =>
      [state, link.rule, link.certainty, card, addresses.map(({ backed }) => backed).join('+')].join(' '),
    )
    .sort();
const management = (records: RecordMaps): string[] =>
  [...records.enis.values()]
    .map((eni) => `${eni.role} ${eni.management.rule} ${eni.prefixes.length} ${eni.addresses.length}`)
    .sort();

describe.each([
  ['plain', false],
  ['redacted', true],
])('%s', (name, redact) => {
  it('is read back unchanged', async () => {
    const target = path.join(folder, name);
    const written = await capture(cluster, { folder: target, redact, seconds: 60, output });
    expect(readdirSync(target).sort()).toEqual(['aws-node', 'capture.json', 'ec2', 'kubernetes']);
    expect(written.objects).toBeGreaterThan(live.pods.size);
    const read = await collect({ kind: 'capture', folder: target }, 60, output, ({ store }) => store.replica);
    for (const table of ['nodes', 'enis', 'subnets', 'networks', 'pods', 'interfaces', 'ipPools'] as const)
      expect([table, read.records[table].size]).toEqual([table, live[table].size]);
    expect(shape(read.records)).toEqual(shape(live));
    expect(management(read.records)).toEqual(management(live));
    expect(read.cluster.demo).toBe(false);

    const text = written.files.map((file) => readFileSync(path.join(target, file), 'utf8')).join('\n');
    const ip = [...live.pods.values()].find((pod) => pod.ips.length > 0)?.ips[0] ?? '';
    const eni = [...live.enis.keys()][0] ?? '';
    const pod = [...live.pods.values()].find(({ namespace }) => namespace !== 'kube-system')?.name ?? '';
    for (const word of [ip, eni, pod]) expect(text.includes(word)).toBe(!redact);
    expect(text).not.toContain('last-applied-configuration');
  }, 90_000);
});

describe('a capture of a capture folder', () => {
  const again = async (from: string, name: string, redact: boolean) => {
    const target = path.join(folder, name);
    await capture({ kind: 'capture', folder: from }, { folder: target, redact, seconds: 60, output });
    return collect({ kind: 'capture', folder: target }, 60, output, ({ store }) => store.replica.records);
  };

  it('is the same capture', async () => {
    const from = path.join(folder, 'plain');
    await again(from, 'plain-again', false);
    for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((name) => /\/.*\./.test(name)))
      expect([file, readFileSync(path.join(folder, 'plain-again', file), 'utf8')]).toEqual([
        file,
        readFileSync(path.join(from, file), 'utf8'),
      ]);
  }, 90_000);

  it.each([
    ['plain', false],
    ['redacted', true],
  ])('keeps ipamd’s own settings and the answer of EKS: %s', async (name, redact) => {
    const from = path.join(folder, `given-${name}`);
    const node = 'ip-10-0-7-5.ec2.internal';
    const warm = { name: 'WARM_IP_TARGET', valueFrom: { configMapKeyRef: { name: 'cni', key: 'warm' } } };
    const agent = (on: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `aws-node-${on.slice(-1)}`, namespace: 'kube-system', labels: { 'k8s-app': 'aws-node' } },
      spec: { nodeName: on, hostNetwork: true, containers: [{ name: 'aws-node', image: 'x:v1.23.1', env: [warm] }] },
      status: { phase: 'Running' },
    });
    const nodes = [node, 'n2'].map((one) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: one } }));
    const cidr = '172.20.0.0/16';
    const files = {
      'nodes.json': { kind: 'List', apiVersion: 'v1', items: nodes },
      'pods.json': { kind: 'List', apiVersion: 'v1', items: [agent(node), agent('n2')] },
      [`eks_${node}/ipamd/ipamd-env-settings.json`]: { WARM_IP_TARGET: 3, WARM_ENI_TARGET: 1, ANOTHER: 7 },
      'cluster.json': {
        cluster: {
          name: 'prod',
          resourcesVpcConfig: { vpcId: 'vpc-0123456789abcdef0', endpointPublicAccess: true },
          kubernetesNetworkConfig: { serviceIpv4Cidr: cidr },
        },
      },
    };
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(from, file)), { recursive: true });
      writeFileSync(path.join(from, file), JSON.stringify(content));
    }
    const records = await again(from, `given-${name}-again`, redact);
    expect([...records.nodes.values()].map(({ cni }) => cni?.warmIpTarget).sort()).toEqual([3, null]);
    expect(records.networks.get('cluster')?.serviceCidrs).toHaveLength(1);
    const text = readdirSync(path.join(folder, `given-${name}-again`), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\/.*\./.test(file))
      .map((file) => `${file} ${readFileSync(path.join(folder, `given-${name}-again`, file), 'utf8')}`)
      .join('\n');
    for (const word of ['ANOTHER', 'endpointPublicAccess']) expect(text).not.toContain(word);
    if (redact) for (const word of [node, 'prod', 'vpc-0123456789abcdef0']) expect(text).not.toContain(word);
  });

  it('can be redacted, including answers that only a person could add', async () => {
    const from = path.join(folder, 'plain');
    const node = [...live.nodes.values()].find(({ pools }) => pools.length > 0);
    const eni = [...live.enis.values()].find((one) => one.node === node?.id && one.role === 'primary');
    const address = eni?.addresses.find(({ state }) => state !== 'primary')?.ip ?? '10.0.0.1';
    const answer = { 0: { ENIs: { [eni?.id ?? '']: { ID: eni?.id, AvailableIPv4Cidrs: { [`${address}/32`]: {} } } } } };
    writeFileSync(path.join(from, 'aws-node', `${node?.name ?? ''}.enis.json`), JSON.stringify(answer));
    const assigned = { ipv4: address, metadata: { k8sPodNamespace: 'hunters', k8sPodName: 'hunter2-0' } };
    writeFileSync(
      path.join(from, 'aws-node', `${node?.name ?? ''}.ipam.json`),
      JSON.stringify({ version: 'vpc-cni-ipam/1', allocations: [{ containerID: 'c0ffee', ...assigned }] }),
    );
    const records = await again(from, 'redacted-again', true);
    expect(shape(records)).toEqual(shape(live));
    expect(management(records)).toEqual(management(live));
    expect(records.sources.get('aws-node/enis')?.state).toBe('live');
    const [file = ''] = readdirSync(path.join(folder, 'redacted-again', 'aws-node')).filter((name) =>
      name.endsWith('.enis.json'),
    );
    expect(file).not.toContain(node?.name);
    const text = readFileSync(path.join(folder, 'redacted-again', 'aws-node', file), 'utf8');
    for (const word of [eni?.id, address]) expect(text).not.toContain(word);
    const checkpoint = readdirSync(path.join(folder, 'redacted-again', 'aws-node')).find((name) =>
      name.endsWith('.ipam.json'),
    );
    const given = readFileSync(path.join(folder, 'redacted-again', 'aws-node', checkpoint ?? ''), 'utf8');
    expect(given).toContain('vpc-cni-ipam/1');
    for (const word of [node?.name, address, 'hunter', 'c0ffee']) expect(given).not.toContain(word);
  }, 90_000);

  it('is not possible from a snapshot', async () => {
    await expect(
      capture({ kind: 'snapshot', file: 'x.json' }, { folder, redact: false, seconds: 1, output }),
    ).rejects.toThrow('x.json: a snapshot holds no raw answers to capture');
  });
});
