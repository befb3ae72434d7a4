/**
 * Layout and scene at the sizes of performance.md, against the time that sorting as many strings takes in the same run:
 *   npx tsx bench/layout.ts
 */
import { performance } from 'node:perf_hooks';
import { fitView } from '../lib/layout/camera';
import { levelAt } from '../lib/layout/level';
import { buildRack } from '../lib/layout/rack/build';
import { createSceneFacts } from '../lib/layout/scene/facts';
import { QUIET, scene } from '../lib/layout/scene/scene';
import { rankNetworks } from '../lib/view/networks';
import { largeSource } from './large-source';

const WINDOW = { width: 1600, height: 1000 };
const RUNS = 7;

/** Median of some runs, in milliseconds. */
function median(run: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return times[RUNS >> 1] ?? NaN;
}

const rows: Record<string, string | number>[] = [];
for (const [nodes, pods, budget] of [
  [10, 300, null],
  [100, 3_000, null],
  [1_000, 30_000, 150],
  [5_000, 150_000, 300],
] as const) {
  const source = largeSource(nodes, pods);
  const names = [...source.records.pods.keys()].reverse();
  const baseline = median(() => void [...names].sort());
  const first = performance.now();
  buildRack(source, { grouping: 'zone' });
  const cold = performance.now() - first;
  const layout = median(() => void buildRack(source, { grouping: 'zone' }));
  const rack = buildRack(source, { grouping: 'zone' });
  const ranks = rankNetworks(source);
  const view = fitView(rack, WINDOW);
  const far = median(() => {
    scene(rack, createSceneFacts(source, ranks), view, WINDOW, { ...QUIET, level: levelAt(view.scale) });
  });
  const facts = createSceneFacts(source, ranks);
  const near = (scale: number): number =>
    median(() => void scene(rack, facts, { scale, x: 0, y: 0 }, WINDOW, { ...QUIET, level: levelAt(scale) }));
  const ms = (value: number): number => Math.round(value * 10) / 10;
  rows.push({
    nodes,
    pods: source.records.pods.size,
    'layout, cold ms': ms(cold),
    'layout ms': ms(layout),
    'budget ms': budget ?? '–',
    'ratio to sorting the pod ids': Math.round((layout / baseline) * 100) / 100,
    'scene, whole ms': ms(far),
    'scene, bars ms': ms(near(0.25)),
    'scene, slots ms': ms(near(0.5)),
    'scene, life size ms': ms(near(1)),
  });
}
console.table(rows);
