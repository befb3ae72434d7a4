/** The far level: a node as a gauge filled from below, with its worst finding. */
import type { NodeRecord } from '../../model/records';
import { NODE } from '../rack/geometry';
import { BODY, bold, MIN_LINE, type MarkWriter } from '../picture/mark-writer';
import { clippedMiddle, spansWidth } from '../picture/text';
import { boxRect } from '../rack/rack';
import { SEVERITY_FILL } from './badges';
import type { Gauge } from '../../view/fullness';
import type { Severity } from '../../model/records';
import { worstSeverity } from '../../view/severity';
import { poolTone, type SceneFacts } from './facts';
import { isTroubleLeft, type Scope } from './scope';
import { DIMMED_SLOT, STALE_SLOT, type Tone } from '../picture/tokens';
import type { Rect } from '../picture/rect';

/** Opacity of rank 0's colour over the surface, for assigned and for available addresses. */
const ASSIGNED = 0.62;
const AVAILABLE = 0.22;
/** Minimum tile width in pixels for a finding's icon on the corner, and inside the tile. */
const ICON_FROM = 24;
const INSIDE_FROM = 9;

/**
 * Draws what distinguishes a tile: an error, or a warning that other nodes do not have. Shared findings are shown once,
 * above the picture. `left`: whether the node passes the filter.
 */
export function drawTrouble(draw: MarkWriter, id: string, tile: Rect, worst: Severity | null, left: boolean): void {
  if (worst === null || worst === 'info') return;
  const tone = left ? SEVERITY_FILL[worst] : 'line';
  if (tile.w >= ICON_FROM) {
    const size = Math.min(14, tile.w * 0.45);
    draw.icon(
      `findings ${worst}`,
      id,
      worst,
      tile.x + tile.w - size * 0.75,
      tile.y - size * 0.25,
      size,
      tone,
      'surface',
      true,
    );
    return;
  }
  const size = Math.min(12, tile.w - 1, tile.h - 1);
  if (size >= INSIDE_FROM - 1) {
    const x = tile.x + (tile.w - size) / 2;
    const y = tile.y + Math.min(2, (tile.h - size) / 2);
    draw.icon(`findings ${worst}`, id, worst, x, y, size, tone, 'surface', true);
    return;
  }
  // In the smallest map an error fills its tile and a warning the upper half, so that both are visible.
  const h = worst === 'error' ? tile.h : tile.h / 2;
  draw.rect(`findings ${worst}`, id, { ...tile, h }, { fill: tone });
}

/** Minimum tile width in pixels for a name. */
const NAME_FROM = 56;
export const hasTileName = (tile: Rect): boolean => tile.w >= NAME_FROM && tile.h >= 2 * MIN_LINE;

/** Draws a tile's node name, if there is room, on a background of its own. */
function drawName(draw: MarkWriter, tile: Rect, { id, text, stripped }: TileLook): void {
  if (!hasTileName(tile)) return;
  const room = tile.w - ICON_ROOM;
  const marked = stripped ? `…${text}` : text;
  // Drops the ellipsis before it cuts the distinctive part of the name.
  const name = spansWidth([bold(marked)], BODY) <= room ? marked : clippedMiddle(text, BODY, room, 650);
  if (name === null) return;
  const w = spansWidth([bold(name)], BODY) + 8;
  draw.rect('node-name-ground', id, { x: tile.x + 2, y: tile.y + 3, w, h: 17 }, { r: 3, fill: 'surface' });
  draw.text('node-name', id, tile.x + 6, tile.y + 16, BODY, [bold(name)]);
}

/** Space beside a name for the worst finding's icon, in pixels. */
const ICON_ROOM = 22;

/** Whether an interface of the node is highlighted; true when nothing is highlighted. */
function isHighlighted(scope: Scope, node: string): boolean {
  const { lit, litNodes, filter } = scope;
  if (lit !== null) return litNodes().has(node);
  return filter === null || filter.freeStates === 'all' || filter.nodes.has(node);
}

/** Far out, the gaps between nodes are narrower than a pixel: tiles are inset a little, so that they stay distinct. */
function footprint(draw: MarkWriter, rect: Rect): Rect {
  const { x, y, w, h } = draw.place(rect);
  const inset = Math.min(Math.max(0, (3 - NODE.gap * draw.scale) / 2), w * 0.08, h * 0.08);
  return { x: x + inset, y: y + inset, w: w - 2 * inset, h: h - 2 * inset };
}

