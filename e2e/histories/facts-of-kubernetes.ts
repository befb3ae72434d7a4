/** Random facts of all Kubernetes kinds except nodes and pods. */
import fc from 'fast-check';
import type { FactByKind, LabelSelector } from '../../lib/model/facts';
import { EVENT_REASONS } from '../../lib/normalise/kubernetes/event';
import { flag } from './facts-of-nodes';
import {
  clusterScoped,
  ENI_CONFIGS,
  ENIS,
  INSTANCES,
  MACS,
  mostly,
  namespace,
  NETWORKS,
  node,
  object,
  oneOf,
  PODS,
  RANGE_IPS,
  RANGES,
  someOf,
  SUBNETS,
  POD_ENI,
} from './names';

type Any<K extends keyof FactByKind> = fc.Arbitrary<FactByKind[K]>;

const ipam = oneOf<object | null>(
  null,
  { type: 'whereabouts', range: RANGES[0] },
  { type: 'whereabouts', range: RANGES[0], network_name: 'n2' },
  { type: 'whereabouts', range: RANGES[0], node_slice_size: '/28' },
  { type: 'host-local', subnet: '10.0.0.0/28' },
  { type: 'static', addresses: [{ address: '10.0.0.5/24' }] },
);

export const nads: Any<'nad'> = fc
  .record({
    meta: object(oneOf(...NETWORKS), namespace),
    type: mostly('ipvlan', 'macvlan', 'bridge', 'host-device', 'sriov', 'aws-cni', 'ovs'),
    master: mostly<string | undefined>('eth1', 'eth9', undefined),
    ipam,
    broken: mostly(false, true),
    resourceName: oneOf(null, 'intel.com/sriov'),
    writtenFrom: oneOf(null, 'SriovNetwork fast'),
    configAt: oneOf(null, '2026-09-01T09:00:00Z', '2026-09-01T11:30:00Z'),
  })
  .map(({ meta, broken, resourceName, writtenFrom, configAt, ...config }) => ({
    ...meta,
    config: broken ? '{' : JSON.stringify({ cniVersion: '0.3.1', name: meta.name, ...config }),
    resourceName,
    writtenFrom,
    configAt,
    problems: [],
  }));

export const daemonSets: Any<'daemonSet'> = fc
  .record({
    meta: object(oneOf('aws-node', 'multus', 'aws-node-2'), fc.constant('kube-system')),
    version: oneOf('v1.23.1', 'v1.19.0'),
    prefix: flag,
    defaults: fc.boolean(),
    selective: oneOf(false, false, true),
  })
  .map(({ meta, version, prefix, defaults, selective }) => ({
    ...meta,
    awsNode: meta.name === 'multus' ? null : { version, env: { ENABLE_PREFIX_DELEGATION: prefix } },
    selective,
    multus: meta.name === 'multus' ? { version: 'v4.1.4' } : null,
    multusDefaultNetworks: defaults && meta.name === 'multus',
    policyPlugins: null,
  }));

export const eniConfigs: Any<'eniConfig'> = fc
  .record({
    meta: object(oneOf(...ENI_CONFIGS), clusterScoped),
    subnet: oneOf(...SUBNETS, null),
    securityGroups: oneOf<readonly string[] | null>([], ['sg-1'], null),
  })
  .map(({ meta, ...more }) => ({
    ...meta,
    ...more,
    problems: more.subnet === null ? ['spec.subnet is missing'] : [],
  }));

export const cniNodes: Any<'cniNode'> = fc
  .record({
    meta: object(node, clusterScoped),
    instanceId: oneOf<string | null>(...INSTANCES, null),
    trunk: fc.boolean(),
  })
  .map(({ meta, instanceId, trunk }) => ({
    ...meta,
    instanceId,
    features: trunk ? [{ name: 'SecurityGroupsForPods', value: null }] : [],
  }));

const selector = oneOf<LabelSelector>(
  { matchLabels: {}, matchExpressions: [] },
  { matchLabels: { app: 'web' }, matchExpressions: [] },
);

