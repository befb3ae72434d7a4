/**
 * Assigns colours to networks. The colour follows from the names of the networks alone, not from their number of
 * interfaces or their order of arrival, so that everybody sees the same colours on every load, in the page and in every
 * export.
 *
 * Each pair of a network and a colour has a fixed score (a hash of both). The best pair is taken, then the best of the
 * remaining networks and colours, until either runs out (rendezvous hashing). No two networks share a colour; beyond
 * seven networks, those with the lowest scores have none.
 *
 * The drawback: colours that depend only on the present set cannot all stay when the set changes. A network that
 * appears or disappears recolours on average 0.1 others among two networks, 0.4 among four and 0.8 among six. A page
 * that kept its colours instead would differ from the same page after a reload. To fix colours, users choose them; the
 * choice is in the URL.
 */
import { CLUSTER_NETWORK } from '../model/ids';
import { byCodeUnit } from '../model/order';
import type { ViewSource } from './view-source';

/** Network id → index of its colour in the palette. A network without an entry has no colour of its own. */
export type NetworkRanks = ReadonlyMap<string, number>;

/** Network ids for colours 1, 2, … as chosen by the user; null: assigned automatically. */
export type ChosenRanks = readonly (string | null)[];

/** Number of colours besides the cluster network's, which is 0. */
export const NAD_COLOURS = 7;

/** A 32-bit hash that differs widely for similar texts (FNV-1a, finished like MurmurHash3). */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The colours of a record set's networks. A chosen colour stays reserved while its network does not exist. */
export function rankNetworks(source: ViewSource, chosen: ChosenRanks = []): NetworkRanks {
  const ranks = new Map([[CLUSTER_NETWORK, 0]]);
  chosen.slice(0, NAD_COLOURS).forEach((id, index) => {
    if (id !== null && !ranks.has(id)) ranks.set(id, index + 1);
  });
  const taken = new Set(ranks.values());
  const free = Array.from({ length: NAD_COLOURS }, (_, index) => index + 1).filter((rank) => !taken.has(rank));
  const pairs = [...source.records.networks.keys()]
    .filter((id) => !ranks.has(id))
    .flatMap((id) => free.map((rank) => ({ id, rank, score: hash(`${rank} ${id}`) })))
    .sort((a, b) => b.score - a.score || byCodeUnit(a.id, b.id) || a.rank - b.rank);
  for (const { id, rank } of pairs)
    if (!ranks.has(id) && !taken.has(rank)) {
      ranks.set(id, rank);
      taken.add(rank);
    }
  return ranks;
}
