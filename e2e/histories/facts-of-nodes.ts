/** Random nodes and pods: of applications, of aws-node and of Multus. */
import fc from 'fast-check';
import type { FactByKind, PodFact } from '../../lib/model/facts';
import { CLAIMS } from './facts-of-claims';
import { entry, node as nodeFact, pod as podFact, selection } from '../testing/facts';
import {
  clusterScoped,
  IPS,
  IPV6,
  MACS,
  mostly,
  namespace,
  NETWORKS,
  node,
  NODES,
  object,
  oneOf,
  PODS,
  RANGE_IPS,
  someOf,
  POD_ENI,
} from './names';

type Any<K extends keyof FactByKind> = fc.Arbitrary<FactByKind[K]>;

const labels = oneOf<Readonly<Record<string, string>>>({}, { app: 'web' });

export const nodes: Any<'node'> = fc
  .record({
    meta: object(node, clusterScoped),
    instance: oneOf<string | null>('own', 'own', 'i-1', null),
    computeType: mostly('ec2' as const, 'fargate' as const, 'auto' as const),
    instanceType: mostly<string | null>('m5.large', 'p4d.24xlarge', 'm4.large', 'x9.huge', null),
    os: mostly('linux', 'windows'),
    internalIps: someOf(1, ...IPS),
    podCidrs: oneOf<readonly string[]>([], [], ['192.168.1.0/24']),
    hints: oneOf<Readonly<Record<string, string>>>({}, { 'label:k8s.amazonaws.com/eniConfig': 'eu-west-1a' }),
    ready: mostly(true, false, null),
    unschedulable: mostly(false, true),
    maxPods: oneOf(29, 110),
    zone: oneOf('eu-west-1a', 'eu-west-1b'),
    podEni: oneOf<number | null>(null, 9),
    readySince: oneOf('2026-09-01T10:00:00Z', '2026-09-01T11:59:50Z', null),
    networkConditions: mostly<FactByKind['node']['networkConditions']>(
      [],
      [{ type: 'NetworkingReady', reason: 'IPAMDNotReady', message: 'no API server', since: '2026-09-01T11:40:00Z' }],
    ),
  })
  .map(({ meta, instance, podEni, hints, ...more }) =>
    nodeFact(meta.name, {
      ...meta,
      ...more,
      instanceId: instance === 'own' ? `i-${meta.name.slice(1)}` : instance,
      eniConfigHints: hints,
      labels: { 'topology.kubernetes.io/zone': more.zone },
      capacity: podEni === null ? {} : { [POD_ENI]: podEni },
      allocatable: podEni === null ? {} : { [POD_ENI]: podEni },
    }),
  );

const requests = fc
  .array(
    fc.record({
      name: oneOf(...NETWORKS, 'gone'),
      namespace,
      interface: oneOf(null, 'net9'),
      ips: someOf(1, ...RANGE_IPS),
      mac: oneOf(null, ...MACS),
    }),
    { maxLength: 2 },
  )
  .map((list) => list.map((one, index) => selection(one.name, { ...one, index })));

const status = fc.record({
  extra: oneOf(...IPS, ...RANGE_IPS),
  mac: oneOf(null, ...MACS),
  pci: oneOf(null, '0000:00:06.1'),
  cluster: fc.boolean(),
});

