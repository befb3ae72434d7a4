/**
 * Summarises a chunk's records for the head of a keyframe: enough for the geometry and the far zoom levels of the
 * picture.
 */
import { mayAwaitAddress } from '../../model/awaits-address';
import { byCodeUnit } from '../../model/order';
import type { EniRecord, HostNicRecord, NodeRecord, PodRecord } from '../../model/records';
import { boolean, list, nullable, number, numberAmong, object, reshaped, text, word } from '../../model/schema/shape';
import type { ValueOf } from '../../model/schema/shape';
import { RECORDS } from '../../model/schema/tables';
import { ADDRESS_STATES } from '../../model/schema/vocabulary';
import { alike } from '../columns/alike';
import { KIND_FIELDS, placeOnNode } from '../columns/eni-row';
import type { NodeList } from '../columns/nodes';
import type { NodeTables } from '../columns/node-tables';
import { addressCountsOf, singleAddresses } from '../../model/eni-addresses';

const addressCount = object({
  state: word(ADDRESS_STATES),
  family: numberAmong([4, 6]),
  /** Network of the interface that holds them; null if no interface of the node does. */
  network: nullable(text),
  count: number,
});

const outline = reshaped(RECORDS.enis, ['mac', 'attachedAt', 'createdAt', 'description', 'tags', 'addresses'], {
  /** Numbers of addresses, by everything that a bar distinguishes. */
  addressCounts: list(addressCount),
  /** Number of secondary IPv4 addresses outside its prefixes. */
  leftovers: number,
});
/** An ENI with counts instead of addresses and without the fields that only its panel shows. */
export interface EniOutline extends ValueOf<typeof outline> {}

/** On the wire the node is a position, and the instance is left out if it is the node's. */
const row = reshaped(outline, ['node'], { nodeAt: nullable(number), instanceSame: boolean });
type OutlineRow = ValueOf<typeof row>;

/** The fields that ENIs of a kind share, as one text. */
export const OUTLINES_ALIKE = alike(row, ['instanceSame', ...KIND_FIELDS]);

/** The shape of `NodeSums`. */
export const SUMS_ROW = object({
  /** Number of pods, including those on the host network. */
  pods: number,
  /** Number of interfaces by network. */
  networks: list(object({ network: text, count: number })),
  /** Number of interfaces with an address but no ENI, by host NIC. */
  loose: list(object({ hostNic: nullable(text), count: number })),
});
/** Totals of a node. */
export interface NodeSums extends ValueOf<typeof SUMS_ROW> {}

/** Looks up a node's instance id. */
export type InstanceOf = (node: string | null) => string | null;

/** Packs an outline for the wire; `nodes` must contain its node. */
export function packOutline({ node, ...eni }: EniOutline, nodes: NodeList, instanceOf: InstanceOf): OutlineRow {
  const instanceSame = eni.instanceId === instanceOf(node);
  return { ...eni, nodeAt: nodes.placeOf(node), instanceSame, instanceId: instanceSame ? null : eni.instanceId };
}

/** The inverse of `packOutline`. */
export function unpackOutline(row: OutlineRow, nodes: NodeList, instanceOf: InstanceOf): EniOutline {
  const { nodeAt, instanceSame, ...eni } = row;
  const node = nodes.at(nodeAt);
  return { ...eni, node, instanceId: instanceSame ? instanceOf(node) : eni.instanceId };
}

const OUTLINE_FIELDS = outline.fields.map(([name]) => name as keyof EniOutline);

type NetworkOf = (interfaceId: string) => string | null;

function outlineOf(eni: EniRecord, networkOf: NetworkOf): EniOutline {
  const addressCounts = addressCountsOf(eni, networkOf);
  const whole: EniOutline & EniRecord = { ...eni, addressCounts, leftovers: singleAddresses(eni).length };
  return Object.fromEntries(OUTLINE_FIELDS.map((name) => [name, whole[name]])) as unknown as EniOutline;
}

/** A chunk's part of the head. */
export interface ChunkSummary {
  /** By node, card and device. */
  readonly enis: readonly EniOutline[];
  /** By node id. */
  readonly sums: ReadonlyMap<string, NodeSums>;
  readonly pods: readonly PodRecord[];
  readonly hostNics: readonly HostNicRecord[];
}

/** Summarises a chunk. `nodes`: the chunk's nodes by id; empty for records without a node. */
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
      return node !== undefined && (node.gone || mayAwaitAddress(pod));
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
