import { afterEach, beforeEach, expect, test } from 'vitest';
import { CanvasPage, type CountingCanvas } from '../../e2e/testing/canvases';
import { canvasProps, clusterOf } from '../../e2e/testing/pictures';
import { CurrentPicture } from './current-picture';
import { Viewport } from './viewport';

let page: CanvasPage;
let canvas: CountingCanvas;
let viewport: Viewport;

const WIDE = { width: 900, height: 600 };
/** A line above the picture has appeared. */
const LOWER = { width: 900, height: 500 };

beforeEach(() => {
  page = new CanvasPage();
  canvas = page.canvas(WIDE.width, WIDE.height);
  viewport = new Viewport(canvas.element, new CurrentPicture(canvasProps(clusterOf(12).build())), {
    focused: () => null,
    onMove: () => undefined,
    onRest: () => undefined,
  });
  viewport.resize(WIDE, 1);
});
afterEach(() => page.leave());

test('keeps the tiles that the user chose when the window height changes, and fits them', () => {
  const level = viewport.level;
  expect(level).not.toBe('tile');
  viewport.showTiles();
  expect(viewport.level).toBe('tile');
  viewport.resize(LOWER, 1);
  expect(viewport.level).toBe('tile');
  expect(viewport.isWhole()).toBe(true);
  viewport.fit();
  expect(viewport.level).toBe('tile');
});

test('drops the chosen tiles on zoom', () => {
  viewport.showTiles();
  viewport.zoomBy(2);
  expect(viewport.level).not.toBe('tile');
  viewport.fit();
  expect(viewport.level).not.toBe('tile');
});
