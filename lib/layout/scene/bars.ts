/** The level of ENI bars: a node's name, its worst finding, and a bar with a ratio for each ENI. */
import { counted } from '../../model/counted';
import type { NodeRecord } from '../../model/records';
import type { EniOrOutline } from '../../view/eni-outline';
import { currentEni, layoutEnisUnder } from '../../view/partial-set';
import { HEADER, NODE } from '../rack/geometry';
import { blockKind, blockRect } from '../rack/rack';
import { drawBlock } from './block';
import { barIn, drawMiniEni, ratioColumn, TALL } from './mini-eni';
import { drawFrame, drawTitleRow } from './node';
import { BODY, centred, span } from '../picture/mark-writer';
import { mainPool } from './pool-bar';
import { isTroubleLeft, type Scope } from './scope';
import { drawTrouble } from './tile';
import type { Rect } from '../picture/rect';

/** The reserved place of an ENI: a bar, or a box where its prefixes need one, drawn faintly. */
function drawVacantBar({ draw, rack }: Scope, block: number): void {
  const whole = draw.place(blockRect(rack, block));
  const bar = whole.h > TALL ? whole : barIn(whole);
  if (bar.h < 3) return;
  draw.rect('eni-vacant', rack.blocks.ref[block] ?? '', bar, { stroke: { tone: 'line', width: 1, dash: [2, 3] } });
}

/** Height of what is above a node's ENIs, in pixels. */
function headerOf({ draw, rack }: Scope, box: number): number {
  const first = rack.boxes.firstBlock[box] ?? 0;
  return (first < rack.blocks.kind.length ? (rack.blocks.y[first] ?? HEADER.height) : HEADER.height) * draw.scale;
}

/** Minimum height of a header that shows the name, in pixels; the bars below it are inset. */
const MIN_HEADER = 12;
/** Inset of a finding's icon at the corner, in pixels, so that no other node covers it. */
const INSIDE = 4;

/** Whether a node has room for its name. */
export const hasBarsName = (scope: Scope, box: number, frame: Rect): boolean =>
  headerOf(scope, box) >= MIN_HEADER && frame.w >= 46;

/** A node at the level of ENI bars. */
export function drawBarsNode(scope: Scope, box: number, rect: Rect, node: NodeRecord): void {
  const { draw, rack } = scope;
  const frame = drawFrame(scope, node, rect);
  const pad = Math.max(3, NODE.padding * draw.scale);
  const first = rack.boxes.firstBlock[box] ?? 0;
  const header = headerOf(scope, box);
  const isNamed = hasBarsName(scope, box, frame);
  if (isNamed) {
    const two = header >= 34;
    const hasEnis = layoutEnisUnder(scope.facts.source, 'enisByNode', node.id).length > 0;
    drawTitleRow(scope, node, frame, pad, frame.y + (two ? header * 0.3 : header / 2));
    const pool = mainPool(node);
    if (two && pool !== null) {
      const free = scope.facts.gauge(node);
      const more = node.eniSlots.free;
      const room =
        free === null || free.capacity === 0 || !hasEnis
          ? ''
          : `${free.capacity - free.assigned - free.available} free`;
      const enis = more === null ? '' : more === 0 ? ' · no more ENIs' : ` · +${counted(more, 'ENI')}`;
      const y = centred(frame.y + header * 0.72, BODY);
      draw.fit('pool-room', node.id, frame.x + pad, y, BODY, frame.w - 2 * pad, [[span(room + enis)], [span(room)]]);
    }
  }
  const enis: { readonly eni: EniOrOutline; readonly at: Rect }[] = [];
  for (let block = first; block < (rack.boxes.firstBlock[box + 1] ?? 0); block++) {
    const kind = blockKind(rack, block);
    if (kind !== 'eni') {
      if (kind === 'vacant') drawVacantBar(scope, block);
      else if (kind !== 'card-heading' && kind !== 'fold') drawBlock(scope, block, kind, node);
      continue;
    }
    const eni = currentEni(scope.facts.source, rack.blocks.ref[block] ?? '');
    if (eni !== undefined && (rack.blocks.scale[block] ?? 1) < 1)
      drawMiniEni(scope, eni, node, draw.place(blockRect(rack, block)));
    else if (eni !== undefined) enis.push({ eni, at: draw.place(blockRect(rack, block)) });
  }
  const column = ratioColumn(
    scope,
    enis.map(({ eni }) => eni),
    node,
  );
  const right = frame.x + frame.w - Math.max(5, NODE.padding * draw.scale);
  for (const { eni, at } of enis) drawMiniEni(scope, eni, node, { ...at, w: right - at.x }, column);
  if (isNamed) return;
  const corner = { ...frame, y: frame.y + INSIDE, w: frame.w - INSIDE };
  const apart = scope.facts.troubleOfNode(node.id)?.apart ?? null;
  drawTrouble(draw, node.id, corner, apart, isTroubleLeft(scope, node.id));
}
