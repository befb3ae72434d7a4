/** The picture as a file: the canonical whole, or what is in the window. Always from the scene, never from the canvas. */
import type { Mark, Picture } from '../../lib/layout/picture/mark';
import { scene } from '../../lib/layout/scene/scene';
import { toSvg } from '../../lib/layout/picture/svg';
import { pictureWords, wholePicture } from '../../lib/layout/whole';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import { colourOf, type Theme } from '../../lib/layout/picture/tokens';
import type { CanvasProps } from './props';
import type { TopologyCanvas } from './topology-canvas';

export function pictureOf(
  props: CanvasProps,
  canvas: TopologyCanvas,
  window: { width: number; height: number },
  extent: 'all' | 'seen',
): Picture {
  const { replica, grouping, order = 'name', networkRanks: ranks, selection, filter, stale, now } = props;
  if (extent === 'all') return wholePicture(replica, { grouping, order, ranks, selection, filter, stale, now });
  const { rack, facts, view, state } = canvas.snapshot();
  const quiet = { ...state, hover: null, focus: null, flashes: [] };
  const marks: readonly Mark[] = scene(rack, facts, view, window, quiet, 0);
  return { ...window, ...pictureWords(replica), marks };
}

export const svgOf = (picture: Picture, theme: Theme): string => toSvg(picture, { theme });

/** Browsers refuse bitmaps beyond this many pixels a side or in all; then the ratio shrinks. */
const MOST_SIDE = 16_000;
const MOST_PIXELS = 120_000_000;

export function pngOf(picture: Picture, theme: Theme): Promise<Blob> {
  const { width, height } = picture;
  const ratio = Math.min(2, MOST_SIDE / width, MOST_SIDE / height, Math.sqrt(MOST_PIXELS / (width * height)));
  const bitmap = document.createElement('canvas');
  bitmap.width = Math.max(1, Math.round(width * ratio));
  bitmap.height = Math.max(1, Math.round(height * ratio));
  const context = bitmap.getContext('2d');
  if (context === null) return Promise.reject(new Error('This browser offers no 2D canvas.'));
  context.scale(ratio, ratio);
  context.fillStyle = colourOf(theme, 'bg');
  context.fillRect(0, 0, width, height);
  drawMarks(createBrush(context, theme, ratio, createPatterns()), picture.marks);
  return new Promise((resolve, reject) =>
    bitmap.toBlob((blob) => {
      if (blob === null)
        reject(new Error(`A picture of ${bitmap.width} × ${bitmap.height} pixels could not be encoded.`));
      else resolve(blob);
    }, 'image/png'),
  );
}
