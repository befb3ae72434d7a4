/**
 * A soak test: does memory grow over millions of changes, how many changes per second are processed, how much processor
 * time does one take?
 *
 * npm run bench -- soak [--nodes 5000] [--changes 10000000]
 */
import { readOptions } from './options';
import { report } from './results';
import { row } from './rows';
import { soak } from './soak-run';
import { greatest } from './statistics';
import { PODS_A_NODE } from './world';

const options = readOptions(process.argv.slice(2), { nodes: 5_000, changes: 10_000_000 });
const { changes, wall, cpu, memory, frames, resets } = await soak(options.nodes, options.changes);
const [first = NaN] = memory;
report('soak', options.save, {
  title: `${changes.toLocaleString('en-US')} changes at full speed, ${options.nodes} nodes, ${options.nodes * PODS_A_NODE} pods, one follower`,
  rows: [
    row('changes a second', changes / (wall / 1000), '/s', { least: 1_500 }),
    row('processor time of one change, follower included', cpu / changes, 'ms', { most: 0.5 }),
    row('heap at the end', (memory.at(-1) ?? NaN) / 1e6, 'MB', {
      baseline: ['after warm-up', first / 1e6],
      mostRatio: 1.05,
      note: `at most ${(greatest(memory) / 1e6).toFixed(0)}`,
    }),
    row('frames to the follower', frames, '', { note: `${resets} resets` }),
  ],
});
