/**
 * Which network has which colour. Rank 0 is always the cluster network; the next seven are the NADs with most interfaces
 * when the page opens; then the ranks are kept, so that a later network never recolours an earlier one.
 */
import { CLUSTER_NETWORK } from '../model/ids';
import { byCodeUnit } from '../model/order';
import { idsOf, type ViewSource } from './view-source';

/** Network ids by rank; a network's place is its colour. Small enough to stand in a URL. */
export type NetworkRanks = readonly string[];

const RANKED = 8;

/**
 * The ranks for a record set. Networks of `kept` keep their places, also when they are gone for now; free places go to
 * the rest by interface count, then by id.
 */
export function rankNetworks(source: ViewSource, kept: NetworkRanks = []): NetworkRanks {
  const ranks = [CLUSTER_NETWORK, ...kept.filter((id) => id !== CLUSTER_NETWORK)].slice(0, RANKED);
  if (ranks.length === RANKED) return ranks;
  const taken = new Set(ranks);
  const rest = [...source.records.networks.keys()]
    .filter((id) => !taken.has(id))
    .map((id) => [id, idsOf(source.indexes.interfacesByNetwork, id).size] as const)
    .sort(([a, m], [b, n]) => n - m || byCodeUnit(a, b));
  return [...ranks, ...rest.map(([id]) => id)].slice(0, RANKED);
}

/** A network's rank; null for one without a colour of its own. */
export function rankOf(ranks: NetworkRanks, network: string): number | null {
  const rank = ranks.indexOf(network);
  return rank < 0 ? null : rank;
}

/**
 * The ranks when a person gives a network the place of another one: the two change places; a network without a colour takes
 * it, and the other one has none. Rank 0 is the cluster network's for good: asking for it changes nothing.
 */
export function withRank(ranks: NetworkRanks, network: string, rank: number): NetworkRanks {
  const other = ranks[rank];
  if (rank <= 0 || other === undefined || network === CLUSTER_NETWORK) return ranks;
  return ranks.map((id) => (id === other ? network : id === network ? other : id));
}
