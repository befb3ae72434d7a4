/** Which network has which colour on this page: counted once when the page opens, then kept, unless the address says so. */
import { rankNetworks, type NetworkRanks } from '../view/network-colours';
import type { ClientState } from './client-state';

/** A selector whose value changes only when a network gets a place; `chosen` are the ids at ranks 1, 2, … of the address. */
export function createRanks(chosen: () => readonly string[]): (state: ClientState) => NetworkRanks {
  let kept: NetworkRanks = [];
  let stamp = '';
  let chosenBefore = false;
  return (state) => {
    const wanted = chosen();
    const next = `${state.tableRevisions.networks} ${wanted.join(' ')}`;
    if (next === stamp || state.revision === 0) return kept;
    stamp = next;
    // A choice that is taken back is forgotten: the colours are counted anew.
    if (chosenBefore && wanted.length === 0) kept = [];
    chosenBefore = wanted.length > 0;
    const ranks = rankNetworks(state.replica, wanted.length > 0 ? wanted : kept.slice(1));
    if (ranks.join(' ') !== kept.join(' ')) kept = ranks;
    return kept;
  };
}
