import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CanvasPage, type CountingCanvas } from '../../e2e/testing/canvases';
import { createCluster, pool } from '../../e2e/testing/layout';
import { fitView } from '../../lib/layout/camera';
import { buildRack } from '../../lib/layout/rack/build';
import { createSceneFacts } from '../../lib/layout/scene/facts';
import { QUIET } from '../../lib/layout/scene/scene';
import type { ViewSource } from '../../lib/view/view-source';
import { rankNetworks } from '../../lib/view/network-colours';
import type { LayerInput } from './box-bitmap';
import { BoxLayers, type Shown } from './box-layers';
import { drawChanged } from './changed-boxes';

const WINDOW = { width: 800, height: 600 };
const NODES = 24;

/** `others`: how many nodes have no address assigned. */
function sourceOf(others = 0): ViewSource {
  const made = createCluster();
  for (let index = 0; index < NODES; index++)
    made
      .node(`n-${index}`, { pools: [index < others ? pool(0, 2, 0, 2) : pool(1, 1, 0, 2)] })
      .eni(`n-${index}`, { id: `eni-${index}`, states: index < others ? 'pww' : 'paw', net: `10.0.${index}` });
  return made.build();
}

/** Newer data, in which some nodes differ. */
function newer(others: number, revision = 2): Partial<LayerInput> {
  const source = sourceOf(others);
  return { stamp: `look ${revision}`, revision, facts: createSceneFacts(source, rankNetworks(source)) };
}

function inputOf(): LayerInput {
  const source = sourceOf();
  const rack = buildRack(source, {
    grouping: 'zone',
    order: 'name',
    folded: [],
    unfolded: new Set(),
    near: null,
    now: 0,
  });
  return {
    rack,
    facts: createSceneFacts(source, rankNetworks(source)),
    view: fitView(rack, WINDOW),
    window: WINDOW,
    state: { ...QUIET, level: 'slots' },
    theme: 'light',
    ratio: 1,
    look: 'look',
    stamp: 'look 1',
    revision: 1,
    aged: null,
    moving: false,
  };
}

let page: CanvasPage;
let screen: CountingCanvas;
let layers: BoxLayers;
let input: LayerInput;

const draw = (change: Partial<LayerInput> = {}): Shown => layers.draw(screen.getContext(), { ...input, ...change });

/** Number of frames until the picture is complete. */
function framesUntilWhole(change: Partial<LayerInput>): number {
  for (let frames = 1; frames < 1000; frames++) if (draw(change) === 'whole') return frames;
  throw new Error('it is never whole');
}

/** Draws until there is a bitmap of the picture; returns the time it took. */
function drawnOnce(): number {
  page.msPerPaint = 1;
  draw();
  const start = page.now;
  draw();
  return page.now - start;
}

beforeEach(() => {
  page = new CanvasPage();
  screen = page.canvas(WINDOW.width, WINDOW.height);
  layers = new BoxLayers();
  layers.drawChangesBy(drawChanged);
  input = inputOf();
});
afterEach(() => page.leave());

test('draws a cheap picture in every frame, without a bitmap', () => {
  draw();
  const once = screen.painted;
  expect(once).toBeGreaterThan(NODES);
  expect(draw()).toBe('whole');
  expect(screen.painted).toBe(2 * once);
  expect(page.bitmaps).toEqual([]);
});

test('copies an expensive picture from its bitmap while nothing changes', () => {
  drawnOnce();
  const { painted } = page;
  const onScreen = screen.painted;
  expect(draw()).toBe('whole');
  expect(draw({ view: { ...input.view, x: input.view.x } })).toBe('whole');
  expect(page.painted).toBe(painted);
  expect(screen.painted).toBe(onScreen);
  expect(screen.copied.length).toBeGreaterThan(1);
});

