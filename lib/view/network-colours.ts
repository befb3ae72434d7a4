/**
 * Which network has which colour. It follows from the names of the networks alone, not from how many interfaces they have
 * or when they arrived, so that everybody sees the same colours on every load, in the page and in every export.
 *
 * Each pair of a network and a colour has a fixed score (a hash of the two). The best pair is taken, then the best of the
 * networks and colours that are left, until either runs out (rendezvous hashing). No two networks share a colour; beyond
 * seven, those that score lowest have none.
 *
 * The price: colours that depend on the present set alone cannot all stay when the set changes. A network that comes or
 * goes recolours 0.1 others on average among two networks, 0.4 among four and 0.8 among six; a page that kept its colours
 * instead would differ from the same page loaded again. Where colours must not move, choose them: a choice is in the address.
 */
import { CLUSTER_NETWORK } from '../model/ids';
import { byCodeUnit } from '../model/order';
import type { ViewSource } from './view-source';

/** Network id to the number of its colour in the palette. A network without an entry has no colour of its own. */
export type NetworkRanks = ReadonlyMap<string, number>;

/** Network ids for colours 1, 2, … as chosen by the user; null leaves the colour to the rule. */
export type ChosenRanks = readonly (string | null)[];

/** Colours beside the cluster network's, which is 0. */
export const NAD_COLOURS = 7;

/** 32 bits of a text that differ widely for texts that differ little (FNV-1a, finished like MurmurHash3). */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The colours of a record set's networks. Chosen networks have theirs even while they do not exist. */
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
