/** A capture of a live cluster reads back as that cluster; a redacted one as the same cluster under other names. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSim, type Sim } from '../../sim/sim';
import type { RecordMaps } from '../../model/records';
import { collect } from '../collect';
import type { Output } from '../output';
import { capture } from './capture';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-capture-'));
const output: Output = { out: () => Promise.resolve(), err: () => undefined };
const cluster = { kind: 'context', context: 'here' } as const;
let sim: Sim;
let live: RecordMaps;

beforeAll(async () => {
  sim = await startSim({ scene: 'demo', changesPerSecond: 0 });
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

/** What links say, without any name: must survive any renaming. */
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
  it('reads back as it was', async () => {
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
