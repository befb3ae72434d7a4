/** Choosing a network's colour. Separate from `network-colours` because the first picture does not need it. */
import { CLUSTER_NETWORK } from '../model/ids';
import { NAD_COLOURS, type ChosenRanks, type NetworkRanks } from './network-colours';

/** The network with a colour; null when no network has it. */
export const networkAt = (ranks: NetworkRanks, rank: number): string | null =>
  [...ranks].find(([, own]) => own === rank)?.[0] ?? null;

/**
 * The choice after a user gives a network a colour: the network swaps with the one that has the colour now, and all
 * other networks keep theirs. The cluster network's colour cannot be changed; such a request changes nothing.
 */
export function chooseRank(ranks: NetworkRanks, network: string, rank: number): ChosenRanks {
  const now = Array.from({ length: NAD_COLOURS }, (_, index) => networkAt(ranks, index + 1));
  if (rank < 1 || rank > NAD_COLOURS || network === CLUSTER_NETWORK) return now;
  const other = networkAt(ranks, rank);
  const own = ranks.get(network);
  return now.map((id, index) => (index + 1 === rank ? network : index + 1 === own ? other : id));
}
