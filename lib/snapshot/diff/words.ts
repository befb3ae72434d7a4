/**
 * How a difference in each table is told: what a record is called, where it is, whose part it is, and which of its fields are
 * states worth a sentence. Derived numbers that change with every pod (counts, sums) are left out; they follow from the rest.
 */
import { idParts, kindOfId } from '../../model/ids';
import type { EniRecord, InterfaceRecord, NodeRecord, RecordByTable, Table } from '../../model/records';

/** A state of a record in words; equal words mean that nothing changed. */
export type States = Readonly<Record<string, string>>;

export interface Telling<R> {
  /** What it is called in a sentence: `pod shop/web-1`. */
  readonly name: (record: R) => string;
  /** Where it is: a change of this is a move. Null: nowhere, or it cannot move. */
  readonly place: (record: R) => string | null;
  /** Records whose coming or going already tells this one's. */
  readonly partOf: (record: R) => readonly string[];
  readonly states: (record: R) => States;
}

const nothing = (): readonly string[] => [];
const nowhere = (): null => null;
const none = 'none';

const orUnknown = (value: string | number | null): string => (value === null ? 'unknown' : String(value));
const listed = (values: readonly string[]): string => (values.length === 0 ? none : values.join(', '));
const yesNo = (value: boolean | null): string => (value === null ? 'unknown' : value ? 'yes' : 'no');

/** A record id as people say it: `pod:shop/web` → `pod shop/web`, `if:shop/web/net1` → `net1 of pod shop/web`. */
export function sayId(id: string): string {
  const parts = idParts(id);
  switch (kindOfId(id)) {
    case 'node':
      return `node ${parts.join('/')}`;
    case 'pod':
      return `pod ${parts.join('/')}`;
    case 'interface':
      return `interface ${parts[2] ?? '?'} of pod ${parts[0] ?? ''}/${parts[1] ?? ''}`;
    case 'network':
      return id === 'cluster' ? 'the cluster network' : `network ${parts.join('/')}`;
    case 'networkCard':
      return `card ${parts[1] ?? ''} of node ${parts[0] ?? ''}`;
    case 'hostNic':
      return `host NIC ${parts[1] ?? ''} of node ${parts[0] ?? ''}`;
    case 'attachment':
      return `network ${parts[1] ?? ''}/${parts[2] ?? ''} on node ${parts[0] ?? ''}`;
    case 'ipPool':
      return `pool ${parts.join('/')}`;
    default:
      return id;
  }
}

const bareNode = (id: string): string => idParts(id).join('/');

const eniPlace = (eni: EniRecord): string | null => {
  if (eni.trunk !== null) return `trunk ${eni.trunk}`;
  return eni.node === null ? null : `node ${bareNode(eni.node)}`;
};

const link = (record: InterfaceRecord): string =>
  record.eni === null ? 'no known ENI' : `${record.eni}${record.card === null ? '' : ` on card ${record.card}`}`;

/** Each address slot with its state and holder: `10.0.0.22: warm`, so that warm → assigned is told of that very slot. */
const slots = (eni: EniRecord): States =>
  Object.fromEntries(
    eni.addresses.map(({ ip, state, interface: holder }) => [
      `slot ${ip}`,
      holder === null ? state : `${state} to ${sayId(holder)}`,
    ]),
  );

/** What ipamd is about to do with each card's pool, and why it can not; the numbers follow from the slots. */
const pools = (node: NodeRecord): States =>
  Object.fromEntries(
    node.pools.map(({ card, target, next }) => [
      `pool of card ${card}`,
      `${target === null ? 'target unknown' : `target ${target}`}, ${
        next === null
          ? 'next step unknown'
          : `next: ${next.action}${next.blockedBy === null ? '' : `, blocked by ${next.blockedBy}`}`
      }`,
    ]),
  );

