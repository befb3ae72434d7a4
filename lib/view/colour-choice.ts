/** Choosing a network's colour. Separate from the rule because the first picture does not need it. */
import { CLUSTER_NETWORK } from '../model/ids';
import { NAD_COLOURS, type ChosenRanks, type NetworkRanks } from './network-colours';

/** The network with a colour; null when there is none. */
export const networkAt = (ranks: NetworkRanks, rank: number): string | null =>
  [...ranks].find(([, own]) => own === rank)?.[0] ?? null;

/**
 * The choice after a user gives a network a colour: it swaps with the network that has it now, and all others are fixed
 * as they are. The cluster network's colour cannot be given to others: such a request changes nothing.
 */
export function chooseRank(ranks: NetworkRanks, network: string, rank: number): ChosenRanks {
  const now = Array.from({ length: NAD_COLOURS }, (_, index) => networkAt(ranks, index + 1));
  if (rank < 1 || rank > NAD_COLOURS || network === CLUSTER_NETWORK) return now;
  const other = networkAt(ranks, rank);
  const own = ranks.get(network);
  return now.map((id, index) => (index + 1 === rank ? network : index + 1 === own ? other : id));
}
