/** Pools: the simulator's own ledger and its own reading of ipamd's arithmetic. */
import type { Pool, RecordMaps } from '../../../lib/model/records';
import type { SimTruth } from '../../testing/sim/truth';
import { show, type Counts, type Known, type Say } from './what';

const GROWING = ['add-addresses', 'add-prefixes', 'attach-eni'];
const RELEASING = ['release-addresses', 'release-prefixes'];

export function comparePools(records: RecordMaps, truth: SimTruth, known: Known, counts: Counts, say: Say): void {
  const got = new Map<string, Pool>();
  for (const node of records.nodes.values()) for (const pool of node.pools) got.set(`${node.name}#${pool.card}`, pool);
  for (const key of got.keys()) if (truth.pools[key] === undefined) say(`pool ${key}: ipamd has none`);
  for (const [key, want] of Object.entries(truth.pools)) {
    counts.pools += 1;
    const pool = got.get(key);
    if (pool === undefined) {
      say(`pool ${key}: missing`);
      continue;
    }
    for (const [field, value] of Object.entries(want)) {
      const found = pool[field as keyof Pool];
      if (show(found) !== show(value)) say(`pool ${key}: ${field} is ${show(found)}, should be ${show(value)}`);
    }
    const { next, low, high, cooling, warm, available } = pool;
    const freed = (truth.poolCooling[key] ?? []).filter((at) => at > (known.watchingSince ?? Infinity));
    if (cooling !== null && known.watchingSince !== undefined) {
      counts.coolingPools += freed.length > 0 ? 1 : 0;
      if (cooling !== freed.length) say(`pool ${key}: cooling is ${cooling}, should be ${freed.length}`);
    }
    const moves = truth.nodes[key.slice(0, key.lastIndexOf('#'))]?.poolMoves;
    if (cooling !== null && warm !== (available ?? 0) - cooling)
      say(`pool ${key}: warm ${show(warm)} is not ${show(available)} − ${cooling}`);
    if (moves === false && next !== null && next.action !== 'none' && next.blockedBy === null)
      say(`pool ${key}: ipamd changes nothing there, and next is ${next.action}`);
    if (next === null) say(`pool ${key}: does not say what comes next`);
    else if (low === true && !GROWING.includes(next.action) && next.blockedBy === null)
      say(`pool ${key}: is low, and next is ${next.action} with nothing in the way`);
    else if (low === false && GROWING.includes(next.action)) say(`pool ${key}: is not low, and next is ${next.action}`);
    else if (low === false && high === true && !RELEASING.includes(next.action) && next.action !== 'detach-eni')
      say(`pool ${key}: is high, and next is ${next.action}`);
  }
}