export const TELLINGS: { readonly [T in Table]: Telling<RecordByTable[T]> } = {
  sources: {
    name: ({ id }) => `source ${id}`,
    place: nowhere,
    partOf: nothing,
    states: ({ state }) => ({ state }),
  },
  nodes: {
    name: ({ id }) => sayId(id),
    place: ({ zone }) => (zone === null ? null : `zone ${zone}`),
    partOf: nothing,
    states: (node) => ({
      instance: orUnknown(node.instanceId),
      'instance type': orUnknown(node.instanceType),
      'instance state': orUnknown(node.instanceState),
      ready: yesNo(node.ready),
      cordoned: yesNo(node.unschedulable),
      deleted: yesNo(node.gone),
      'max pods': orUnknown(node.maxPods),
      'VPC CNI': orUnknown(node.cni?.version ?? node.ipamd?.version ?? null),
      'address mode': orUnknown(node.cni?.mode ?? null),
      'VPC CNI ready': node.ipamd === null ? none : yesNo(node.ipamd.ready),
      'Multus ready': node.multus === null ? none : yesNo(node.multus.ready),
      ENIConfig: orUnknown(node.eniConfig?.name ?? null),
      'CNINode asks for': orUnknown(
        node.cniNode.features === null ? null : node.cniNode.features.join(', ') || 'nothing',
      ),
      ...pools(node),
    }),
  },
  networkCards: {
    name: ({ id }) => sayId(id),
    place: nowhere,
    partOf: ({ node }) => [node],
    states: ({ managed }) => ({ managed: yesNo(managed) }),
  },
  hostNics: {
    name: ({ id }) => sayId(id),
    place: nowhere,
    partOf: ({ node, eni }) => [node, eni ?? ''],
    states: ({ up, mac, eni }) => ({ up: yesNo(up), MAC: orUnknown(mac), ENI: orUnknown(eni) }),
  },
  enis: {
    name: ({ id, role }) => `${role} ENI ${id}`,
    place: eniPlace,
    partOf: nothing,
    states: (eni) => ({
      management: `${eni.management.state} (${eni.management.rule})`,
      status: orUnknown(eni.status),
      attachment: orUnknown(eni.attachmentStatus),
      'device index': orUnknown(eni.deviceIndex),
      card: orUnknown(eni.card),
      subnet: orUnknown(eni.subnet),
      'security groups': listed(eni.securityGroups),
      prefixes: listed(eni.prefixes.map(({ cidr }) => cidr)),
      ...slots(eni),
    }),
  },
  subnets: {
    name: ({ id, cidr }) => `subnet ${id}${cidr === null ? '' : ` (${cidr})`}`,
    place: nowhere,
    partOf: nothing,
    states: ({ availableAddresses, reservations }) => ({
      'available addresses': orUnknown(availableAddresses),
      reservations: listed(reservations.map((one) => `${one.cidr} ${one.type}`)),
    }),
  },
  networks: {
    name: ({ id }) => sayId(id),
    place: nowhere,
    partOf: nothing,
    states: (network) => ({
      missing: yesNo(network.missing),
      plugins: listed(network.plugins),
      parent: `${network.parent.kind}${network.parent.value === null ? '' : ` ${network.parent.value}`}`,
      mode: orUnknown(network.mode),
      VLAN: orUnknown(network.vlan),
      MTU: orUnknown(network.mtu),
      IPAM: network.ipam === null ? none : `${orUnknown(network.ipam.type)} ${listed(network.ipam.ranges)}`,
      resource: orUnknown(network.resourceName),
      problems: listed(network.problems),
    }),
  },
  attachments: {
    name: ({ id }) => sayId(id),
    place: ({ eni, hostNic }) => eni ?? (hostNic === null ? null : sayId(hostNic)),
    partOf: ({ node, network }) => [node, network],
    states: ({ certainty }) => ({ certainty }),
  },
  ipPools: {
    name: ({ id, range }) => `${sayId(id)} (${range})`,
    place: nowhere,
    partOf: nothing,
    states: ({ used, size }) => ({ used: `${used} of ${orUnknown(size)}` }),
  },
  pods: {
    name: ({ id }) => sayId(id),
    place: ({ node }) => (node === null ? null : `node ${bareNode(node)}`),
    partOf: nothing,
    states: (pod) => ({
      // A pod recreated under its name, as a StatefulSet does, is another pod.
      uid: orUnknown(pod.uid),
      phase: pod.phase,
      'being deleted': yesNo(pod.deleting),
      addresses: listed(pod.ips),
      'requested networks': listed(
        pod.requested.map((one) => `${sayId(one.network)}${one.interface === null ? '' : ` as ${one.interface}`}`),
      ),
      problems: listed(pod.problems),
    }),
  },
  interfaces: {
    name: ({ id }) => sayId(id),
    place: link,
    partOf: ({ pod }) => [pod],
    states: (one) => ({
      state: one.state,
      addresses: listed(one.ips),
      MAC: orUnknown(one.mac),
      network: sayId(one.network),
      certainty: one.link.certainty,
      // An address that an ENI backs is the rule, and told by the address and the ENI.
      'not known to be backed by an ENI': listed(
        one.addresses.filter(({ backed }) => backed !== 'eni').map(({ ip, backed }) => `${ip} (${backed})`),
      ),
    }),
  },
  signals: {
    name: ({ subject, kind }) => `signal ${kind} about ${sayId(subject)}`,
    place: nowhere,
    partOf: ({ subject }) => [subject],
    states: ({ count }) => ({ count: String(count) }),
  },
  findings: {
    name: ({ rule, title }) => `finding ${rule}: ${title}`,
    place: nowhere,
    partOf: nothing,
    states: ({ severity }) => ({ severity }),
  },
};
