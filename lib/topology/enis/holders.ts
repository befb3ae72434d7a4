/**
 * Who holds the addresses of a node's ENIs, and what ipamd's own figures tell of those that nobody recorded (vpc-cni §3).
 */
import type { EniFact } from '../../model/facts';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { PodRecord } from '../../model/records';
import type { NodeContext } from '../context/context';
import { ipsOf } from '../facts/parts';
import type { Derived } from '../links/interfaces';
import { cardOf, tied } from '../links/link';

/** Who holds an address on which ENI: `eni ip` → interface record id. */
export type Holders = ReadonlyMap<string, string>;

/**
 * Everybody, and those whose address ipamd gave out, with when their pod started (epoch milliseconds): on an ENI that it has adopted a Multus interface may hold an address that
 * ipamd takes for free (vpc-cni §1.2, §2.3).
 */
export function holdersOf(
  { book }: Pick<NodeContext, 'book'>,
  enis: readonly EniFact[],
  derived: readonly Derived[],
): { readonly all: Holders; readonly given: ReadonlyMap<string, number> } {
  const all = new Map<string, string>();
  const given = new Map<string, number>();
  for (const { record, pod } of derived) {
    for (const { eni, ip, backed } of record.addresses) {
      // Of an address that several ENIs list alike nobody can say whose it is, but the pod holds it on one of them.
      const several = eni === null && backed === 'unknown' ? tied(book.find(ip, listing(enis, ip))) : [];
      for (const on of eni === null ? several.map(({ id }) => id) : [eni]) {
        const key = `${on} ${ip}`;
        if (!all.has(key)) all.set(key, record.id);
        if (record.network === CLUSTER_NETWORK || pod.ips.includes(ip)) given.set(key, startOf(pod));
      }
    }
  }
  return { all, given };
}

const listing = (enis: readonly EniFact[], ip: string): readonly string[] =>
  enis.filter((eni) => [...ipsOf(eni)].includes(ip)).map(({ id }) => id);

const startOf = ({ startedAt }: PodRecord): number => (startedAt === null ? -Infinity : Date.parse(startedAt));

/** Cards on which pods hold addresses that nobody recorded (vpc-cni §3), and how many. */
export function unrecordedByCard(derived: readonly Derived[]): ReadonlyMap<number, number> {
  const cards = new Map<number, number>();
  for (const { record } of derived) {
    if (record.state !== 'expected' || record.ips.length > 0 || record.card === null) continue;
    cards.set(record.card, (cards.get(record.card) ?? 0) + 1);
  }
  return cards;
}

/**
 * ipamd's count of assigned addresses by CIDR, for the cards on which pods hold addresses that nobody recorded. A reading
 * tells which ones only if it was made after the last of these pods began and counts as many as there must be; an older one
 * would call warm what a pod has got since.
 */
export function figuresByCard(
  context: NodeContext,
  derived: readonly Derived[],
  given: ReadonlyMap<string, number>,
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
    let told = 0;
    for (const [eni, assigned] of Object.entries(metrics.assignedPerEni)) if (enis.has(eni)) told += assigned;
    let held = 0;
    for (const key of given.keys()) {
      const eni = key.slice(0, key.indexOf(' '));
      if (enis.has(eni) && Object.hasOwn(metrics.assignedPerEni, eni)) held += 1;
    }
    const isNewer = begins.every((at) => at < Date.parse(metrics.readAt));
    if (isNewer && told === held + count) figures.set(card, metrics.assignedPerCidr);
  }
  return figures;
}
