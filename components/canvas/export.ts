/**
 * The picture as a file: the canonical whole, or the visible part. Always drawn from the scene, not copied from the
 * canvas.
 */
import type { Mark, Picture } from '../../lib/layout/picture/mark';
import { captioned } from '../../lib/layout/caption';
import type { Size, View } from '../../lib/layout/picture/rect';
import { round } from '../../lib/layout/picture/text';
import { boxRect } from '../../lib/layout/rack/rack';
import { boxScene, scene, selectionScene, type SceneState } from '../../lib/layout/scene/scene';
import { COLOUR_WORDS } from '../../lib/view/group-words';
import { counted } from '../../lib/model/counted';
import { nodeOfRecord } from '../../lib/view/partial-set';
import { toSvg } from '../../lib/layout/picture/svg';
import { pictureWords } from '../../lib/layout/picture-words';
import { wholePicture } from '../../lib/layout/whole';
import { createBrush, createPatterns } from './draw/brush';
import { drawMarks } from './draw/marks';
import { colourOf, type Theme } from '../../lib/layout/picture/tokens';
import type { CanvasProps, Extent } from './props';
import type { TopologyCanvas } from './topology-canvas';

/** Margin around a single node, in pixels. */
const MARGIN = 24;

/** The node of the selection; null without one. */
export function nodeOfSelection({ replica, selection }: Pick<CanvasProps, 'replica' | 'selection'>): string | null {
  if (selection === null) return null;
  return replica.records.nodes.has(selection) ? selection : (nodeOfRecord(replica, selection) ?? null);
}

const aboutOf = (parts: readonly string[]): string | null => (parts.length === 0 ? null : parts.join(' · '));

/** The picture as marks, with its caption: everything, the visible part, one node, or the selection. */
export function pictureOf(props: CanvasProps, canvas: TopologyCanvas, window: Size, extent: Extent): Picture {
  const { replica, grouping, order = 'name', networkRanks: ranks, paint = null, selection, filter, stale, now } = props;
  const { folded = [] } = props;
  const coloured = paint === null ? [] : [`coloured by ${COLOUR_WORDS[paint.mode]}`];
  if (extent === 'all') {
    const whole = wholePicture(replica, { grouping, order, ranks, paint, selection, filter, stale, now });
    return captioned(whole, replica, aboutOf(coloured));
  }
  const { rack, facts, view, state } = canvas.snapshot();
  const quiet: SceneState = { ...state, hover: null, focus: null, flashes: [] };
  if (extent === 'seen') {
    const marks: readonly Mark[] = scene(rack, facts, view, window, quiet, 0);
    const left = folded.length === 0 ? [] : [`${counted(folded.length, 'group')} folded`];
    return captioned({ ...window, ...pictureWords(replica), marks }, replica, aboutOf([...left, ...coloured]));
  }
  const node = nodeOfSelection(props);
  const box = node === null ? undefined : rack.boxOf.get(node);
  if (node === null || box === undefined) throw new Error('The selection is not on a node.');
  const { x, y, w, h } = boxRect(rack, box);
  const at: View = { scale: 1, x: MARGIN - x, y: MARGIN - y };
  const size = { width: Math.ceil(w) + 2 * MARGIN, height: Math.ceil(h) + 2 * MARGIN };
  const lit = extent === 'selection' ? selection : null;
  const alone: SceneState = { ...quiet, level: 'slots', selection: lit, above: null };
  const marks = [...boxScene(rack, facts, at, alone).marksOf([box]), ...selectionScene(rack, facts, at, alone)];
  const name = replica.records.nodes.get(node)?.name ?? node;
  return captioned({ ...size, ...pictureWords(replica), marks }, replica, aboutOf([`node ${name}`, ...coloured]));
}

/** `scale`: size of the file relative to the picture; the content is the same. */
export function svgOf(picture: Picture, theme: Theme, scale: number): string {
  const svg = toSvg(picture, { theme });
  if (scale === 1) return svg;
  const of = (length: number): string => String(round(length * scale));
  return svg.replace(/width="[\d.]+" height="[\d.]+"/, `width="${of(picture.width)}" height="${of(picture.height)}"`);
}

/** Maximum side and area of a bitmap in browsers, in pixels; beyond it the ratio is reduced. */
const MOST_SIDE = 16_000;
const MOST_PIXELS = 120_000_000;

/**
 * The picture as a PNG with `scale` device pixels per CSS pixel, or fewer at the browser's limit. Rejects if it cannot
 * be encoded.
 */
export function pngOf(picture: Picture, theme: Theme, scale: number): Promise<Blob> {
  const { width, height } = picture;
  const ratio = Math.min(scale, MOST_SIDE / width, MOST_SIDE / height, Math.sqrt(MOST_PIXELS / (width * height)));
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
