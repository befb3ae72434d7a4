import { afterEach, beforeEach, expect, test } from 'vitest';
import { CanvasPage, type CountingCanvas } from '../../e2e/testing/canvases';
import { canvasProps, clusterOf } from '../../e2e/testing/pictures';
import { WAITING_AFTER } from '../../lib/layout/rack/waiting';
import { QUIET } from '../../lib/layout/scene/scene';
import { CurrentPicture } from './current-picture';
import { FramePainter } from './frame-painter';
import { Viewport } from './viewport';

const STARTED = '2026-11-21T06:00:00Z';
const NOW = Date.parse(STARTED) + WAITING_AFTER;

/** `waits`: whether a pod has waited so long that its age is drawn. */
function pictureOf(waits: boolean): CurrentPicture {
  const made = clusterOf(12);
  if (waits) made.pod('n-1', 'shop', 'cart', { phase: 'Pending', startedAt: STARTED });
  return new CurrentPicture(canvasProps(made.build(), { now: NOW }));
}

let page: CanvasPage;
let canvas: CountingCanvas;

function painterOf(picture: CurrentPicture, scale: number): FramePainter {
  const viewport = new Viewport(canvas.element, picture, {
    focused: () => null,
    onMove: () => undefined,
    onRest: () => undefined,
  });
  viewport.resize({ width: canvas.width, height: canvas.height }, 1);
  viewport.goTo({ scale, x: 0, y: 0 }, false);
  page.wait(500);
  return new FramePainter(canvas.element, picture, viewport, {
    state: () => ({ ...QUIET, level: viewport.level, now: picture.props.now }),
    onPainted: () => undefined,
  });
}

beforeEach(() => {
  page = new CanvasPage();
  page.msPerPaint = 1;
  canvas = page.canvas(900, 600);
});
afterEach(() => page.leave());

// A picture with drawn ages is redrawn as time passes; others are not.
test.each([
  ['tiles, a pod is waiting', 0.1, true, false],
  ['slots, a pod is waiting', 0.6, true, true],
  ['slots, no pod is waiting', 0.6, false, false],
])('redraws after a minute, at %s', (_what, scale, waits, isDrawn) => {
  const picture = pictureOf(waits);
  const painter = painterOf(picture, scale);
  painter.paintNow();
  painter.paintNow();
  page.wait(60_000);
  const { painted } = page;
  expect(painted).toBeGreaterThan(0);
  picture.props = { ...picture.props, now: NOW + 60_000 };
  painter.paintNow();
  page.wait(60_000);
  expect(page.painted > painted).toBe(isDrawn);
  painter.stop();
});

test('draws new data over an expensive picture after its rest, without another event', () => {
  const picture = pictureOf(false);
  const painter = painterOf(picture, 0.6);
  painter.paintNow();
  painter.paintNow();
  expect(canvas.dataset['revision']).toBe('1');
  picture.props = { ...picture.props, revision: 2 };
  picture.revision = 2;
  painter.paintNow();
  expect(canvas.dataset['revision']).toBe('1');
  page.wait(60_000);
  expect(canvas.dataset['revision']).toBe('2');
  painter.stop();
});