export const securityGroupPolicies: Any<'securityGroupPolicy'> = fc
  .record({
    meta: object(oneOf('p', 'q'), namespace),
    podSelector: fc.option(selector, { nil: null }),
    serviceAccountSelector: fc.option(selector, { nil: null }),
    groupIds: oneOf<readonly string[]>(['sg-1'], []),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more }));

export const networkPolicies: Any<'networkPolicy'> = fc
  .record({ meta: object(oneOf('p', 'q'), namespace), podSelector: selector })
  .map(({ meta, podSelector }) => ({ ...meta, podSelector, policyFor: null }));

export const multiNetworkPolicies: Any<'multiNetworkPolicy'> = fc
  .record({
    meta: object(oneOf('p', 'q'), namespace),
    podSelector: selector,
    policyFor: someOf(2, 'default/x', 'default/y', 'team/x'),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more }));

const podRef = oneOf('default/a', 'default/b', 'team/a', 'default/gone', 'nonsense');

export const whereaboutsPools: Any<'whereaboutsPool'> = fc
  .record({
    meta: object(oneOf('', 'n1-', 'n2-', 'n3-', 'n2-n1-'), oneOf('kube-system', 'kube-system', 'default')),
    range: oneOf(...RANGES),
    allocations: fc.uniqueArray(
      fc.record({ offset: oneOf('7', '9', '200', '300'), podRef, ifname: oneOf('net1', null) }),
      { maxLength: 3, selector: ({ offset }) => offset },
    ),
    problems: oneOf<readonly string[]>([], [], ['1 of its allocations could not be read']),
  })
  .map(({ meta, range, ...more }) => ({
    ...meta,
    ...more,
    name: `${meta.name}${range.replace('/', '-')}`,
    range,
  }));

export const whereaboutsReservations: Any<'whereaboutsReservation'> = fc
  .record({
    meta: object(oneOf('', '', 'n2-'), oneOf('kube-system', 'kube-system', 'default')),
    ip: oneOf(...RANGE_IPS),
    podRef,
    ifname: oneOf('net1', null),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more, name: `${meta.name}${more.ip}` }));

export const nodeSlicePools: Any<'nodeSlicePool'> = fc
  .record({
    meta: object(oneOf('x', 'n2'), oneOf('kube-system', 'default')),
    range: oneOf(RANGES[0], null),
    sliceSize: oneOf('/28', null),
    allocations: fc.array(fc.record({ node, range: oneOf(RANGES[1], '10.9.0.16/28') }), { maxLength: 2 }),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more }));

const hostLinks = fc.array(
  fc.record({
    name: oneOf('eth1', 'eth1a', 'eth1b', 'bond0'),
    altNames: oneOf<readonly string[]>([], ['enp1s0']),
    mac: oneOf(null, ...MACS),
    pciAddress: oneOf(null, '0000:00:06.0'),
    up: oneOf(true, false, null),
    mtu: oneOf(1500, 9000, null),
    over: oneOf<readonly string[]>([], ['eth1']),
    totalVfs: oneOf(null, 2),
    vfs: oneOf<{ pciAddress: string; name: null; mac: null }[]>(
      [],
      [{ pciAddress: '0000:00:06.1', name: null, mac: null }],
    ),
    eni: oneOf(null, 'eni-2'),
    kind: oneOf(null, 'ethernet', 'bond', 'veth'),
  }),
  { maxLength: 2 },
);

/** SR-IOV states are in the operator's namespace; in both API groups, the object has the name of its node. */
export const sriovNodeStates: Any<'sriovNodeState'> = fc
  .record({ meta: object(node, fc.constant('sriov')), links: hostLinks, failure: oneOf(null, 'no such card') })
  .map(({ meta, links, failure }) => ({
    ...meta,
    source: 'SriovNetworkNodeState',
    failure,
    node: meta.name,
    asOf: null,
    links,
  }));

