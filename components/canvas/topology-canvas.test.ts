import { afterEach, beforeEach, expect, test } from 'vitest';
import { CanvasPage } from '../../e2e/testing/canvases';
import { canvasProps, clusterOf } from '../../e2e/testing/pictures';
import { TopologyCanvas } from './topology-canvas';

const LARGE = 300;

let page: CanvasPage;
beforeEach(() => {
  page = new CanvasPage();
});
afterEach(() => page.leave());

// Records that have only arrived, or that came and went within one frame.
test('shows a revision that changes no record without redrawing the tiles', () => {
  const canvas = page.canvas(400, 300);
  const props = canvasProps(clusterOf(LARGE).build());
  const topology = new TopologyCanvas(canvas.element, props, { onPlace: () => undefined });
  page.wait(5000);
  topology.showTiles();
  page.wait(5000);
  expect(canvas.dataset['revision']).toBe('1');
  const { painted } = page;
  const changesSince = () => ({ ids: new Set<string>(), everything: false, before: new Map<string, never>() });
  topology.update({ ...props, revision: 2, changesSince });
  page.wait(5000);
  expect(canvas.dataset['revision']).toBe('2');
  expect(page.painted).toBe(painted);
  topology.stop();
});
