/** Slots wide enough for text: interface, pod and address in each. */
import { idParts } from '../../model/ids';
import type { EniRecord } from '../../model/records';
import { hostDeviceName, interfaceName } from '../../view/labels';
import type { CellStyle } from '../picture/mark';
import { clipped, clippedAddress, clippedMiddle, textWidth } from '../picture/text';
import type { Tone } from '../picture/tokens';
import { slotTone } from './cells';
import { freeOpacity, slotOpacity, type Scope } from './scope';
import type { Slot } from '../places/eni-places';
import type { SlotItem } from '../places/slots';
import type { Rect } from '../picture/rect';

const SIZE = 11.5;
const PAD = 5;

interface Words {
  readonly head: string;
  readonly middle: string;
}

function wordsOf(scope: Scope, eni: EniRecord, item: SlotItem): Words {
  const { interfaces } = scope.facts.source.records;
  const holder = item.interface === null ? undefined : interfaces.get(item.interface);
  if (holder !== undefined) return { head: interfaceName(holder), middle: idParts(holder.pod)[1] ?? '' };
  const host = hostDeviceName(eni);
  const words: Readonly<Record<CellStyle, Words>> = {
    primary: { head: 'primary', middle: host ?? 'never for pods' },
    assigned: { head: 'assigned', middle: 'holder not known' },
    warm: { head: 'warm', middle: 'ready' },
    cooling: { head: 'cooling', middle: 'just freed' },
    unclaimed: { head: 'unclaimed', middle: 'not in any pool' },
    excluded: { head: 'excluded', middle: 'not used by the CNI' },
    unknown: { head: 'unknown', middle: 'state not known' },
    requested: { head: 'requested', middle: 'not reported' },
  };
  return words[item.style];
}

function drawSlot(scope: Scope, eni: EniRecord, item: SlotItem, at: Rect): void {
  const { draw, facts } = scope;
  const opacity = slotOpacity(scope, eni.id, item);
  const id = item.interface ?? eni.id;
  const held = item.style === 'assigned' || (item.style === 'primary' && item.interface !== null);
  const network = held || item.style === 'warm' || item.style === 'cooling' ? slotTone(scope, item, eni.id) : 'edge';
  const strip = Math.min(18, Math.max(14, at.h * 0.27));
  const { head, middle } = wordsOf(scope, eni, item);
  const part = `label ${item.style}`;
  let headTone: Tone = 'ink';
  let bodyTone: Tone = 'text2';
  let addressTone: Tone = 'ink';
  if (item.style === 'primary' && !held) {
    draw.rect(part, id, at, { r: 4, fill: 'primary', opacity });
    headTone = bodyTone = addressTone = 'primaryOn';
  } else if (held) {
    draw.rect(part, id, at, { r: 4, fill: 'surface' });
    draw.rect(part, id, at, { r: 4, fill: network, fillOpacity: 0.12, stroke: { tone: network, width: 1.5 }, opacity });
    draw.rect(part, id, { ...at, h: strip }, { r: 3, fill: network, opacity });
    headTone = opacity < 1 ? 'ink' : (facts.paint?.on(network) ?? facts.onTone(item.network));
    bodyTone = 'ink';
  } else if (item.style === 'unknown' || item.style === 'unclaimed' || item.style === 'excluded') {
    const dash = item.style === 'unknown' ? { dash: [2, 2] as const } : {};
    draw.rect(part, id, at, { r: 4, fill: 'surface', stroke: { tone: 'edge', width: 1, ...dash } });
  } else {
    draw.rect(part, id, at, { r: 4, fill: 'surface' });
    const mark = { kind: 'cells', part, id, tone: network, w: at.w, at: [at.x, at.y], r: 4, opacity } as const;
    draw.marks.push({ ...mark, style: 'warm', h: at.h });
    if (item.style === 'cooling') {
      draw.rect(part, id, { x: at.x + 1, y: at.y + 1, w: at.w - 2, h: at.h - 2 }, { r: 3, fill: 'surface' });
      draw.marks.push({ ...mark, style: 'cooling', h: strip });
    }
  }
  const width = at.w - 2 * PAD;
  const x = at.x + PAD;
  const title = clipped(head, SIZE, width, 650);
  if (title !== null) {
    if (item.style === 'cooling')
      draw.rect(
        part,
        id,
        { x: at.x + 2, y: at.y + 1, w: textWidth(title, SIZE, 650) + 2 * PAD, h: strip - 2 },
        { fill: 'surface' },
      );
    draw.text('slot-name', id, x, at.y + strip / 2 + 4.2, SIZE, [{ text: title, tone: headTone, weight: 650 }]);
  }
  const icon = facts.paint?.icon(facts, item, eni.id) ?? null;
  if (held && icon !== null)
    draw.icon('slot-icon', id, icon, at.x + at.w - 15, at.y + strip / 2 - 6, 12, 'surface', network);
  // Two lines below the strip. If only one fits, it is the address, because it cannot be guessed.
  const room = at.h - strip;
  const weight = held ? 600 : 400;
  if (room >= 27) {
    const words = held ? clippedMiddle(middle, SIZE, width, weight) : clipped(middle, SIZE, width, weight);
    if (words !== null)
      draw.text('slot-pod', id, x, at.y + strip + room * 0.36 + 2, SIZE, [{ text: words, tone: bodyTone, weight }]);
  }
  if (room < 13 || item.ip === null) return;
  const ip = clippedAddress(item.ip, SIZE, width + PAD);
  if (ip === null) return;
  const baseline = at.y + at.h - (room >= 27 ? room * 0.14 + 1 : room * 0.3);
  draw.text('slot-ip', id, x, baseline, SIZE, [{ text: ip, tone: addressTone, mono: true }]);
}

/** Draws all slots of an ENI, visible or not: the caller has culled by box, and the canvas clips. */
export function drawLabelled(scope: Scope, eni: EniRecord, slots: readonly Slot[], free: readonly Rect[]): void {
  const { draw } = scope;
  for (const slot of slots) drawSlot(scope, eni, slot, draw.place(slot.rect));
  const opacity = freeOpacity(scope, eni.id);
  for (const rect of free) {
    const at = draw.place(rect);
    const stroke = { tone: 'edge', width: 1, dash: [2, 2] } as const;
    draw.rect('label free', eni.id, at, { r: 4, stroke, opacity });
    draw.fit('slot-name', eni.id, at.x + PAD, at.y + at.h / 2 + 4, SIZE, at.w - 2 * PAD, [
      [{ text: 'free', tone: 'text3' }],
    ]);
  }
}
