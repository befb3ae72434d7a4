/** Everything from a cluster may be hostile: a wrong type anywhere reads as absent or is rejected, and never causes a crash. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEnis } from './aws-node/enis';
import { normaliseMetrics } from './aws-node/metrics';
import { EC2_CALLS } from './ec2/calls';
import { KINDS } from './kubernetes/kinds';
import { nodeObject, podObject, replaceAt } from '../../e2e/testing/objects';

const RUNS = { seed: 20260901, numRuns: 2000 };
const json = fc.jsonValue({ maxDepth: 4 });

/** Facts are JSON-safe: a round trip does not change them, so they hold no undefined, NaN, Date or cycle. */
const expectJsonSafe = (value: unknown): void => {
  expect(JSON.parse(JSON.stringify(value))).toEqual(value);
};

const kinds = KINDS.filter((row) => row.kind !== 'Event' || row.id.endsWith('FailedScheduling'));

describe('any JSON', () => {
  it.each(kinds.map((row) => [row.id, row] as const))('%s', (_, row) => {
    fc.assert(
      fc.property(json, fc.dictionary(fc.string(), json), (spec, metadata) => {
        row.normalise(spec);
        const keyed = row.normalise({
          metadata: { ...metadata, name: 'x' },
          spec,
          status: spec,
          reason: 'FailedScheduling',
        });
        if (keyed !== null) expectJsonSafe(keyed);
      }),
      { ...RUNS, numRuns: 200 },
    );
  });

  it.each(EC2_CALLS.map((row) => [row.id, row] as const))('%s', (_, row) => {
    fc.assert(
      fc.property(json, (value) => {
        expectJsonSafe(row.normalise(value));
        expectJsonSafe(row.normalise([value, null, { NetworkInterfaceId: 'eni-1', Attachment: value, Groups: value }]));
      }),
      { ...RUNS, numRuns: 500 },
    );
  });

  it('/v1/enis', () => {
    fc.assert(
      fc.property(json, (value) => {
        normaliseEnis(value, 'n', null);
        const fact = normaliseEnis(
          { 0: { ENIs: { 'eni-1': { AvailableIPv4Cidrs: { '10.0.0.0/28': value } } } } },
          'n',
          null,
        );
        expectJsonSafe(fact);
      }),
      RUNS,
    );
  });
});

describe('a valid object with any one value replaced', () => {
  const pod = podObject({
    metadata: {
      name: 'p',
      namespace: 'kube-system',
      labels: { 'k8s-app': 'aws-node', app: 'multus' },
      annotations: {
        'k8s.v1.cni.cncf.io/networks': '[{"name":"a"}]',
        'k8s.v1.cni.cncf.io/network-status': '[{"name":"a","interface":"net1","ips":["10.1.0.1"]}]',
        'vpc.amazonaws.com/pod-eni': '[{"eniId":"eni-1","vlanId":1}]',
      },
      ownerReferences: [{ kind: 'DaemonSet', name: 'aws-node', controller: true }],
    },
    spec: {
      hostNetwork: true,
      nodeName: 'n',
      containers: [{ name: 'aws-node', image: 'x/multus-cni:1', env: [{ name: 'MAX_ENI', value: '3' }] }],
    },
  });
  const row = (id: string): ((object: unknown) => unknown) => {
    const found = KINDS.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no row ${id}`);
    return found.normalise;
  };

  it.each([
    ['kubernetes/pods', pod],
    ['kubernetes/nodes', nodeObject()],
  ])('%s', (id, object) => {
    const normalise = row(id);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 12 }), { minLength: 12, maxLength: 12 }), json, (path, put) => {
        let step = 0;
        const damaged = replaceAt(object, (keys) => (path[step++] ?? 0) % keys, put);
        const keyed = normalise(damaged);
        if (keyed !== null) expectJsonSafe(keyed);
      }),
      RUNS,
    );
  });
});

describe('size', () => {
  it('reads or refuses a megabyte of annotation and ten thousand status entries quickly', () => {
    const entries = JSON.stringify(
      Array.from({ length: 10_000 }, (_, n) => ({ name: 'a', interface: `net${n}`, ips: ['10.0.0.1'] })),
    );
    const normalise = KINDS.find((one) => one.id === 'kubernetes/pods')?.normalise;
    const annotations = {
      'k8s.v1.cni.cncf.io/networks': 'a,'.repeat(1 << 19),
      'k8s.v1.cni.cncf.io/network-status': entries,
      'vpc.amazonaws.com/pod-eni': '['.repeat(1 << 20),
    };
    expect(normalise?.(podObject({ metadata: { name: 'p', annotations } }))).not.toBeNull();
  });

  it('limits the text of metrics that it reads, and the length of a line', () => {
    const long = `awscni_eni_max{x="${'\\'.repeat(1 << 20)}"} 1\n`;
    const series = Array.from({ length: 50_000 }, (_, n) => `awscni_assigned_ip_per_eni{eni="eni-${n}"} 1`).join('\n');
    const fact = normaliseMetrics(`${long}awscni_ip_max 5\n${series}`, 'n', '2026-09-01T12:00:00Z');
    expect(fact?.values).toEqual({ awscni_ip_max: 5 });
    expect(Object.keys(fact?.assignedPerEni ?? {})).toHaveLength(20_000);
    expect(normaliseMetrics(`${'#\n'.repeat(5 << 20)}awscni_ip_max 5`, 'n', '2026-09-01T12:00:00Z')).toBeNull();
  });
});