/** A pod of an application; `reported` follows its requests, so that requests and interfaces match. */
const workloadPods: Any<'pod'> = fc
  .record({
    meta: object(oneOf(...PODS), namespace),
    node: oneOf<string | null>(...NODES, null),
    phase: mostly('Running', 'Pending', 'Succeeded', 'Failed'),
    failure: mostly<PodFact['failure']>(null, { reason: 'UnexpectedAdmissionError', message: 'no healthy devices' }),
    hostNetwork: mostly(false, true),
    ips: someOf(2, ...IPS, IPV6[0]),
    labels,
    owner: oneOf<PodFact['owner']>(null, { kind: 'ReplicaSet', name: 'web-5f' }, { kind: 'StatefulSet', name: 'web' }),
    requested: requests,
    mentioned: oneOf<readonly string[]>([], [], [], ['default/x']),
    mistyped: oneOf<PodFact['mistyped']>(
      [],
      [],
      [],
      [{ key: 'k8s.v1.cni.cncf.io/network', isLabel: false, meant: 'k8s.v1.cni.cncf.io/networks' }],
    ),
    status: fc.option(status, { nil: null }),
    podEni: oneOf(null, null, null, 'eni-3', 'eni-4'),
    nicConfig: oneOf(null, null, 'multi-nic-attachment'),
    branch: oneOf(0, 0, 1),
    claims: someOf(2, ...CLAIMS),
    ipManager: mostly(false, true),
    podIdentity: mostly(false, true),
    annotation: mostly('valid' as const, 'invalid' as const),
    startedAt: oneOf('2026-09-01T10:00:00Z', '2026-09-01T12:00:05Z', null),
    serviceAccount: oneOf('default', 'web'),
  })
  .map(({ meta, status: of, podEni, branch, annotation, claims, ...more }) =>
    podFact(meta.name, {
      ...meta,
      ...more,
      ready: more.phase === 'Running',
      claims: claims.map((claim, index) => ({ name: `own${index}`, claim, template: null, containers: [] })),
      resources: branch === 0 ? {} : { [POD_ENI]: branch },
      podEni:
        podEni === null ? null : [{ eniId: podEni, mac: null, privateIp: more.ips[0] ?? null, ipv6: null, vlanId: 1 }],
      networksAnnotation:
        more.requested.length === 0
          ? { state: 'absent', error: null }
          : { state: annotation, error: annotation === 'valid' ? null : 'not JSON' },
      statusAnnotation: of === null ? { state: 'absent', error: null } : { state: 'valid', error: null },
      reported:
        of === null
          ? []
          : [
              ...(of.cluster ? [entry('aws-cni', { interface: 'eth0', default: true, ips: more.ips })] : []),
              ...more.requested.map((one, index) =>
                entry(`${one.namespace}/${one.name}`, {
                  index: index + 1,
                  interface: one.interface ?? `net${index + 1}`,
                  ips: [of.extra],
                  mac: of.mac,
                  rawMac: of.mac,
                  device: of.pci === null ? null : { type: 'pci', pciAddress: of.pci, pfPciAddress: null },
                }),
              ),
            ],
    }),
  );

/** A boolean variable of aws-node. */
export const flag = mostly('false', 'true');

/** aws-node's own pod on a node. */
const awsNodePods: Any<'pod'> = fc
  .record({
    on: node,
    uid: oneOf('u1', 'u2'),
    prefix: flag,
    multiNic: flag,
    custom: flag,
    podEni: flag,
    warmIp: oneOf('0', '3', '50'),
    manageUntagged: oneOf('true', 'true', 'false'),
    version: oneOf('v1.23.1', 'v1.21.0', null),
    ready: oneOf(true, false),
    startedAt: oneOf('2026-09-01T10:00:00Z', '2026-09-01T12:00:20Z'),
  })
  .map((one) =>
    podFact(`aws-node-${one.on}`, {
      namespace: 'kube-system',
      uid: one.uid,
      node: one.on,
      hostNetwork: true,
      ready: one.ready,
      startedAt: one.startedAt,
      owner: { kind: 'DaemonSet', name: 'aws-node' },
      awsNode: {
        version: one.version,
        env: {
          ENABLE_PREFIX_DELEGATION: one.prefix,
          ENABLE_MULTI_NIC: one.multiNic,
          AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: one.custom,
          ENABLE_POD_ENI: one.podEni,
          WARM_IP_TARGET: one.warmIp,
          MANAGE_UNTAGGED_ENI: one.manageUntagged,
        },
      },
    }),
  );

const multusPods: Any<'pod'> = fc
  .record({ on: node, ready: oneOf(true, false), uid: oneOf('u1', 'u2') })
  .map(({ on, ready, uid }) =>
    podFact(`multus-${on}`, {
      namespace: 'kube-system',
      uid,
      node: on,
      hostNetwork: true,
      ready,
      owner: { kind: 'DaemonSet', name: 'multus' },
      multus: { version: 'v4.1.4' },
    }),
  );

export const pods: Any<'pod'> = fc.oneof(
  { weight: 6, arbitrary: workloadPods },
  { weight: 3, arbitrary: awsNodePods },
  { weight: 1, arbitrary: multusPods },
);
