/** Choosing a network's colour. Apart from the rule itself, since the first picture does not need it. */
import { CLUSTER_NETWORK } from '../model/ids';
import { NAD_COLOURS, type ChosenRanks, type NetworkRanks } from './network-colours';

/** The network that has a colour; null when none has. */
export const networkAt = (ranks: NetworkRanks, rank: number): string | null =>
  [...ranks].find(([, own]) => own === rank)?.[0] ?? null;

/**
 * The choice after a person gives a network a colour: it changes places with the network that has it now, and all others
 * are chosen as they are. The cluster network's colour is not for others: asking for it changes nothing.
 */
export function chooseRank(ranks: NetworkRanks, network: string, rank: number): ChosenRanks {
  const now = Array.from({ length: NAD_COLOURS }, (_, index) => networkAt(ranks, index + 1));
  if (rank < 1 || rank > NAD_COLOURS || network === CLUSTER_NETWORK) return now;
  const other = networkAt(ranks, rank);
  const own = ranks.get(network);
  return now.map((id, index) => (index + 1 === rank ? network : index + 1 === own ? other : id));
}
