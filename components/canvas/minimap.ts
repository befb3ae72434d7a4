/** The map of the whole: tiles, and the window as a frame. The tiles are kept as a bitmap until the data change. */
import type { Rack } from '../../lib/layout/rack/rack';
import { sceneBoxes } from '../../lib/layout/scene/scene';
import { colourOf } from '../../lib/layout/picture/tokens';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import type { LayerInput } from './box-layers';
import type { View } from '../../lib/layout/picture/rect';

const kept = new WeakMap<HTMLCanvasElement, { readonly stamp: string; readonly bitmap: HTMLCanvasElement }>();

function mapView(rack: Rack, width: number, height: number): View {
  const scale = Math.min(width / Math.max(1, rack.width), height / Math.max(1, rack.height), 0.12);
  return { scale, x: 0, y: 0 };
}

/** Draws the whole picture small, with a frame around the visible part. */
export function drawMinimap(map: HTMLCanvasElement, input: Omit<LayerInput, 'moving'>): void {
  const { width, height } = map.getBoundingClientRect();
  const { rack, ratio, theme } = input;
  if (width === 0 || height === 0) return;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)] as const;
  if (map.width !== pixels[0] || map.height !== pixels[1]) [map.width, map.height] = pixels;
  const view = mapView(rack, width, height);
  const stamp = `${input.stamp} ${width} ${height}`;
  let tiles = kept.get(map);
  if (tiles?.stamp !== stamp) {
    const bitmap = document.createElement('canvas');
    [bitmap.width, bitmap.height] = pixels;
    const context = bitmap.getContext('2d');
    if (context === null) return;
    context.scale(ratio, ratio);
    const state = { ...input.state, level: 'tile' as const };
    drawMarks(
      createBrush(context, theme, ratio, createPatterns()),
      sceneBoxes(rack, input.facts, view, { width, height }, state),
    );
    tiles = { stamp, bitmap };
    kept.set(map, tiles);
  }
  const context = map.getContext('2d');
  if (context === null) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, map.width, map.height);
  context.drawImage(tiles.bitmap, 0, 0);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const k = view.scale / input.view.scale;
  const x = Math.max(1, -input.view.x * k);
  const y = Math.max(1, -input.view.y * k);
  const right = Math.min(rack.width * view.scale - 1, (input.window.width - input.view.x) * k);
  const bottom = Math.min(rack.height * view.scale - 1, (input.window.height - input.view.y) * k);
  if (right <= x || bottom <= y) return;
  context.strokeStyle = colourOf(theme, 'sel');
  context.lineWidth = 1.5;
  context.setLineDash([]);
  context.beginPath();
  context.roundRect(x, y, right - x, bottom - y, 2);
  context.stroke();
}

/** The layout point under the pointer on the map. */
export function minimapPoint(map: HTMLCanvasElement, rack: Rack, event: MouseEvent): readonly [number, number] {
  const box = map.getBoundingClientRect();
  const { scale } = mapView(rack, box.width, box.height);
  return [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
}
