/** The holders of the addresses of a node's ENIs, and what ipamd's metrics show of the unrecorded ones (vpc-cni §3). */
import type { EniFact } from '../../model/facts';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import type { NodeContext } from '../context/context';
import { ipsOf } from '../facts/parts';
import type { Derived } from '../links/interfaces';
import { cardOf, tied } from '../links/link';

/** The held addresses of one ENI. */
export interface Held {
  /** By address: the id of the interface record that holds it. */
  readonly by: ReadonlyMap<string, string>;
  /**
   * By address: the pod that ipamd assigned it to. On an ENI that ipamd has adopted, a Multus interface may hold an address
   * that ipamd considers free (vpc-cni §1.2, §2.3).
   */
  readonly assigned: ReadonlyMap<string, PodRecord>;
}

/** An ENI on which no pod holds an address. */
export const NOTHING_HELD: Held = { by: new Map(), assigned: new Map() };

/** The held addresses, by ENI. */
export function holdersOf(
  { book }: Pick<NodeContext, 'book'>,
  enis: readonly EniFact[],
  derived: readonly Derived[],
): ReadonlyMap<string, Held> {
  const held = new Map<string, { readonly by: Map<string, string>; readonly assigned: Map<string, PodRecord> }>();
  for (const { record, pod } of derived) {
    for (const { eni, ip, backed } of record.addresses) {
      // If several ENIs list an address, its owner is unknown; but the pod holds it on one of them.
      const several = eni === null && backed === 'unknown' ? tied(book.find(ip, listing(enis, ip))) : [];
      for (const on of eni === null ? several.map(({ id }) => id) : [eni]) {
        let own = held.get(on);
        if (own === undefined) held.set(on, (own = { by: new Map(), assigned: new Map() }));
        if (!own.by.has(ip)) own.by.set(ip, record.id);
        if (record.network === CLUSTER_NETWORK || pod.ips.includes(ip)) own.assigned.set(ip, pod);
      }
    }
  }
  return held;
}

/** Ids of the ENIs that list an address as a single one. */
const listing = (enis: readonly EniFact[], ip: string): readonly string[] =>
  enis.filter((eni) => [...ipsOf(eni)].includes(ip)).map(({ id }) => id);

/** Whether the pod that ipamd assigned the address to started after a moment, epoch milliseconds. */
export const startedAfter = (pod: PodRecord | undefined, at: number): boolean =>
  pod?.startedAt != null && Date.parse(pod.startedAt) > at;

/** How many unrecorded addresses pods hold (vpc-cni §3), by card. */
export function unrecordedByCard(derived: readonly Derived[]): ReadonlyMap<number, number> {
  const cards = new Map<number, number>();
  for (const { record } of derived) {
    if (record.state !== 'expected' || record.ips.length > 0 || record.card === null) continue;
    cards.set(record.card, (cards.get(record.card) ?? 0) + 1);
  }
  return cards;
}

/**
 * ipamd's count of assigned addresses by CIDR, for the cards on which pods hold unrecorded addresses. A reading identifies
 * them only if it was made after the last of these pods started and its total matches; an older one would show a newly
 * assigned address as warm.
 */
export function figuresByCard(
  context: NodeContext,
  derived: readonly Derived[],
  held: ReadonlyMap<string, Held>,
  unrecorded: ReadonlyMap<number, number>,
): ReadonlyMap<number, Readonly<Record<string, number>>> {
  const metrics = context.facts.get('awsNodeMetrics', context.name);
  const figures = new Map<number, Readonly<Record<string, number>>>();
  if (metrics === undefined) return figures;
  for (const [card, count] of unrecorded) {
    const begins = derived.flatMap(({ record, pod }) =>
      record.state === 'expected' && record.card === card && pod.startedAt !== null ? Date.parse(pod.startedAt) : [],
    );
    const enis = new Set(context.enis.filter((eni) => cardOf(eni) === card).map(({ id }) => id));
    let counted = 0;
    let heldByPods = 0;
    for (const [eni, assigned] of Object.entries(metrics.assignedPerEni)) {
      if (!enis.has(eni)) continue;
      counted += assigned;
      heldByPods += held.get(eni)?.assigned.size ?? 0;
    }
    const isNewer = begins.every((at) => at < Date.parse(metrics.readAt));
    if (isNewer && counted === heldByPods + count) figures.set(card, metrics.assignedPerCidr);
  }
  return figures;
}