/** Draws a node's addresses from below: assigned, then available. */
export function drawGauge(
  draw: MarkWriter,
  id: string,
  tile: Rect,
  { assigned, available, capacity }: Gauge,
  opacity: number,
  tone: Tone,
  readyTone: Tone,
): void {
  const share = (count: number): number => Math.min(1, count / capacity) * tile.h;
  const filled = share(assigned);
  const ready = Math.min(tile.h - filled, share(available));
  const level = tile.y + tile.h - filled;
  if (ready > 0)
    draw.rect(
      'gauge available',
      id,
      { ...tile, y: level - ready, h: ready },
      { fill: readyTone, fillOpacity: AVAILABLE, opacity },
    );
  if (filled === 0) return;
  draw.rect('gauge assigned', id, { ...tile, y: level, h: filled }, { fill: tone, fillOpacity: ASSIGNED, opacity });
  if (tile.w >= 8) draw.line('gauge level', id, tile.x, level, tile.x + tile.w, level, { tone, width: 1.4 });
}

/**
 * All that a tile shows of its node, apart from its place: with equal looks, two tiles are drawn alike. `gauge`: null
 * when it is not known.
 */
export interface TileLook extends ReturnType<SceneFacts['shortName']> {
  readonly id: string;
  readonly ready: boolean | null;
  readonly gauge: Gauge | null;
  /** The colours of its assigned and available addresses. */
  readonly tones: readonly [Tone, Tone];
  readonly opacity: number;
  readonly apart: Severity | null;
  /** Whether its findings pass the filter. */
  readonly left: boolean;
}

/** The look of a node's tile. */
export function tileLook(scope: Scope, node: NodeRecord): TileLook {
  const { facts } = scope;
  const { id, name, ready } = node;
  return {
    id,
    ready,
    ...facts.shortName(name),
    gauge: facts.gauge(node),
    tones: [poolTone(facts, node, 'assigned'), poolTone(facts, node, 'warm')],
    opacity: !isHighlighted(scope, id) ? DIMMED_SLOT : scope.stale === null ? 1 : STALE_SLOT,
    apart: facts.troubleOfNode(id)?.apart ?? null,
    left: isTroubleLeft(scope, id),
  };
}

/** Draws a tile. Only `fill`, which replaces the gauge, may show more than the look. */
function drawLook(draw: MarkWriter, rect: Rect, look: TileLook, fill: (tile: Rect) => boolean): void {
  const { id, gauge, opacity, tones, ready, apart, left } = look;
  const tile = footprint(draw, rect);
  const r = Math.min(3, NODE.r * draw.scale * 2);
  const wide = tile.w >= 12;
  draw.rect('node-frame', id, tile, { r, fill: 'surface' });
  if (fill(tile)) {
    // The colour shows something other than addresses.
  } else if (gauge === null || gauge.capacity === 0) {
    if (tile.w >= 6) draw.hatch('gauge unknown', id, tile, r);
  } else drawGauge(draw, id, tile, gauge, opacity, ...tones);
  if (ready === false)
    draw.rect('node-frame not-ready', id, tile, { r, stroke: { tone: 'err', width: wide ? 1.6 : 1, dash: [3, 2] } });
  else draw.rect('node-frame', id, tile, { r, stroke: { tone: 'edge', width: wide ? 1 : 0.6 } });
  drawName(draw, tile, look);
  drawTrouble(draw, id, tile, apart, left);
}

/** Draws a node at the far level. */
export function drawTile(scope: Scope, rect: Rect, node: NodeRecord): void {
  const { draw, facts } = scope;
  const look = tileLook(scope, node);
  drawLook(draw, rect, look, (tile) => facts.paint?.tile(draw, facts, node, tile, look.opacity) === true);
}

/** Draws a box that is not a single node as an outline, dashed for a deleted node or for ENIs without a node. */
export function drawOtherTile(scope: Scope, box: number, id: string, dashed: boolean): void {
  const { draw, rack, facts } = scope;
  const tile = footprint(draw, boxRect(rack, box));
  draw.rect('node-frame', id, tile, {
    r: Math.min(3, NODE.r * draw.scale * 2),
    fill: dashed ? null : 'surface',
    stroke: { tone: 'edge', width: tile.w >= 12 ? 1 : 0.6, ...(dashed ? { dash: [2, 3] } : {}) },
  });
  // A deleted node, the nodes of a group, or the ENIs on the shelf.
  const inside = [id, ...rack.blocks.ref.slice(rack.boxes.firstBlock[box], rack.boxes.firstBlock[box + 1])];
  const worst = worstSeverity(
    inside.flatMap((id) => (id.startsWith('eni-') ? facts.troubleOf(id)?.worst : facts.troubleOfNode(id)?.apart) ?? []),
  );
  const left = inside.some((id) => isTroubleLeft(scope, id));
  drawTrouble(draw, id, tile, worst, left);
}
