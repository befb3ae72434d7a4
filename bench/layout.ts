/**
 * Layout and scene at the sizes that must stay smooth, relative to sorting the same number of strings in the same run:
 *
 * npm run bench -- layout
 */
import { fitView } from '../lib/layout/camera';
import { levelAt } from '../lib/layout/rack/level';
import { buildRack } from '../lib/layout/rack/build';
import { createSceneFacts } from '../lib/layout/scene/facts';
import { QUIET, scene } from '../lib/layout/scene/scene';
import { centre } from '../lib/layout/picture/rect';
import { nearestPlace, neighbour } from '../lib/layout/places/neighbour';
import { placeAt } from '../lib/layout/places/places';
import { boxRect } from '../lib/layout/rack/rack';
import { rankNetworks } from '../lib/view/network-colours';
import { largeSource } from './large-source';
import { readOptions } from './options';
import { report } from './results';
import { row, type Row } from './rows';
import { timed } from './statistics';

const WINDOW = { width: 1600, height: 1000 };
const RUNS = 7;
const median = (run: () => void): number => timed(RUNS, run);

const rows: Row[] = [];
for (const [nodes, pods, budget] of [
  [10, 300, null],
  [100, 3_000, null],
  [1_000, 30_000, 150],
  [5_000, 150_000, 300],
] as const) {
  const source = largeSource(nodes, pods);
  const names = [...source.records.pods.keys()].reverse();
  const sorting = median(() => void [...names].sort());
  const size = `${source.records.pods.size} pods`;
  const started = performance.now();
  const rack = buildRack(source, { grouping: 'zone' });
  const cold = performance.now() - started;
  const layout = median(() => void buildRack(source, { grouping: 'zone' }));
  const add = (what: string, took: number, most: number | null): void => {
    rows.push(
      row(`${what}, ${size}`, took, 'ms', {
        baseline: ['sorting the pods’ ids', sorting],
        ...(most === null ? {} : { most }),
      }),
    );
  };
  add('layout, the first time', cold, budget);
  add('layout', layout, budget);
  const facts = createSceneFacts(source, rankNetworks(source));
  const fit = fitView(rack, WINDOW);
  for (const [what, view] of [
    ['whole', fit],
    ['bars', { scale: 0.25, x: 0, y: 0 }],
    ['slots', { scale: 0.5, x: 0, y: 0 }],
    ['life size', { scale: 1, x: 0, y: 0 }],
  ] as const)
    add(
      `scene, ${what}`,
      median(() => void scene(rack, facts, view, WINDOW, { ...QUIET, level: levelAt(view.scale) })),
      null,
    );
  const [x, y] = centre(boxRect(rack, rack.boxes.id.length >> 1));
  add(
    'hit test of a slot',
    median(() => void placeAt(source, rack, x, y, 1)),
    null,
  );
  const from = nearestPlace(source, rack, { x, y, w: 0, h: 0 }, 1);
  if (from !== null)
    add(
      'keyboard neighbour of a slot',
      median(() => void neighbour(source, rack, from, 'down', 1)),
      null,
    );
}
report('layout', readOptions(process.argv.slice(2)).save, { title: 'layout and scene, by size', rows });
