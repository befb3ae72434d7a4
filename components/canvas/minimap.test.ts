import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CanvasPage, type CountingCanvas } from '../../e2e/testing/canvases';
import { createCluster, pool } from '../../e2e/testing/layout';
import { buildRack } from '../../lib/layout/rack/build';
import { createSceneFacts } from '../../lib/layout/scene/facts';
import { QUIET } from '../../lib/layout/scene/scene';
import { rankNetworks } from '../../lib/view/network-colours';
import type { LayerInput } from './box-bitmap';
import { Minimap } from './minimap';

const source = createCluster()
  .node('n-1', { pools: [pool(1, 1, 0, 2)] })
  .eni('n-1', { id: 'eni-1', states: 'paw' })
  .build();
const rack = buildRack(source, {
  grouping: 'zone',
  order: 'name',
  folded: [],
  unfolded: new Set(),
  near: null,
  now: 0,
});
const input: LayerInput = {
  rack,
  facts: createSceneFacts(source, rankNetworks(source)),
  view: { scale: 2, x: 0, y: 0 },
  window: { width: 300, height: 200 },
  state: { ...QUIET, level: 'slots' },
  theme: 'light',
  ratio: 1,
  look: 'look',
  stamp: 'look 1',
  revision: 1,
  aged: null,
  moving: false,
};

let page: CanvasPage;
let canvas: CountingCanvas;
let minimap: Minimap;
let centred: (readonly [number, number, boolean])[];

const draw = (change: Partial<LayerInput> = {}): number => minimap.draw({ ...input, ...change }, page.now);

beforeEach(() => {
  page = new CanvasPage();
  page.msPerPaint = 1;
  canvas = page.canvas(160, 120);
  centred = [];
  minimap = new Minimap(canvas.element, { rack: () => rack, centreOn: (...to) => centred.push(to) });
});
afterEach(() => page.leave());

describe('the tiles of the minimap', () => {
  test('are drawn once while only the view moves; the window frame is drawn every time', () => {
    expect(draw()).toBe(0);
    const { painted } = page;
    const frames = canvas.painted;
    expect(draw({ view: { scale: 2, x: -30, y: -10 } })).toBe(0);
    expect(page.painted).toBe(painted);
    expect(canvas.painted).toBe(frames + 1);
  });

  test('are redrawn for new data only after forty times the drawing time', () => {
    const start = page.now;
    draw();
    const took = page.painted;
    const { painted } = page;
    const frames = canvas.painted;
    const next = { stamp: 'look 2' };
    expect(draw(next)).toBe(start + 41 * took - page.now);
    expect(canvas.painted).toBe(frames);
    draw({ ...next, view: { scale: 2, x: -30, y: -10 } });
    expect(canvas.painted).toBe(frames + 1);
    page.now = start + 41 * took - 1;
    expect(draw(next)).toBeGreaterThan(0);
    expect(page.painted).toBe(painted);
    page.now = start + 41 * took;
    expect(draw(next)).toBe(0);
    expect(page.painted).toBe(2 * painted);
  });

  test('are redrawn for slow new data after two seconds at the latest', () => {
    page.msPerPaint = 1_000;
    const start = page.now;
    draw();
    const took = page.painted * 1_000;
    expect(draw({ stamp: 'look 2' })).toBe(start + took + 2_000 - page.now);
  });

  test('are redrawn at once for another theme, filter or selection', () => {
    draw();
    const { painted } = page;
    expect(draw({ look: 'other', stamp: 'other 1' })).toBe(0);
    expect(page.painted).toBe(2 * painted);
  });

  test('show no ages', () => {
    draw();
    const { painted } = page;
    expect(draw({ aged: 1000 })).toBe(0);
    expect(page.painted).toBe(painted);
  });
});

test('shows nodes with problems as dots where tiles would be too small, except those hidden by the filter', () => {
  const made = createCluster();
  for (let i = 0; i < 4000; i++) made.node(`n-${i}`);
  made.finding('error', 'multus-down', ['node:n-7']).finding('warning', 'pool-low', ['node:n-9']);
  const many = made.build();
  const large = buildRack(many, {
    grouping: 'zone',
    order: 'name',
    folded: [],
    unfolded: new Set(),
    near: null,
    now: 0,
  });
  const of = { rack: large, facts: createSceneFacts(many, rankNetworks(many)), stamp: 'large' };
  draw(of);
  expect(page.painted).toBe(4000 + 2);
  const filter = { troubled: new Set(['node:n-9']) } as unknown as LayerInput['state']['filter'];
  draw({ ...of, stamp: 'filtered', look: 'filtered', state: { ...input.state, filter } });
  expect(page.painted).toBe(4000 + 2 + 4000 + 1);
});

describe('the pointer', () => {
  const point = (type: string, buttons: number): boolean =>
    canvas.dispatchEvent(Object.assign(new Event(type), { clientX: 12, clientY: 6, buttons }));
  test('moves the window where it is pressed, and drags it along', () => {
    point('pointermove', 0);
    expect(centred).toEqual([]);
    point('pointerdown', 1);
    point('pointermove', 1);
    const [x, y] = [centred[0]?.[0], centred[0]?.[1]];
    expect(centred).toEqual([
      [x, y, true],
      [x, y, false],
    ]);
    expect(x).toBeCloseTo(2 * (y ?? 0), 6);
    minimap.stop();
    point('pointerdown', 1);
    expect(centred).toHaveLength(2);
  });
});
