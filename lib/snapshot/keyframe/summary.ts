/** What the head of a keyframe says of a chunk's records: enough for the far levels of the picture, and its geometry. */
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { EniRecord, HostNicRecord, NodeRecord, PodRecord } from '../../model/records';
import { boolean, list, nullable, number, numberAmong, object, reshaped, text, word } from '../../model/schema/shape';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import { ADDRESS_STATES } from '../../model/schema/vocabulary';
import { alike } from '../columns/alike';
import type { NodeList } from '../columns/nodes';
import { placeOnNode } from '../columns/node-tables';
import type { NodeTables } from '../columns/node-tables';

const addressCount = object({
  state: word(ADDRESS_STATES),
  family: numberAmong([4, 6]),
  /** Of the interface that holds them; null where none of the node's does. */
  network: nullable(text),
  count: number,
});

const outline = reshaped(RECORDS.enis, ['mac', 'attachedAt', 'createdAt', 'description', 'tags', 'addresses'], {
  /** How many addresses there are, by all that a bar tells apart. */
  addressCounts: list(addressCount),
  /** Secondary IPv4 addresses that lie in none of its prefixes. */
  leftovers: number,
});
/** An ENI with counts instead of addresses, and without what differs from ENI to ENI and only its panel shows. */
export interface EniOutline extends ValueOf<typeof outline> {}

/** On the wire the node is a place, and the instance is left out where it is the node's. */
const row = reshaped(outline, ['node'], { nodeAt: nullable(number), instanceSame: boolean });
type OutlineRow = ValueOf<typeof row>;

/** What the ENIs of a kind have in common is one text. */
export const OUTLINES_ALIKE = alike(row, [
  'instanceSame',
  'card',
  'deviceIndex',
  'interfaceType',
  'role',
  'hostDevice',
  'management',
  'creator',
  'status',
  'attachmentStatus',
  'deleteOnTermination',
  'sourceDestCheck',
  'vpc',
  'zone',
  'subnet',
  'securityGroups',
  'capacity',
  'addressCapacity',
]);

export const SUMS_ROW = object({
  /** Pods of the node, those on the host network included. */
  pods: number,
  /** Interfaces of the node, by network. */
  networks: list(object({ network: text, count: number })),
  /** Interfaces with an address that are on no ENI, by host NIC. */
  loose: list(object({ hostNic: nullable(text), count: number })),
});
/** What a node has in its chunk. */
export interface NodeSums extends ValueOf<typeof SUMS_ROW> {}

/** Answers with a node's instance id. */
type InstanceOf = (node: string | null) => string | null;

export function packOutline({ node, ...eni }: EniOutline, nodes: NodeList, instanceOf: InstanceOf): OutlineRow {
  const instanceSame = eni.instanceId === instanceOf(node);
  return { ...eni, nodeAt: nodes.placeOf(node), instanceSame, instanceId: instanceSame ? null : eni.instanceId };
}

export function unpackOutline(row: OutlineRow, nodes: NodeList, instanceOf: InstanceOf): EniOutline {
  const { nodeAt, instanceSame, ...eni } = row;
  const node = nodes.at(nodeAt);
  return { ...eni, node, instanceId: instanceSame ? instanceOf(node) : eni.instanceId };
}

const OUTLINE_FIELDS = outline.fields.map(([name]) => name as keyof EniOutline);

type NetworkOf = (interfaceId: string) => string | null;

function outlineOf(eni: EniRecord, networkOf: NetworkOf): EniOutline {
  const counts = new Map<
    string,
    { -readonly [F in keyof ValueOf<typeof addressCount>]: ValueOf<typeof addressCount>[F] }
  >();
  const ranges = eni.prefixes.map(({ cidr }) => parseCidr(cidr)).filter((range) => range?.family === 4);
  let leftovers = 0;
  for (const { ip, state, interface: holder } of eni.addresses) {
    const family = familyOf(ip);
    const network = holder === null ? null : networkOf(holder);
    const key = `${state} ${family} ${network ?? ''}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { state, family, network, count: 1 });
    else known.count++;
    if (family === 4 && state !== 'primary' && !ranges.some((range) => range !== null && cidrContains(range, ip)))
      leftovers++;
  }
  const whole: EniOutline & EniRecord = { ...eni, addressCounts: [...counts.values()], leftovers };
  return Object.fromEntries(OUTLINE_FIELDS.map((name) => [name, whole[name]])) as unknown as EniOutline;
}

/** What the head says of a chunk. */
export interface ChunkSummary {
  /** By node, card and device. */
  readonly enis: readonly EniOutline[];
  /** By node id. */
  readonly sums: ReadonlyMap<string, NodeSums>;
  readonly pods: readonly PodRecord[];
  readonly hostNics: readonly HostNicRecord[];
}

/** Without an address on its node, so that it may stand in the box of those that wait. */
const mayWait = (pod: PodRecord): boolean =>
  !pod.hostNetwork && pod.ips.length === 0 && !pod.deleting && pod.phase === 'Pending';

/** `nodes`: those of the chunk, by id; none for the records without a node. */
export function summarise(tables: NodeTables, nodes: ReadonlyMap<string, NodeRecord>): ChunkSummary {
  const networks = new Map(tables.interfaces.map(({ id, network }) => [id, network]));
  const withEnis = new Set(tables.enis.map(({ node }) => node));
  return {
    enis: tables.enis
      .toSorted(
        (a, b) => byCodeUnit(a.node ?? '', b.node ?? '') || placeOnNode(a) - placeOnNode(b) || byCodeUnit(a.id, b.id),
      )
      .map((eni) => outlineOf(eni, (id) => networks.get(id) ?? null)),
    sums: sumsOf(tables, nodes.keys()),
    pods: tables.pods.filter((pod) => {
      const node = pod.node === null ? undefined : nodes.get(pod.node);
      return node !== undefined && (node.gone || mayWait(pod));
    }),
    hostNics: tables.hostNics.filter((nic) => nodes.has(nic.node) && (nic.vfs !== null || !withEnis.has(nic.node))),
  };
}

type Counts = Map<string | null, number>;

const countOne = (counts: Counts, key: string | null): Counts => counts.set(key, (counts.get(key) ?? 0) + 1);

function sumsOf(
  { pods, interfaces }: Pick<NodeTables, 'pods' | 'interfaces'>,
  nodes: Iterable<string>,
): ReadonlyMap<string, NodeSums> {
  const sums = new Map<string, { pods: number; readonly networks: Counts; readonly loose: Counts }>();
  for (const id of nodes) sums.set(id, { pods: 0, networks: new Map(), loose: new Map() });
  for (const { node } of pods) {
    const sum = sums.get(node ?? '');
    if (sum !== undefined) sum.pods++;
  }
  for (const one of interfaces) {
    const sum = sums.get(one.node ?? '');
    if (sum === undefined) continue;
    countOne(sum.networks, one.network);
    if (one.eni === null && one.ips.length > 0) countOne(sum.loose, one.hostNic);
  }
  return new Map(
    [...sums].map(([id, { pods: count, networks, loose }]) => [
      id,
      {
        pods: count,
        networks: [...networks].map(([network, of]) => ({ network: network ?? '', count: of })),
        loose: [...loose].map(([hostNic, of]) => ({ hostNic, count: of })),
      },
    ]),
  );
}