describe('new data over an expensive picture', () => {
  test('wait for twice the drawing time, then are drawn over several frames', () => {
    const cost = drawnOnce();
    const { painted } = page;
    const next = newer(NODES);
    expect(draw(next)).toBe('resting');
    expect(page.painted).toBe(painted);
    expect(layers.restMs).toBeCloseTo(2 * cost, 6);
    page.now += 2 * cost - 1;
    expect(draw(next)).toBe('resting');
    page.now += 1;
    expect(draw(next)).toBe('underway');
    expect(framesUntilWhole(next)).toBeGreaterThan(1);
  });

  test('wait in the same way when a drawn age changes', () => {
    drawnOnce();
    expect(draw({ aged: 1000 })).toBe('resting');
    page.now += layers.restMs;
    framesUntilWhole({ ...newer(NODES, 1), aged: 1000 });
    expect(draw({ aged: 2000 })).toBe('resting');
  });

  test.each<[string, (input: LayerInput) => Partial<LayerInput>]>([
    ['a selection, a filter or a theme', () => ({ look: 'other', stamp: 'other 1' })],
    ['another level', ({ state }) => ({ state: { ...state, level: 'bars' } })],
    ['another zoom', ({ view }) => ({ view: { ...view, scale: view.scale * 1.5 } })],
    ['another place', ({ view }) => ({ view: { ...view, x: view.x - 0.7 * WINDOW.width } })],
  ])('%s is drawn without waiting', (_what, change) => {
    drawnOnce();
    expect(draw(change(input))).not.toBe('resting');
  });

  test('are shown one bitmap at a time, even if they arrive with every frame', () => {
    drawnOnce();
    const shown = new Set<number | null>();
    for (let revision = 2; revision < 400; revision++) {
      draw({ stamp: `look ${revision}`, revision });
      shown.add(layers.revision);
      page.now += 16;
    }
    expect(shown.size).toBeGreaterThan(3);
    expect(shown).not.toContain(null);
  });

  test('a bitmap of another selection, filter or theme is discarded unfinished', () => {
    const cost = drawnOnce();
    page.now += 2 * cost;
    expect(draw(newer(NODES))).toBe('underway');
    const other = { look: 'other', stamp: 'other 2', revision: 2 };
    expect(draw(other)).toBe('underway');
    expect(layers.revision).toBeNull();
    framesUntilWhole(other);
    expect(layers.revision).toBe(2);
  });
});

describe('new data that change few boxes of an expensive picture', () => {
  test('redraw only those boxes and their neighbours, on a copy of the bitmap', () => {
    drawnOnce();
    const before = page.painted;
    const older = page.bitmaps.at(-1);
    const next = newer(1);
    page.now += layers.restMs;
    framesUntilWhole(next);
    const all = before / page.bitmaps.length;
    expect(page.painted).toBeGreaterThan(before);
    expect(page.painted - before).toBeLessThan(all);
    expect(page.bitmaps.at(-1)?.copied).toEqual([older]);
    expect(layers.revision).toBe(2);
  });

  test('redraw nothing if no box changes: the revision is shown, and the next data wait less', () => {
    const cost = drawnOnce();
    const before = page.painted;
    page.now += layers.restMs;
    expect(draw(newer(0))).toBe('whole');
    expect(page.painted).toBe(before);
    expect(layers.revision).toBe(2);
    expect(layers.restMs).toBeLessThan(cost);
  });

  test('keep the picture classified as expensive', () => {
    drawnOnce();
    page.now += layers.restMs;
    draw(newer(0));
    const { painted } = screen;
    expect(draw(newer(0))).toBe('whole');
    expect(screen.painted).toBe(painted);
  });
});

describe('while the view moves', () => {
  test.each([
    [1.9, 'coarse'],
    [2.1, 'underway'],
    [0.51, 'coarse'],
    [0.49, 'underway'],
  ] as const)('at zoom %d, the bitmap is %s', (factor, shown) => {
    drawnOnce();
    const view = { ...input.view, scale: input.view.scale * factor };
    expect(draw({ view, moving: true })).toBe(shown);
  });
});

describe('the coarse bitmap of the whole picture', () => {
  const prepared = (change: Partial<LayerInput>): boolean => {
    let worked = false;
    while (layers.prepare({ ...input, ...change })) worked = true;
    return worked;
  };
  test('is made for an expensive picture, once for the same data, without ages', () => {
    drawnOnce();
    expect(prepared({})).toBe(true);
    const { painted } = page;
    prepared({ aged: 1000 });
    expect(page.painted).toBe(painted);
    prepared(newer(NODES));
    expect(page.painted).toBeGreaterThan(painted);
  });
  test('is not made for a cheap picture', () => {
    draw();
    expect(prepared({})).toBe(false);
    expect(page.bitmaps).toEqual([]);
  });
});
