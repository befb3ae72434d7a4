import type { Outcome } from './outcome';
import { isLimitedByMaxPods, type ModelledNode } from './modelled-node';
import { byMaxPods, fitAndTake } from './fit';
import { inSteps } from './steps';
import type { Stock } from './stock';

/** Places the pods of lost nodes on nodes with room, in proportion to their room. */
export function* placeDisplaced(
  entries: readonly ModelledNode[],
  stock: Stock,
  maxPods: number | null,
): Generator<undefined, Pick<Outcome, 'displaced' | 'homeless'>> {
  const displaced = entries
    .filter(({ fate }) => fate === 'lost')
    .reduce((sum, { node }) => sum + Math.max(0, node.podsWithAddress - node.daemonPods), 0);
  if (displaced === 0) return { displaced, homeless: 0 };
  const there = stock.copy();
  const rooms = yield* inSteps(entries, (entry) => {
    const { after, fate, node } = entry;
    if (fate === 'lost' || fate === 'drained' || entry.cannotStart !== null) return 0;
    if (fate === 'stays' && node.closed !== null) return 0;
    if (after !== null) return fitAndTake(after, there).pods ?? 0;
    return isLimitedByMaxPods(node) ? (byMaxPods(maxPods ?? node.maxPods, node.pods).pods ?? 0) : 0;
  });
  const room = rooms.reduce((sum, one) => sum + one, 0);
  const moved = Math.min(displaced, room);
  const shares = rooms.map((one) => (room === 0 ? 0 : Math.floor((moved * one) / room)));
  let left = moved - shares.reduce((sum, one) => sum + one, 0);
  yield* inSteps(entries.entries(), ([at, entry]) => {
    const more = left > 0 && (shares[at] ?? 0) < (rooms[at] ?? 0) ? 1 : 0;
    left -= more;
    const share = (shares[at] ?? 0) + more;
    const { after } = entry;
    if (share === 0) return;
    if (after === null) entry.morePods += share;
    else {
      const [card] = after.cards;
      if (card !== undefined) card.waiting += share;
      after.pods += share;
      entry.settled = after.serve(stock);
    }
  });
  return { displaced, homeless: displaced - moved };
}
