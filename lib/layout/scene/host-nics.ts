/** Host NICs and their virtual functions, shown instead of cards and ENIs where there is no EC2. */
import { networkLabel } from '../../view/labels';
import type { NodeRecord } from '../../model/records';
import { CARD, ENI } from '../rack/geometry';
import { vfPlaces } from '../places/block-places';
import { drawCells, slotSize } from './cells';
import { MIN_LINE, BODY, bold, centred, span } from '../picture/mark-writer';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Draws the heading of a host NIC. */
export function drawNicHeading(scope: Scope, ref: string, rect: Rect): void {
  const { draw, facts } = scope;
  const nic = facts.source.records.hostNics.get(ref);
  if (nic === undefined || CARD.height * draw.scale < MIN_LINE) return;
  const state = nic.up === null ? '' : nic.up ? ' · up' : ' · down';
  const vfs =
    nic.vfs === null ? '' : nic.vfs.total === null ? ' · VFs not known' : nic.vfs.total === 0 ? ' · no VFs' : '';
  const name = nic.certainty === 'inferred' ? `~${nic.name}` : nic.name;
  const head = bold(`host NIC ${name}`, 'text2');
  const y = draw.py(rect.y + CARD.baseline);
  draw.fit('nic-heading', ref, draw.px(rect.x), y, BODY, rect.w * draw.scale, [
    [head, span(state + vfs)],
    [head],
    [bold(name, 'text2')],
  ]);
}

/** Draws the virtual functions of a host NIC. */
export function drawVfs(scope: Scope, node: NodeRecord, ref: string, rect: Rect): void {
  const { draw, facts } = scope;
  const nic = facts.source.records.hostNics.get(ref);
  if (nic === undefined) return;
  const { slots, free, used, total } = vfPlaces(facts.source, node.id, ref, rect);
  const none = used >= total;
  const frame = draw.place(rect);
  draw.rect('vfs-frame', ref, frame, {
    r: ENI.r,
    fill: 'surface',
    stroke: none ? { tone: 'err', width: 1.2 } : { tone: 'edge', width: 1 },
  });
  if (ENI.title * draw.scale >= MIN_LINE) {
    const y = centred(frame.y + (ENI.title * draw.scale) / 2, BODY);
    const networks = [
      ...new Set(slots.flatMap(({ network }) => (network === null ? [] : networkLabel(network)))),
    ].sort();
    const ratio = [span(`${used}/${total}`)];
    const right = none ? [[bold('none left', 'err'), span('  '), ...ratio], ratio] : [ratio];
    const taken = draw.fit('eni-ratio', ref, frame.x + frame.w - 8, y, BODY, frame.w - 40, right, 'end');
    const names = networks.length === 0 ? [] : [[bold('VFs'), span(` · ${networks.join(', ')}`)]];
    draw.fit('eni-title', ref, frame.x + 8, y, BODY, frame.w - taken - 24, [...names, [bold('VFs')]]);
    if (none && frame.w > 160)
      draw.icon('eni-finding', ref, 'error', frame.x + frame.w - taken - 28, y - 11, 14, 'err');
  }
  drawCells(scope, ref, slotSize(draw.scale), slots, free);
}
