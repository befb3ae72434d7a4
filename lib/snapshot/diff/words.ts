/**
 * Defines how changes are described, per table: a record's name and place, the records it belongs to, and which of its
 * fields are described states. Derived numbers that change with every pod (counts, sums) are left out.
 */
import { idParts, kindOfId, nameOf } from '../../model/ids';
import type {
  EniAddress,
  EniRecord,
  InterfaceRecord,
  NodeRecord,
  PodRecord,
  RecordByTable,
  Table,
} from '../../model/records';

/** States of a record in words, by name; equal words mean no change. */
export type States = Readonly<Record<string, string>>;

/** How changes of one table's records are described. */
export interface ChangeWording<R> {
  /** Its name in a sentence: `pod shop/web-1`. */
  readonly name: (record: R) => string;
  /** Its place, null for none; a change of place is a move. Absent: it cannot move. */
  readonly place?: (record: R) => string | null;
  /** The only field that determines the place; for tables whose records a page need not hold. */
  readonly placeField?: keyof R;
  /** Name of the place. If set, getting a first place or losing it is a change, not a move. */
  readonly placeName?: string;
  /** Ids of records whose appearance or removal covers this record's. */
  readonly partOf?: (record: R) => readonly string[];
  /** Each state by name, so that it can be described even if only some fields are known. */
  readonly states: Readonly<Record<string, (record: R) => string>>;
  /**
   * States of several similar parts of the record; null if the record does not contain them, so that nothing is
   * compared.
   */
  readonly several?: (record: R) => States | null;
}

const none = 'none';

const orUnknown = (value: string | number | null): string => (value === null ? 'unknown' : String(value));
const joined = (values: readonly string[]): string => (values.length === 0 ? none : values.join(', '));
const yesNo = (value: boolean | null): string => (value === null ? 'unknown' : value ? 'yes' : 'no');

