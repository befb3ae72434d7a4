/** The indexes over facts, by kind. The store updates them and reports their changes. To add an index, add a row here. */
import { objectKey, type FactByKind, type FactKind } from '../../model/facts';
import { ipToBigInt, parseCidr, type Cidr } from '../../model/ip';
import { namesNoCloud } from '../../model/provider-id';
import { addressesOf, ipsOf, isFinished, TRUNK_TAG } from './parts';
import { subjectOf } from './subjects';

interface IndexOf<K extends FactKind> {
  readonly kind: K;
  readonly keysOf: (fact: FactByKind[K], key: string) => Iterable<string>;
}

const NONE: readonly string[] = [];

const index = <K extends FactKind>(kind: K, keysOf: IndexOf<K>['keysOf']): IndexOf<K> => ({ kind, keysOf });

const only = (key: string | null | undefined): readonly string[] => (key == null ? NONE : [key]);

/** The /80 around an IPv6 address: the size of ipamd's prefixes. */
const prefix80 = (ip: string): readonly string[] => (ip.includes(':') ? only(parseCidr(`${ip}/80`)?.text) : NONE);

/** The addresses of a node; taken from a name such as `ip-10-0-1-5.ec2.internal` if its status has none yet. */
function nodeIps({ name, internalIps }: FactByKind['node']): readonly string[] {
  const named = /^ip-(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})(?:\.|$)/.exec(name);
  return internalIps.length > 0 || named === null ? internalIps : [named.slice(1).join('.')];
}

/** The addresses of a node that may be an EC2 instance but that no Kubernetes field identifies. */
export const unidentifiedIps = (node: FactByKind['node']): readonly string[] =>
  node.instanceId === null && node.computeType === 'other' && namesNoCloud(node.providerId) ? nodeIps(node) : NONE;

/** The prefix of ipamd's size (/28, /80) that would contain an address. */
export function prefixAround(ip: string): string | null {
  if (ip.includes(':')) return prefix80(ip)[0] ?? null;
  const dot = ip.lastIndexOf('.') + 1;
  return `${ip.slice(0, dot)}${Number(ip.slice(dot)) & 0xf0}/28`;
}

/** Reservations are indexed by blocks of sizes that are this many bits apart. */
const BLOCK_BITS = 8;

const blockOf = (family: 4 | 6, address: bigint, length: number): string =>
  `${family} ${length} ${address >> BigInt((family === 4 ? 32 : 128) - length)}`;

/** The index key under which the reservations inside a range are found, possibly among others. */
export const blockAround = ({ family, first, prefixLength }: Cidr): string =>
  blockOf(family, first, prefixLength - (prefixLength % BLOCK_BITS));

function* blocksOf(ip: string | null): Iterable<string> {
  const address = ip === null ? null : ipToBigInt(ip);
  if (ip === null || address === null) return;
  const [family, bits] = ip.includes(':') ? [6 as const, 128] : [4 as const, 32];
  for (let length = 0; length <= bits; length += BLOCK_BITS) yield blockOf(family, address, length);
}