export const nodeNetworkStates: Any<'nodeNetworkState'> = fc
  .record({ meta: object(node, clusterScoped), links: hostLinks, asOf: oneOf(null, '2026-09-01T12:00:00Z') })
  .map(({ meta, links, asOf }) => ({
    ...meta,
    source: 'NodeNetworkState',
    failure: null,
    node: meta.name,
    asOf,
    links,
  }));

export const nodeEnis: Any<'nodeEni'> = fc
  .record({
    meta: object(oneOf('ne1', 'ne2'), clusterScoped),
    attachments: fc.array(
      fc.record({
        node,
        instanceId: oneOf(...INSTANCES, null),
        eni: oneOf(...ENIS),
        deviceIndex: oneOf(1, 2, null),
        subnet: oneOf(...SUBNETS, null),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ meta, attachments }) => ({ ...meta, attachments }));

export const serviceCidrs: Any<'serviceCidr'> = fc
  .record({
    meta: object(oneOf('kubernetes', 'more'), clusterScoped),
    cidrs: oneOf<readonly string[]>(['172.20.0.0/16'], ['172.20.0.0/16', 'fd00:10::/108'], ['10.6.0.0/24']),
  })
  .map(({ meta, cidrs }) => ({ ...meta, cidrs }));

export const workloads: Any<'workload'> = fc
  .record({
    meta: object(oneOf('web', 'web-5f'), namespace),
    kind: oneOf('Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'VirtualMachine'),
    misplaced: oneOf<readonly { readonly key: string; readonly value: string }[]>(
      [],
      [{ key: 'k8s.v1.cni.cncf.io/networks', value: 'x' }],
      [{ key: 'k8s.v1.cni.cncf.io/networks', value: 'y' }],
      [{ key: 'k8s.amazonaws.com/nicConfig', value: 'multi-nic-attachment' }],
    ),
    networks: oneOf<readonly string[]>([], ['default/x'], ['default/x', 'default/y']),
    isRefused: fc.boolean(),
    refusal: oneOf<string | null>(null, null, 'parsePodNetworkAnnotation: failed'),
    mistyped: oneOf<readonly { readonly key: string; readonly isLabel: boolean; readonly meant: string }[]>(
      [],
      [{ key: 'k8s.v1.cni.cncf.io/network', isLabel: false, meant: 'k8s.v1.cni.cncf.io/networks' }],
    ),
  })
  .map(({ meta, ...more }) => ({ ...meta, ...more }));

/** The subjects of events: every kind that controllers record events on, few of which have a record. */
const involved = fc.oneof(
  fc.record({ kind: fc.constant('Pod'), namespace, name: oneOf(...PODS), uid: oneOf('', 'u1', 'u2') }),
  fc.record({ kind: oneOf('Node', 'CNINode'), namespace: clusterScoped, name: node, uid: oneOf('', 'u1') }),
  fc.record({
    kind: oneOf('ENIConfig', 'DaemonSet', 'NetworkAttachmentDefinition', 'Deployment', 'IPPool', ''),
    namespace: oneOf('', 'default'),
    name: oneOf('default', 'x', 'web', 'n1'),
    uid: fc.constant(''),
  }),
);

const MESSAGES = [
  'something failed',
  `0/3 nodes are available: 3 Insufficient ${POD_ENI}.`,
  'failed to find plugin "ipvlan" in path [/opt/cni/bin]',
  'add cmd: failed to assign an IP address to container',
  'cannot find a network-attachment-definition (gone) in namespace (default)',
] as const;

const REASONS = EVENT_REASONS.map(({ reason }) => reason);

export const events: Any<'event'> = fc
  .record({
    name: oneOf('e1', 'e2'),
    reason: oneOf(...REASONS),
    involved,
    message: oneOf(...MESSAGES),
    count: oneOf(1, 5),
    firstAt: oneOf('2026-09-01T11:59:00Z', null),
    lastAt: oneOf('2026-09-01T11:59:30Z', '2026-09-01T12:00:20Z', null),
  })
  .map(({ name, involved: of, ...more }) => ({
    ...more,
    namespace: of.namespace === '' ? 'default' : of.namespace,
    name,
    uid: name,
    createdAt: null,
    deleting: false,
    involved: of,
  }));
