/** Seeded random clusters and random histories of them, for the properties of the engine. */
import fc from 'fast-check';
import type { Batch, Observation } from '../../lib/model/observation';
import { TABLES, type RecordMaps } from '../../lib/model/records';
import {
  allLive,
  AT,
  awsNode,
  batch,
  daemonSet,
  entry,
  eni,
  instance,
  nad,
  node,
  pod,
  selection,
  status,
  subnet,
  upsert,
} from './facts';

export const RUNS = { numRuns: 200, seed: 20260901 };

/** The records without ages, as plain data in a fixed order. */
export function content(records: RecordMaps): unknown {
  return Object.fromEntries(
    TABLES.map((table) => [
      table,
      [...records[table].values()]
        .map((record) => (table === 'sources' ? { ...record, asOf: null } : record))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    ]),
  );
}

const instanceOf = (i: number): string => `i-${String(i).padStart(17, '0')}`;
const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const anyIp = fc.integer({ min: 1, max: 40 }).map((host) => `10.0.0.${host}`);
const anyNode = oneOf('n0', 'n1', 'n2');
const anyInstance = oneOf(instanceOf(0), instanceOf(1), instanceOf(2), instanceOf(9), null);

export const anyPod = fc
  .record({
    name: oneOf('a', 'b', 'c', 'd'),
    uid: oneOf('u1', 'u2'),
    node: oneOf('n0', 'n1', 'n2', 'n3', null),
    phase: oneOf('Running', 'Running', 'Pending', 'Succeeded'),
    ips: fc.uniqueArray(anyIp, { maxLength: 2 }),
    hostNetwork: oneOf(false, false, false, true),
    nets: fc.array(oneOf('x', 'y', 'gone'), { maxLength: 2 }),
    reported: fc.boolean(),
    extraIp: anyIp,
    mac: oneOf('06:00:00:00:00:01', '06:00:00:00:00:02', null),
    podEni: oneOf(null, null, 'eni-3'),
    nicConfig: oneOf(null, 'multi-nic-attachment'),
  })
  .map((p) =>
    upsert(
      'pod',
      pod(p.name, {
        uid: p.uid,
        node: p.node,
        phase: p.phase,
        ips: p.ips,
        hostNetwork: p.hostNetwork,
        nicConfig: p.nicConfig,
        podEni:
          p.podEni === null
            ? null
            : [{ eniId: p.podEni, mac: null, privateIp: p.ips[0] ?? null, ipv6: null, vlanId: 1 }],
        requested: p.nets.map((name, index) => selection(name, { index })),
        reported: p.reported
          ? [
              entry('aws-cni', { interface: 'dummy0', default: true, ips: p.ips }),
              ...p.nets.map((name, index) =>
                entry(`default/${name}`, {
                  index: index + 1,
                  interface: `net${index + 1}`,
                  ips: [p.extraIp],
                  mac: p.mac,
                }),
              ),
            ]
          : [],
      }),
    ),
  );

const anyEni = fc
  .record({
    id: oneOf('eni-0', 'eni-1', 'eni-2', 'eni-3', 'eni-4'),
    instanceId: anyInstance,
    deviceIndex: oneOf(0, 1, 2),
    card: oneOf(0, 0, 1),
    type: oneOf('interface', 'interface', 'trunk', 'branch', 'efa-only'),
    ips: fc.uniqueArray(anyIp, { maxLength: 6 }),
    prefix: oneOf(null, '10.0.0.16/28'),
    noManage: oneOf(undefined, 'true', 'false'),
    trunk: oneOf(undefined, 'eni-1'),
    subnet: oneOf('subnet-1', 'subnet-2'),
    mac: oneOf('06:00:00:00:00:01', '06:00:00:00:00:02', null),
  })
  .map((e) => {
    const tags: Record<string, string> = {};
    if (e.noManage !== undefined) tags['node.k8s.amazonaws.com/no_manage'] = e.noManage;
    if (e.trunk !== undefined && e.type === 'branch') tags['vpcresources.k8s.aws/trunk-eni-id'] = e.trunk;
    return upsert(
      'eni',
      eni(e.id, {
        instanceId: e.type === 'branch' ? null : e.instanceId,
        deviceIndex: e.deviceIndex,
        networkCardIndex: e.card,
        interfaceType: e.type,
        status: e.instanceId === null ? 'available' : 'in-use',
        primaryIp: e.ips[0] ?? null,
        secondaryIps: e.ips.slice(1),
        ipv4Prefixes: e.prefix === null ? [] : [e.prefix],
        subnet: e.subnet,
        mac: e.mac,
        tags,
      }),
    );
  });

const anyNodeFact = fc
  .record({
    name: anyNode,
    instance: oneOf(instanceOf(0), instanceOf(1), instanceOf(2)),
    computeType: oneOf('ec2' as const, 'ec2' as const, 'fargate' as const, 'hybrid' as const),
    type: oneOf('m5.large', 'p4d.24xlarge', 'm4.large'),
    maxPods: oneOf(5, 29),
  })
  .map((n) =>
    upsert(
      'node',
      node(n.name, { instanceId: n.instance, computeType: n.computeType, instanceType: n.type, maxPods: n.maxPods }),
    ),
  );

