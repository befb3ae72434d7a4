/**
 * Facts from protobuf equal facts from JSON: for the objects of simulated clusters, encoded by an independent library
 * from Kubernetes' own `generated.proto`, with and without the empty fields that Go writes.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KINDS, type AnyKindRow } from '../../lib/normalise/kubernetes/kinds';
import { decode } from '../../lib/normalise/protobuf/message';
import { messageOf } from '../../lib/normalise/protobuf/messages';
import { Wire, WireError } from '../../lib/normalise/protobuf/wire';
import { openResource, RESOURCES } from '../../lib/sim/kubernetes/resources';
import { createManualClock } from '../testing/sim/manual-clock';
import { startSim } from '../../lib/sim/sim';
import { randomScene, SCENES } from '../scenes';
import { nodeObject, podObject } from '../testing/objects';
import { encodeObject } from './oracle';

const ROWS = KINDS.filter((row) => messageOf(row) !== null);

const fromProtobuf = (row: AnyKindRow, bytes: Buffer): unknown => {
  const message = messageOf(row);
  return message === null ? null : row.normalise(decode(new Wire(bytes), message));
};

function expectEqualFacts(row: AnyKindRow, object: unknown): void {
  const wanted = row.normalise(object);
  for (const zeros of [false, true]) {
    expect(fromProtobuf(row, encodeObject(row.group, row.kind, object, zeros)), row.id).toEqual(wanted);
  }
}

describe('facts from protobuf equal those from JSON', () => {
  const scenes = [...SCENES.filter(({ name }) => name !== 'size'), ...[1, 2, 3, 4, 5, 6].map(() => randomScene())];

  it.each(scenes.map((scene, index) => [scene.name, index + 1, scene] as const))('%s %i', async (_, seed, scene) => {
    const sim = await startSim({ scene, seed, clock: createManualClock() });
    let compared = 0;
    try {
      sim.step(20);
      for (const row of ROWS) {
        const resource = RESOURCES.find((one) => one.group === row.group && one.resource === row.resource);
        const view = resource === undefined ? null : openResource(sim.state, resource, seed % 2 === 0);
        for (const entry of view?.sorted() ?? []) {
          if (view !== null) expectEqualFacts(row, view.render(entry));
          compared++;
        }
      }
    } finally {
      await sim.stop();
    }
    expect(compared).toBeGreaterThan(10);
  });

  it('covers every kind that the API server encodes in protobuf', () => {
    const builtIn = KINDS.filter(({ group }) => ['', 'apps', 'batch', 'networking.k8s.io'].includes(group));
    expect(ROWS).toEqual(builtIn);
  });
});

/** Objects with every field that a normaliser reads, with values that are easily lost. */
const metadata = {
  name: 'x',
  namespace: 'kube-system',
  uid: 'u',
  resourceVersion: '7',
  creationTimestamp: '2026-09-01T12:00:00Z',
  deletionTimestamp: '2026-09-02T23:59:59Z',
  labels: { 'k8s-app': 'aws-node', empty: '', höchst: 'ü漢😀', __proto__x: 'y', long: 'x'.repeat(63) },
  annotations: {
    'k8s.v1.cni.cncf.io/networks': '[{"name":"a"}]',
    'k8s.v1.cni.cncf.io/network-status': '[{"name":"a","interface":"net1","ips":["10.1.0.1"]}]',
    'vpc.amazonaws.com/pod-eni': '[{"eniId":"eni-1","vlanId":1}]',
    empty: '',
  },
  ownerReferences: [
    { apiVersion: 'v1', kind: 'A', name: 'a', uid: '1' },
    { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'aws-node', uid: '2', controller: true },
  ],
};
const containers = [
  {
    name: 'aws-node',
    image: 'amazon-k8s-cni:v1.20.1',
    command: ['', '--default-networks'],
    env: [
      { name: 'MAX_ENI', value: '3' },
      { name: 'WARM_ENI_TARGET' },
      { name: 'CLUSTER_NAME', value: 'x' },
      { name: 'CLUSTER_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      {
        name: 'WARM_IP_TARGET',
        valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: "metadata.annotations['empty']" } },
      },
      { name: 'MINIMUM_IP_TARGET', valueFrom: { configMapKeyRef: { name: 'a', key: 'b', optional: true } } },
      { name: 'WARM_PREFIX_TARGET', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } },
      { name: 'VPC_ID', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
    ],
    envFrom: [
      { prefix: 'ENABLE_', configMapRef: { name: 'x' } },
      { secretRef: { name: 'y' }, prefix: 'POD_' },
    ],
    resources: { requests: { cpu: '100m', 'vpc.amazonaws.com/pod-eni': '1' }, limits: { 'a.b/c': '2k' } },
  },
  { name: 'multus', image: 'x/multus-cni:v4', args: ['--multus-default-networks=a'] },
];
const podSpec = {
  volumes: [{ name: 'data' }, { name: 'eks-pod-identity-token' }],
  containers,
  initContainers: [
    { name: 'aws-ip-mgmt', image: 'x', restartPolicy: 'Always', resources: { limits: { 'a.b/c': '3' } } },
  ],
  nodeName: 'n',
  nodeSelector: { 'io.cilium/aws-node-enabled': 'true' },
  hostNetwork: true,
  serviceAccountName: 'sa',
};
const template = {
  metadata: { labels: { 'k8s-app': 'aws-node' }, annotations: { 'k8s.v1.cni.cncf.io/networks': 'a' } },
};
const event = {
  metadata,
  involvedObject: { kind: 'Pod', namespace: 'a', name: 'b', uid: 'c' },
  message: '0/3 nodes are available: 3 Insufficient vpc.amazonaws.com/pod-eni.',
  source: { component: 'vpc-resource-controller' },
  firstTimestamp: '2026-09-01T12:00:00Z',
  lastTimestamp: '2026-09-01T12:00:01Z',
  count: 4,
};

