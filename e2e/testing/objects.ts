/** Complete, valid objects for tests, as listed by an API server; parts can be replaced. */

type Part = Readonly<Record<string, unknown>>;

interface Parts {
  readonly metadata?: Part;
  readonly spec?: Part;
  readonly status?: Part;
}

export const nodeObject = ({ metadata, spec, status }: Parts = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'node-a',
    uid: 'uid-node-a',
    creationTimestamp: '2026-08-01T08:00:00Z',
    labels: {
      'kubernetes.io/os': 'linux',
      'node.kubernetes.io/instance-type': 'm5.large',
      'topology.kubernetes.io/zone': 'eu-west-1a',
      'example.com/rack': 'r7',
    },
    annotations: { 'k8s.amazonaws.com/eniConfig': 'zone-a', 'example.com/note': 'Not a Name' },
    ...metadata,
  },
  spec: {
    providerID: 'aws:///eu-west-1a/i-0123456789abcdef0',
    taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }, { key: 'x' }],
    ...spec,
  },
  status: {
    addresses: [
      { type: 'InternalIP', address: '10.0.0.5' },
      { type: 'InternalIP', address: 'FD00::5' },
      { type: 'Hostname', address: 'node-a' },
    ],
    capacity: { cpu: '2', pods: '29', 'vpc.amazonaws.com/pod-eni': '9' },
    allocatable: { cpu: '1930m', pods: '29', 'example.com/sriov': '4', 'hugepages-2Mi': '0' },
    conditions: [
      { type: 'MemoryPressure', status: 'False' },
      { type: 'Ready', status: 'True', lastTransitionTime: '2026-08-01T08:01:00Z' },
    ],
    nodeInfo: { osImage: 'Amazon Linux 2023', operatingSystem: 'linux' },
    ...status,
  },
});

export const podObject = ({ metadata, spec, status }: Parts = {}): unknown => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    namespace: 'shop',
    uid: 'uid-web-1',
    creationTimestamp: '2026-09-01T10:00:00Z',
    labels: { app: 'web' },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'web', controller: true }],
    ...metadata,
  },
  spec: {
    nodeName: 'node-a',
    containers: [{ name: 'main', image: 'registry.example.com/web:1', env: [{ name: 'PASSWORD', value: 'secret' }] }],
    ...spec,
  },
  status: {
    phase: 'Running',
    startTime: '2026-09-01T10:00:02Z',
    podIP: '10.0.0.17',
    podIPs: [{ ip: '10.0.0.17' }],
    conditions: [{ type: 'Ready', status: 'True' }],
    ...status,
  },
});

/**
 * Replaces the value at a random place in a JSON value: `choose` picks the keys on the way down, `put` is the new
 * value.
 */
export function replaceAt(value: unknown, choose: (keys: number) => number, put: unknown): unknown {
  if (typeof value !== 'object' || value === null) return put;
  const keys = Object.keys(value);
  const chosen = choose(keys.length + 1);
  const key = keys[chosen];
  if (key === undefined) return put;
  const inner = replaceAt((value as Part)[key], choose, put);
  if (Array.isArray(value)) return value.map((one: unknown, index) => (String(index) === key ? inner : one));
  return { ...value, [key]: inner };
}