const anyAgent = fc
  .record({ on: anyNode, prefix: fc.boolean(), multi: fc.boolean(), custom: fc.boolean(), warmIp: oneOf('0', '3') })
  .map((a) =>
    upsert(
      'pod',
      awsNode(
        {
          ENABLE_PREFIX_DELEGATION: String(a.prefix),
          ENABLE_MULTI_NIC: String(a.multi),
          AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: String(a.custom),
          WARM_IP_TARGET: a.warmIp,
        },
        a.on,
      ),
    ),
  );

const anyNad = fc
  .record({ name: oneOf('x', 'y'), type: oneOf('ipvlan', 'bridge', 'macvlan'), master: oneOf('eth1', undefined) })
  .map((n) =>
    upsert('nad', nad(n.name, { cniVersion: '0.3.1', type: n.type, ...(n.master ? { master: n.master } : {}) })),
  );

const anySubnet = fc
  .record({
    id: oneOf('subnet-1', 'subnet-2', 'subnet-3'),
    free: oneOf(0, 1, 3, 20, 200),
    // Seldom: other tags make every node worth deriving again, which would hide that its free addresses do not.
    excluded: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  })
  .map(({ id, free, excluded }) =>
    upsert(
      'subnet',
      subnet(id, {
        availableAddresses: free,
        cidr: id === 'subnet-2' ? '10.0.0.0/27' : '10.0.0.0/24',
        // No ENI is in the third: nodes ask it for a new one all the same.
        tags: excluded || id === 'subnet-3' ? { 'kubernetes.io/role/cni': excluded ? '0' : '1' } : {},
      }),
    ),
  );

const anyPolicy = fc.record({ app: oneOf('web', 'db') }).map(({ app }) =>
  upsert('networkPolicy', {
    namespace: 'default',
    name: `policy-${app}`,
    uid: app,
    createdAt: null,
    deleting: false,
    podSelector: { matchLabels: {}, matchExpressions: [] },
    policyFor: null,
  }),
);

const anyCniNode = fc.record({ name: oneOf('n0', 'n3'), instanceId: anyInstance }).map((c) =>
  upsert('cniNode', {
    namespace: '',
    name: c.name,
    uid: c.name,
    createdAt: null,
    deleting: false,
    features: [],
    instanceId: c.instanceId,
  }),
);

const anyEvent = fc.record({ name: oneOf('e1', 'e2'), pod: oneOf('a', 'b'), uid: oneOf('', 'u1') }).map((e) =>
  upsert('event', {
    namespace: 'default',
    name: e.name,
    uid: e.name,
    createdAt: null,
    deleting: false,
    reason: 'FailedCreatePodSandBox',
    involved: { kind: 'Pod', namespace: 'default', name: e.pod, uid: e.uid },
    message: e.name,
    count: 1,
    firstAt: null,
    lastAt: null,
  }),
);

const anyOther = oneOf<Observation>(
  upsert('daemonSet', daemonSet('aws-node', { awsNode: { version: 'v1.20.0', env: {} } })),
  upsert('daemonSet', daemonSet('multus', { multus: { version: 'v4.1.4' } })),
  upsert('instance', instance(instanceOf(0), { instanceType: 'm5.xlarge' })),
  upsert('whereaboutsPool', {
    namespace: 'kube-system',
    name: '10.0.0.0-24',
    uid: 'p',
    createdAt: null,
    deleting: false,
    range: '10.0.0.0/24',
    allocations: [
      { offset: '7', podRef: 'default/a', ifname: 'net1' },
      { offset: '9', podRef: 'default/b', ifname: null },
    ],
    problems: [],
  }),
);

export const anyUpsert: fc.Arbitrary<Observation> = fc.oneof(
  { weight: 6, arbitrary: anyPod },
  { weight: 6, arbitrary: anyEni },
  { weight: 3, arbitrary: anyNodeFact },
  { weight: 2, arbitrary: anyAgent },
  { weight: 2, arbitrary: anyNad },
  { weight: 2, arbitrary: anySubnet },
  anyPolicy,
  anyCniNode,
  anyEvent,
  anyOther,
);

/** Upserts, some of them turned into removals of whatever stands under that key. */
const anyObservation = fc.tuple(anyUpsert, fc.integer({ min: 0, max: 4 })).map(([observation, turn]): Observation => {
  if (turn > 0 || observation.op !== 'upsert') return observation;
  return { op: 'remove', kind: observation.kind, scope: observation.scope, key: observation.key, uid: null };
});

export const anyHistory = fc.array(fc.array(anyObservation, { minLength: 1, maxLength: 5 }), {
  minLength: 1,
  maxLength: 12,
});

/** Batches a second apart; each ends with EC2's answer as of then, so that nothing is left unsettled. */
export const batchesOf = (history: readonly (readonly Observation[])[]): readonly Batch[] => [
  batch(allLive()),
  ...history.map((observations, i) =>
    batch([...observations, status('ec2/network-interfaces', 'live', AT + (i + 1) * 1000)], AT + (i + 1) * 1000),
  ),
];