/** A record id in words: `pod:shop/web` → `pod shop/web`, `if:shop/web/net1` → `net1 of pod shop/web`. */
export function idWords(id: string): string {
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

const eniPlace = (eni: EniRecord): string | null => {
  if (eni.trunk !== null) return `trunk ${eni.trunk}`;
  return eni.node === null ? null : `node ${nameOf(eni.node)}`;
};

const link = (record: InterfaceRecord): string | null =>
  record.eni === null ? null : `${record.eni}${record.card === null ? '' : ` on card ${record.card}`}`;

/** The name of an address slot's state. */
export const slotName = (ip: string): string => `slot ${ip}`;

/** The state and holder of each address slot by its address, so that warm → assigned is reported for that slot. */
export const slotStates = (addresses: readonly Pick<EniAddress, 'ip' | 'state' | 'interface'>[]): States =>
  Object.fromEntries(
    addresses.map(({ ip, state, interface: holder }) => [
      slotName(ip),
      holder === null ? state : `${state} to ${idWords(holder)}`,
    ]),
  );

/** Each label by its name. An empty value is written as `""`. */
const labelStates = (labels: PodRecord['labels']): States | null =>
  labels === null
    ? null
    : Object.fromEntries(Object.entries(labels).map(([name, value]) => [`label ${name}`, value === '' ? '""' : value]));

/** All labels as one state, for a pod whose earlier labels are not known. */
export const labelWords = (labels: Readonly<Record<string, string>>): string =>
  joined(Object.entries(labels).map(([name, value]) => `${name}=${value}`));

const STEPS: Readonly<Record<NonNullable<NodeRecord['pools'][number]['next']>['action'], string>> = {
  none,
  'add-addresses': 'add addresses',
  'add-prefixes': 'add /28 prefixes',
  'attach-eni': 'attach an ENI',
  'release-addresses': 'release addresses',
  'release-prefixes': 'release /28 prefixes',
  'detach-eni': 'detach an ENI',
};

/** ipamd's next action on each card's pool, and what blocks it; the numbers follow from the slots. */
const pools = (node: NodeRecord): States =>
  Object.fromEntries(
    node.pools.flatMap(({ card, target, next }) => [
      [`target of card ${card}`, orUnknown(target)],
      [
        `next step of ipamd on card ${card}`,
        next === null
          ? orUnknown(null)
          : `${STEPS[next.action]}${next.blockedBy === null ? '' : ` (blocked by ${next.blockedBy})`}`,
      ],
    ]),
  );

/** How changes are described, per table. */
export const CHANGE_WORDINGS: { readonly [T in Table]: ChangeWording<RecordByTable[T]> } = {
  sources: {
    name: ({ id }) => `source ${id}`,
    states: { state: ({ state }) => state },
  },
  nodes: {
    name: ({ id }) => idWords(id),
    place: ({ zone }) => (zone === null ? null : `zone ${zone}`),
    states: {
      instance: ({ instanceId }) => orUnknown(instanceId),
      'instance type': ({ instanceType }) => orUnknown(instanceType),
      'instance state': ({ instanceState }) => orUnknown(instanceState),
      ready: ({ ready }) => yesNo(ready),
      cordoned: ({ unschedulable }) => yesNo(unschedulable),
      deleted: ({ gone }) => yesNo(gone),
      'max pods': ({ maxPods }) => orUnknown(maxPods),
      'VPC CNI': ({ cni, ipamd }) => orUnknown(cni?.version ?? ipamd?.version ?? null),
      'address mode': ({ cni }) => orUnknown(cni?.mode ?? null),
      'VPC CNI ready': ({ ipamd }) => (ipamd === null ? none : yesNo(ipamd.ready)),
      'Multus ready': ({ multus }) => (multus === null ? none : yesNo(multus.ready)),
      ENIConfig: ({ eniConfig }) => orUnknown(eniConfig?.name ?? null),
      'CNINode asks for': ({ cniNode: { features } }) =>
        orUnknown(features === null ? null : features.join(', ') || 'nothing'),
    },
    several: pools,
  },
  networkCards: {
    name: ({ id }) => idWords(id),
    partOf: ({ node }) => [node],
    states: { managed: ({ managed }) => yesNo(managed) },
  },
  hostNics: {
    name: ({ id }) => idWords(id),
    partOf: ({ node, eni }) => [node, eni ?? ''],
    states: {
      up: ({ up }) => yesNo(up),
      MTU: ({ mtu }) => orUnknown(mtu),
      MAC: ({ mac }) => orUnknown(mac),
      ENI: ({ eni }) => orUnknown(eni),
    },
  },
  enis: {
    name: ({ id, role }) => `${role} ENI ${id}`,
    place: eniPlace,
    placeField: 'node',
    states: {
      management: ({ management }) => `${management.state} (${management.rule})`,
      status: ({ status }) => orUnknown(status),
      attachment: ({ attachmentStatus }) => orUnknown(attachmentStatus),
      'device index': ({ deviceIndex }) => orUnknown(deviceIndex),
      card: ({ card }) => orUnknown(card),
      subnet: ({ subnet }) => orUnknown(subnet),
      'security groups': ({ securityGroups }) => joined(securityGroups),
      prefixes: ({ prefixes }) => joined(prefixes.map(({ cidr }) => cidr)),
    },
    several: ({ addresses }) => slotStates(addresses),
  },
  subnets: {
    name: ({ id, cidr }) => `subnet ${id}${cidr === null ? '' : ` (${cidr})`}`,
    states: {
      'available addresses': ({ availableAddresses }) => orUnknown(availableAddresses),
      reservations: ({ reservations }) => joined(reservations.map((one) => `${one.cidr} ${one.type}`)),
    },
  },
  networks: {
    name: ({ id }) => idWords(id),
    states: {
      missing: ({ missing }) => yesNo(missing),
      plugins: ({ plugins }) => joined(plugins),
      parent: ({ parent }) => `${parent.kind}${parent.value === null ? '' : ` ${parent.value}`}`,
      mode: ({ mode }) => orUnknown(mode),
      VLAN: ({ vlan }) => orUnknown(vlan),
      MTU: ({ mtu }) => orUnknown(mtu),
      IPAM: ({ ipam }) => (ipam === null ? none : `${orUnknown(ipam.type)} ${joined(ipam.ranges)}`),
      resource: ({ resourceName }) => orUnknown(resourceName),
      problems: ({ problems }) => joined(problems),
    },
  },
  attachments: {
    name: ({ id }) => idWords(id),
    place: ({ eni, hostNic }) => eni ?? (hostNic === null ? null : idWords(hostNic)),
    partOf: ({ node, network }) => [node, network],
    states: { certainty: ({ certainty }) => certainty },
  },
  ipPools: {
    name: ({ id, range }) => `${idWords(id)} (${range})`,
    states: { used: ({ used, size }) => `${used} of ${orUnknown(size)}` },
  },
  pods: {
    name: ({ id }) => idWords(id),
    place: ({ node }) => (node === null ? null : `node ${nameOf(node)}`),
    placeField: 'node',
    placeName: 'place',
    states: {
      // A pod recreated under the same name, as by a StatefulSet, is another pod.
      uid: ({ uid }) => orUnknown(uid),
      phase: ({ phase }) => phase,
      'being deleted': ({ deleting }) => yesNo(deleting),
      addresses: ({ ips }) => joined(ips),
      'requested networks': ({ requested }) =>
        joined(
          requested.map((one) => `${idWords(one.network)}${one.interface === null ? '' : ` as ${one.interface}`}`),
        ),
      problems: ({ problems }) => joined(problems),
    },
    several: ({ labels }) => labelStates(labels),
  },
  interfaces: {
    name: ({ id }) => idWords(id),
    place: link,
    placeField: 'eni',
    placeName: 'ENI',
    partOf: ({ pod }) => [pod],
    states: {
      state: ({ state }) => state,
      addresses: ({ ips }) => joined(ips),
      MAC: ({ mac }) => orUnknown(mac),
      network: ({ network }) => idWords(network),
      certainty: ({ link: { certainty } }) => certainty,
      // An address backed by an ENI is the normal case and needs no text.
      'not known to be backed by an ENI': ({ addresses }) =>
        joined(addresses.filter(({ backed }) => backed !== 'eni').map(({ ip, backed }) => `${ip} (${backed})`)),
    },
  },
  signals: {
    name: ({ subject, kind }) => `event ${kind} about ${idWords(subject)}`,
    partOf: ({ subject }) => [subject],
    states: { count: ({ count }) => String(count) },
  },
  findings: {
    name: ({ rule, title }) => `finding ${rule}: ${title}`,
    states: { severity: ({ severity }) => severity },
  },
};
