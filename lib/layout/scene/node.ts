/** Draws a node at the levels that show its contents: frame, title row, pool, and blocks. */
import type { NodeRecord } from '../../model/records';
import { HEADER, INNER, NODE } from '../rack/geometry';
import { clippedMiddle, spansWidth } from '../picture/text';
import type { Span } from '../picture/mark';
import { drawBadges, ICON_SIZE, nameSpans, nodeBadges } from './badges';
import { drawBlocks } from './block';
import { BODY, bold, centred, span } from '../picture/mark-writer';
import { drawPoolBar, drawPoolWords, mainPool, poolMissing } from './pool-bar';
import { waitingBadge } from './waiting';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Font size of a node's title, in pixels. */
export const TITLE_SIZE = 14;

/** Baseline of the line of text below the title of a node without a pool. */
export const SHORT_LINE = 42;
/** Whether this line is clear of the title. */
export const shortLineFits = (scale: number): boolean => (SHORT_LINE - HEADER.title + 5) * scale - 5 >= 13;

/** Minimum width of a node with room for its name, its type and a badge. */
const TYPE_FROM = 190;

/** In a narrower node, no name has the ellipsis and all have the size of body text, because only some have the room. */
const SHORT_NAME_BELOW = 120;

/** Clips the beginning of a name, because nodes differ in the end. */
function clippedName(name: string, width: number): readonly Span[] {
  const text = clippedMiddle(name, BODY, width, 650);
  return text === null ? [] : [bold(text)];
}

/** Draws title and badges in the first row of a box with a padding of `pad` pixels. */
export function drawTitleRow(scope: Scope, node: NodeRecord, frame: Rect, pad: number, middle: number): void {
  const { draw } = scope;
  const width = frame.w - 2 * pad;
  const isNarrow = frame.w < SHORT_NAME_BELOW;
  const size = isNarrow ? BODY : TITLE_SIZE;
  const name = nameSpans(scope, node.name).slice(isNarrow ? -1 : 0);
  // The name has priority; only the worst finding's icon shortens it.
  const least = Math.min(spansWidth(name, size), width - ICON_SIZE - 8);
  const waiting = waitingBadge(scope, node);
  const badges = [...nodeBadges(scope, node)];
  if (waiting !== null) badges.splice(1, 0, waiting);
  const taken = drawBadges(draw, node.id, frame.x + frame.w - pad, middle, width - least - 8, badges);
  const left = width - taken - (taken > 0 ? 2 : 0);
  const gap = span('  ', 'text3');
  const wordings = [
    // If only a few nodes have room for the type, none shows it.
    ...(node.instanceType === null || frame.w < TYPE_FROM ? [] : [[...name, gap, span(node.instanceType, 'text3')]]),
    [...name],
    // Drops the ellipsis before it cuts the distinctive part of the name.
    name.slice(-1),
  ];
  const fit = (size: number, words: readonly (readonly Span[])[]): boolean =>
    draw.fit('node-name', node.id, frame.x + pad, centred(middle, size), size, left, words) > 0;
  if (fit(size, wordings) || fit(BODY, [name.slice(-1)])) return;
  const cut = clippedName(name.map(({ text }) => text).join(''), left);
  if (cut.length > 0) fit(BODY, [cut]);
}

/** Draws the frame of a node's box. */
export function drawFrame(scope: Scope, node: NodeRecord, box: Rect): Rect {
  const frame = scope.draw.place(box);
  const tone = scope.facts.paint?.frame(scope.facts, node.id) ?? null;
  scope.draw.rect('node-frame', node.id, frame, {
    r: Math.min(NODE.r, NODE.r * scope.draw.scale * 2),
    fill: 'surface',
    stroke: tone === null ? { tone: 'line', width: 1 } : { tone, width: 2 },
    shadow: true,
  });
  return frame;
}

/** A node at the levels `slots` and `labelled`. */
export function drawNode(scope: Scope, box: number, rect: Rect, node: NodeRecord): void {
  const { draw } = scope;
  const frame = drawFrame(scope, node, rect);
  const pad = NODE.padding * draw.scale;
  drawTitleRow(scope, node, frame, pad, draw.py(rect.y + HEADER.title - 5));
  if (mainPool(node) !== null) {
    drawPoolBar(scope, node, rect);
    drawPoolWords(scope, box, rect, node);
  } else if (shortLineFits(draw.scale)) {
    const wordings = poolMissing(scope, node).map((words) => [span(words)]);
    draw.fit('pool-words', node.id, frame.x + pad, draw.py(rect.y + SHORT_LINE), BODY, INNER * draw.scale, wordings);
  }
  drawBlocks(scope, box, node);
}