/** The indexes over facts: the kind of each, and the keys under which a fact is filed. */
export const INDEXES = {
  podsByNode: index('pod', ({ node }) => only(node)),
  agentsByNode: index('pod', ({ node, awsNode }) => (awsNode === null ? NONE : only(node))),
  multusByNode: index('pod', ({ node, multus }) => (multus === null ? NONE : only(node))),
  branchPodsByNode: index('pod', ({ node, podEni }) => (podEni === null ? NONE : only(node))),
  /** Pods with their own network namespace, by every address that they report. */
  podsByIp: index('pod', addressesOf),
  podsByPrefix80: index('pod', (pod) => addressesOf(pod).flatMap(prefix80)),
  podsByEni: index('pod', ({ podEni }) => podEni?.map(({ eniId }) => eniId) ?? NONE),
  nodesByInstance: index('node', ({ instanceId }) => only(instanceId)),
  /** Fargate nodes by their own address, which is also that of their pod and their ENI. */
  fargateNodesByIp: index('node', (node) => (node.computeType === 'fargate' ? node.internalIps : NONE)),
  /** Nodes that only their address may identify as an instance. */
  unidentifiedByIp: index('node', unidentifiedIps),
  cniNodesByInstance: index('cniNode', ({ instanceId }) => only(instanceId)),
  enisByInstance: index('eni', ({ instanceId }) => only(instanceId)),
  branchesByTrunk: index('eni', ({ tags }) => only(tags[TRUNK_TAG])),
  /** ENIs that EC2 reports attached to no instance, without branches: of an AWS service, of a Fargate pod, or leaked. */
  looseEnisBySubnet: index('eni', ({ instanceId, interfaceType, subnet }) =>
    instanceId === null && interfaceType !== 'branch' ? only(subnet) : NONE,
  ),
  enisByIp: index('eni', ipsOf),
  /** By prefix, as canonical text. */
  enisByPrefix: index('eni', ({ ipv4Prefixes, ipv6Prefixes }) =>
    [...ipv4Prefixes, ...ipv6Prefixes].map((prefix) => parseCidr(prefix)?.text ?? prefix),
  ),
  reservationsBySubnet: index('subnetReservation', ({ subnet }) => [subnet]),
  sriovStatesByNode: index('sriovNodeState', ({ node }) => [node]),
  networkStatesByNode: index('nodeNetworkState', ({ node }) => [node]),
  nodeEnisByNode: index('nodeEni', ({ attachments }) => attachments.map(({ node }) => node)),
  /** By the uid of a pod that the claim is reserved for. */
  claimsByPod: index('resourceClaim', ({ pods }) => pods.map(({ uid }) => uid)),
  /** By driver and pool of the allocated devices. */
  claimsByPool: index('resourceClaim', ({ devices }) => [
    ...new Set(devices.map(({ driver, pool }) => `${driver}/${pool}/`)),
  ]),
  /** All of them, under one key: there are few. */
  deviceTaintRules: index('deviceTaintRule', () => ['']),
  slicesByNode: index('resourceSlice', ({ node }) => only(node)),
  /** By driver and pool. */
  slicesByPool: index('resourceSlice', ({ driver, pool }) => [`${driver}/${pool}/`]),
  networkPoliciesByNamespace: index('networkPolicy', ({ namespace }) => [namespace]),
  multiNetworkPoliciesByNamespace: index('multiNetworkPolicy', ({ namespace }) => [namespace]),
  securityGroupPoliciesByNamespace: index('securityGroupPolicy', ({ namespace }) => [namespace]),
  /** Workloads with a misplaced networks annotation. */
  misplacedByNamespace: index('workload', ({ misplaced, namespace }) => (misplaced.length > 0 ? [namespace] : NONE)),
  /** By the networks in the pod template. */
  workloadsByNetwork: index('workload', ({ networks }) => networks),
  /** Workloads with a fault in the networks that their pods request, under the key of the cluster network. */
  faultyWorkloads: index('workload', ({ refusal, misplaced, mistyped }) =>
    refusal !== null || misplaced.length > 0 || mistyped.length > 0 ? [''] : NONE,
  ),
  /** Live pods that no node has yet, by the networks that they request: no node's pods contribute them. */
  unscheduledByNetwork: index('pod', (pod) =>
    pod.node !== null || pod.hostNetwork || isFinished(pod) ? NONE : pod.requested.map(objectKey),
  ),
  /** By the networks that an invalid annotation may refer to. */
  podsByMentioned: index('pod', ({ mentioned }) => mentioned),
  /** By the record id of the event's subject. */
  eventsBySubject: index('event', (event) => only(subjectOf(event))),
  /** By the namespace and name of the VirtualMachineInstance that the event is about. */
  eventsByMachine: index('event', ({ involved: { kind, namespace, name } }) =>
    kind === 'VirtualMachineInstance' ? [`${namespace}/${name}`] : NONE,
  ),
  /** See `blockAround`. */
  reservationsByBlock: index('whereaboutsReservation', ({ ip }) => blocksOf(ip)),
} as const;

export type IndexName = keyof typeof INDEXES;
/** The kind of fact in an index. */
export type IndexedKind<N extends IndexName> = (typeof INDEXES)[N]['kind'];

type Row = readonly [name: IndexName, keysOf: (fact: never, key: string) => Iterable<string>];

const BY_KIND = new Map<FactKind, readonly Row[]>();
for (const [name, { kind, keysOf }] of Object.entries(INDEXES)) {
  BY_KIND.set(kind, [...(BY_KIND.get(kind) ?? []), [name as IndexName, keysOf]]);
}

/** The indexes over a kind of fact. */
export const indexesOf = (kind: FactKind): readonly Row[] => BY_KIND.get(kind) ?? [];
