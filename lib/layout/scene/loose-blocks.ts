/** Addresses on no ENI: of a node without ENIs, of a deleted node, of a Fargate pod. */
import { counted } from '../../model/counted';
import { nameOf } from '../../model/ids';
import type { NodeRecord } from '../../model/records';
import { addressesIn } from '../../view/eni-outline';
import { currentEni } from '../../view/partial-set';
import { idsOf } from '../../view/view-source';
import { shortId } from '../../view/selection';
import { ENI } from '../rack/geometry';
import { blockKind } from '../rack/rack';
import { besideSlots, looseSlots, tileSlot } from '../places/block-places';
import { drawCells, slotSize } from './cells';
import { MIN_LINE, BODY, bold, centred, clippedSpan, span } from '../picture/mark-writer';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Draws the addresses of a node that are on no ENI. */
export function drawAddresses(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { draw, facts } = scope;
  const slots = looseSlots(facts.source, node, rect);
  const frame = draw.place(rect);
  draw.rect('addresses-frame', node.id, frame, { r: ENI.r, fill: 'surface', stroke: { tone: 'edge', width: 1 } });
  const hasEnis = idsOf(facts.source.indexes.enisByNode, node.id).size > 0;
  const onAws = node.instanceId !== null;
  const head = hasEnis ? 'on no ENI' : onAws ? 'ENI unknown' : 'pod addresses';
  const note = hasEnis ? ' · stays on this node' : ' · addresses from pod status';
  if (ENI.title * draw.scale >= MIN_LINE) {
    const y = centred(frame.y + (ENI.title * draw.scale) / 2, BODY);
    const count = draw.fit(
      'eni-ratio',
      node.id,
      frame.x + frame.w - 8,
      y,
      BODY,
      frame.w / 3,
      [[span(String(slots.length))]],
      'end',
    );
    draw.fit('eni-title', node.id, frame.x + 8, y, BODY, frame.w - count - 24, [
      [bold(head), span(note)],
      [bold(head)],
    ]);
  }
  drawCells(scope, node.id, slotSize(draw.scale), slots);
}

/** Draws addresses on no ENI in one line, on a node whose pods have their addresses on ENIs. */
export function drawBeside(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { draw, facts } = scope;
  const { slots, words, more } = besideSlots(facts.source, node, rect);
  drawCells(scope, node.id, slotSize(draw.scale), slots);
  if (rect.h * draw.scale < MIN_LINE) return;
  const y = centred(draw.py(rect.y + rect.h / 2), BODY);
  if (words && slots[0] !== undefined) {
    const width = (slots[0].rect.x - rect.x) * draw.scale - 4;
    draw.fit('beside', node.id, draw.px(rect.x), y, BODY, width, [[span('on no ENI')]]);
  }
  if (more === 0) return;
  const right = draw.px(rect.x + rect.w);
  draw.fit('beside-more', node.id, right, y, BODY, 40 * draw.scale, [[span(`+${more}`)]], 'end');
}

/** Draws the reserved place of an ENI. */
/**
 * How many reserved places of a kind follow from this one on; 0 if the previous place is of the same kind, because the
 * first one is labelled for all.
 */
export function vacantRun({ rack }: Scope, block: number): number {
  const isLike = (other: number): boolean =>
    blockKind(rack, other) === 'vacant' &&
    rack.blocks.ref[other] === rack.blocks.ref[block] &&
    rack.blocks.rows[other] === rack.blocks.rows[block];
  const count = rack.blocks.kind.length;
  if (block > 0 && isLike(block - 1)) return 0;
  let end = block + 1;
  while (end < count && isLike(end)) end++;
  return end - block;
}

/** Draws a reserved place. `run`: the result of `vacantRun`. */
export function drawVacant({ draw }: Scope, ref: string, rect: Rect, what: string, run: number): void {
  const frame = draw.place(rect);
  draw.rect('eni-vacant', ref, frame, {
    r: Math.min(ENI.r, ENI.r * draw.scale * 2),
    stroke: { tone: 'line', width: 1, dash: [2, 3] },
  });
  if (run === 0 || frame.h < MIN_LINE) return;
  const y = centred(frame.y + Math.min(frame.h, ENI.title * Math.max(1, draw.scale)) / 2, BODY);
  draw.fit('eni-vacant-words', ref, frame.x + 8, y, BODY, frame.w - 16, [
    [span(`${run === 1 ? what : counted(run, what)} not attached`, 'text3')],
    [span(run === 1 ? 'not attached' : `${run} not attached`, 'text3')],
  ]);
}

/** Draws a record that still refers to a deleted node. */
export function drawGhostRef(scope: Scope, ref: string, rect: Rect): void {
  const { draw, facts } = scope;
  const frame = draw.place(rect);
  const eni = currentEni(facts.source, ref);
  const pod = facts.source.records.pods.get(ref);
  draw.rect('ghost-ref', ref, frame, { r: ENI.r, fill: 'surface', stroke: { tone: 'edge', width: 1 } });
  const y = frame.y + 16;
  const width = frame.w - 16;
  if (frame.h < MIN_LINE + 4) return;
  const state = eni !== undefined ? (eni.status ?? '') : pod?.deleting === true ? 'Terminating' : (pod?.phase ?? '');
  const taken =
    state === ''
      ? 0
      : draw.fit('ghost-state', ref, frame.x + frame.w - 8, y, BODY, width / 2, [[bold(state, 'text2')]], 'end');
  const title =
    eni !== undefined
      ? [[bold('ENI'), span(` · ${shortId(ref)}`)], [bold('ENI')]]
      : [[bold('pod'), span(` · ${nameOf(ref)}`)], [bold('pod')]];
  draw.fit('ghost-title', ref, frame.x + 8, y, BODY, width - taken - 8, title);
  if (frame.h < 34) return;
  const address = pod?.ips[0];
  const line =
    eni !== undefined
      ? addressesIn(eni, 'assigned') === 0
        ? 'no pod has its addresses'
        : `${counted(addressesIn(eni, 'assigned'), 'address', 'addresses')} assigned`
      : address === undefined
        ? 'no address'
        : `address ${address} on no ENI any more`;
  const words = clippedSpan(line, BODY, width, { tone: 'text2' });
  if (words.length > 0) draw.text('ghost-words', ref, frame.x + 8, frame.y + 34, BODY, words);
}

/** Draws the tile of a Fargate node. */
export function drawFargateTile(scope: Scope, ref: string, rect: Rect): void {
  const { draw, facts } = scope;
  const at = draw.place(rect);
  draw.rect('tile-frame', ref, at, {
    r: Math.min(4, 4 * draw.scale),
    fill: 'surface',
    stroke: { tone: 'edge', width: 1 },
  });
  drawCells(scope, ref, slotSize(draw.scale), [tileSlot(facts.source, ref, rect)]);
  const trouble = facts.troubleOfNode(ref);
  if (trouble !== null && trouble.worst !== 'info' && draw.scale >= 0.5)
    draw.icon(
      'tile-finding',
      ref,
      trouble.worst,
      at.x + at.w - 8,
      at.y - 5,
      12,
      trouble.worst === 'error' ? 'err' : 'warnFill',
      'surface',
      true,
    );
}