const unready = {
  metadata: { name: 'aws-node-1', namespace: 'kube-system', labels: { 'k8s-app': 'aws-node' } },
  spec: { containers: [{ name: 'aws-node', image: 'x:v1.20.0' }] },
  status: {
    conditions: [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: 'False' },
    ],
    containerStatuses: [
      {
        name: 'aws-node',
        ready: false,
        restartCount: 9,
        image: 'x',
        imageID: '',
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      },
    ],
    initContainerStatuses: [
      { name: 'first', ready: true, restartCount: 0, image: 'x', imageID: '', state: { running: {} } },
    ],
  },
};

describe('values that are easily lost', () => {
  const cases: readonly (readonly [kind: string, object: unknown])[] = [
    ['Pod', podObject()],
    ['Pod', { metadata, spec: podSpec, status: { phase: 'Running', podIP: '10.0.0.1' } }],
    [
      'Pod',
      {
        metadata: { ...metadata, deletionTimestamp: null, creationTimestamp: '1970-01-01T00:00:00Z' },
        status: {
          podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
          startTime: '1969-12-31T23:59:59Z',
          conditions: [{ type: 'Ready', status: 'True' }],
        },
      },
    ],
    ['Pod', unready],
    [
      'Pod',
      {
        metadata,
        spec: podSpec,
        status: {
          phase: 'Pending',
          conditions: [
            { type: 'PodReadyToStartContainers', status: 'False', message: 'no pod sandbox exists' },
            { type: 'Ready', status: 'False', message: 'containers with unready status: [main]' },
          ],
        },
      },
    ],
    ['Node', nodeObject()],
    ['Node', { metadata: { name: 'n', annotations: { a: 'b' } }, spec: { unschedulable: true }, status: {} }],
    ['DaemonSet', { metadata, spec: { template: { ...template, spec: podSpec } } }],
    ['Deployment', { metadata, spec: { template: { ...template, spec: podSpec } } }],
    ['StatefulSet', { metadata, spec: { template: { metadata: { labels: {} }, spec: podSpec } } }],
    ['Job', { metadata, spec: { template: { ...template, spec: podSpec } } }],
    [
      'Job',
      {
        metadata,
        spec: { template },
        status: { conditions: [{ type: 'Complete', status: 'True', lastProbeTime: '2026-09-01T12:00:00Z' }] },
      },
    ],
    ['CronJob', { metadata, spec: { jobTemplate: { metadata, spec: { template } } } }],
    ['NetworkPolicy', { metadata, spec: { podSelector: {} } }],
    [
      'NetworkPolicy',
      {
        metadata,
        spec: {
          podSelector: {
            matchLabels: { a: '', b: 'c' },
            matchExpressions: [
              { key: 'k', operator: 'In', values: ['', 'v'] },
              { key: 'k', operator: 'Exists' },
            ],
          },
        },
      },
    ],
    ['Event', event],
    [
      'Event',
      {
        ...event,
        count: undefined,
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: '2026-09-01T12:00:00.000000Z',
        series: { count: 2, lastObservedTime: '2026-09-01T12:00:05.123456Z' },
        source: {},
        reportingComponent: 'other',
      },
    ],
  ];
  it.each(cases)('%s %#', (kind, object) => {
    const rows = ROWS.filter((row) => row.kind === kind);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const reason = row.fieldSelector?.slice('reason='.length);
      expectEqualFacts(row, reason === undefined ? object : { ...(object as object), reason });
    }
  });

  it('keeps a key like __proto__ as a key', () => {
    const labels = JSON.parse('{"__proto__":"x","constructor":"y"}') as object;
    const bytes = Buffer.from('0a130a01785a0e0a095f5f70726f746f5f5f120178', 'hex');
    const pod = ROWS.find((row) => row.kind === 'Pod');
    if (pod === undefined) throw new Error('no pods');
    const object = decode(new Wire(bytes), messageOf(pod) ?? { fields: [] }) as { metadata: { labels: object } };
    expect(Object.entries(object.metadata.labels)).toEqual(Object.entries(labels).slice(0, 1));
  });
});

describe('corrupt bytes', () => {
  const pod = ROWS.find((row) => row.kind === 'Pod');
  if (pod === undefined) throw new Error('no pods');
  const bytes = encodeObject('', 'Pod', { metadata, spec: podSpec, status: { podIP: '10.0.0.1' } }, true);

  it('produce a WireError or a fact, never anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(bytes.length),
        (spoilt, length) => {
          const broken = Buffer.from(bytes.subarray(0, length));
          for (const [at, value] of spoilt) if (at < broken.length) broken[at] = value;
          try {
            fromProtobuf(pod, broken);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
          }
        },
      ),
      { seed: 20261128, numRuns: 5000 },
    );
  });

  it.each([
    ['a length beyond the end', '0a05'],
    ['a length of 2⁶³', '0affffffffffffffff7f'],
    ['an unterminated varint', '0affffffffffffffffffffff'],
    ['a group', '0b'],
    ['half a fixed64', '0900'],
  ])('%s is rejected', (_, hex) => {
    expect(() => fromProtobuf(pod, Buffer.from(hex, 'hex'))).toThrow(WireError);
  });
});
