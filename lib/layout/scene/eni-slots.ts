/**
 * Draws the contents of an ENI's box at the positions from `places`: slots, prefixes, the IPv6 prefix, or branch ENIs.
 */
import { counted } from '../../model/counted';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { EniRecord } from '../../model/records';
import { shortId } from '../../view/selection';
import { BODY, bold, centred, MIN_LINE, mono, span } from '../picture/mark-writer';
import type { Rect } from '../picture/rect';
import type { SlotItem } from '../places/slots';
import type { Branch, EniPlaces, PrefixRow, Slot } from '../places/eni-places';
import { ENI, PREFIX, SLOT } from '../rack/geometry';
import { SEVERITY_FILL } from './badges';
import { drawCells, slotSize, slotTone } from './cells';
import { drawLabelled } from './labelled';
import type { Scope } from './scope';

/** Minimum height of a line of text in a frame of its own, in pixels. */
const MIN_FRAMED = 14;
/** Minimum width of a slot with text, in pixels. */
const MIN_LABELLED = 50;

/** A slot that represents any address ready to be assigned. */
const READY: SlotItem = { style: 'warm', network: CLUSTER_NETWORK, ip: null, interface: null };

type Places<C extends EniPlaces['content']> = Extract<EniPlaces, { readonly content: C }>;

/** Draws a prefix row. `k`: CSS pixels per layout unit inside the ENI's block. */
function drawPrefixRow(scope: Scope, eni: EniRecord, row: PrefixRow, right: number, k: number): void {
  const { draw } = scope;
  const { prefix, cells } = row;
  const taken = prefix.assigned ?? cells.filter(({ style }) => style === 'assigned').length;
  const free = taken === 0 && cells.every(({ style }) => style === 'warm');
  const frame = draw.place(row.frame);
  draw.rect('prefix-frame', eni.id, frame, {
    r: Math.min(3, 3 * k),
    stroke: free ? { tone: slotTone(scope, READY, eni.id), width: 1.2 } : { tone: 'line', width: 1 },
  });
  drawCells(scope, eni.id, [PREFIX.w * k, PREFIX.h * k], cells);
  if (PREFIX.row * k < MIN_LINE) return;
  const baseline = centred(frame.y + frame.h / 2, BODY);
  const count = free ? bold('free') : span(`${taken}/${prefix.size ?? 16}`);
  const width = draw.fit('prefix-count', eni.id, right, baseline, BODY, right - frame.x - frame.w, [[count]], 'end');
  const label = prefix.cidr.replace(/^\d+\.\d+\./, '…');
  const room = right - width - frame.x - frame.w - 11;
  // The prefixes of an ENI differ in their last part.
  const last = `…${/[.:][^.:]*$/.exec(prefix.cidr)?.[0] ?? ''}`;
  const wordings = [label, last, last.replace(/\/\d+$/, '')].map((text) => [mono(text, 'text3')]);
  draw.fit('prefix-range', eni.id, frame.x + frame.w + 5, baseline, BODY, room, wordings);
}

function drawPrefixes(scope: Scope, eni: EniRecord, places: Places<'prefixes'>, rect: Rect, k: number): void {
  const { draw } = scope;
  const { loose, rows, free, freeLine } = places;
  drawCells(scope, eni.id, slotSize(k), loose);
  const right = draw.px(rect.x + rect.w) - ENI.inset * Math.min(1, k);
  for (const row of rows) drawPrefixRow(scope, eni, row, right, k);
  drawCells(scope, eni.id, slotSize(k), [], free);
  if (free.length === 0 || SLOT.pitchY * k < MIN_LINE) return;
  const x = draw.px(rect.x) + ENI.inset * k;
  draw.fit('prefix-free', eni.id, x, draw.py(freeLine), BODY, rect.w * draw.scale - 16, [
    [span(`${counted(free.length, 'prefix slot')} free · each a dot`, 'text3')],
    [span(`${free.length} free`, 'text3')],
  ]);
}

function drawIpv6(scope: Scope, eni: EniRecord, places: Places<'ipv6'>, rect: Rect, k: number): void {
  const { draw } = scope;
  drawCells(scope, eni.id, slotSize(k), places.slots);
  const block = eni.prefixes.find(({ cidr }) => cidr.includes(':'));
  const bar = draw.place(places.bar);
  const held = eni.addresses.filter(({ ip, state }) => ip.includes(':') && state === 'assigned').length;
  const assigned = block?.assigned ?? held;
  const mark = {
    kind: 'cells',
    part: 'slot ipv6',
    id: eni.id,
    style: 'warm',
    tone: slotTone(scope, READY, eni.id),
  } as const;
  if (block !== undefined) draw.marks.push({ ...mark, w: bar.w, h: bar.h, r: Math.min(3, 3 * k), at: [bar.x, bar.y] });
  if (bar.h < MIN_LINE - 1) return;
  const length = block === undefined ? '' : block.cidr.slice(block.cidr.indexOf('/'));
  const words = block === undefined ? 'no prefix assigned yet' : `${length} · ${assigned} assigned`;
  draw.fit('ipv6-words', eni.id, bar.x + 7, centred(bar.y + bar.h / 2, BODY), BODY, bar.w - 12, [[bold(words)]]);
  if (block === undefined) return;
  const x = draw.px(rect.x) + ENI.inset * k;
  const y = draw.py(rect.y) + (ENI.title + 34) * k;
  draw.fit('ipv6-range', eni.id, x, y, BODY, rect.w * draw.scale - 16, [[mono(block.cidr, 'text2')]]);
}

/** Draws a branch, connected to the stem. `from`: start of its part of the stem, in pixels. */
function drawBranch(scope: Scope, { eni, slot }: Branch, at: Rect, stem: number, from: number, k: number): void {
  const { draw, facts } = scope;
  const middle = at.y + at.h / 2;
  const d = `M${stem.toFixed(1)} ${from.toFixed(1)}V${(middle - 4).toFixed(1)}q0 4 4 4H${at.x.toFixed(1)}`;
  const stroke = { tone: 'edge', width: 1 } as const;
  draw.path('branch-stem', eni.id, d, stroke);
  const trouble = facts.troubleOf(eni.id);
  const tone = trouble === null || trouble.worst === 'info' ? 'edge' : SEVERITY_FILL[trouble.worst];
  if (at.h >= MIN_FRAMED || tone !== 'edge')
    draw.rect('branch-frame', eni.id, at, { r: 3, fill: 'surface', stroke: { tone, width: 1 } });
  if (ENI.lines * k < MIN_LINE) return;
  const pod = eni.branchPod ?? facts.source.records.interfaces.get(slot.interface ?? '')?.pod ?? null;
  const name = pod === null ? 'no pod names it' : pod.slice(pod.indexOf('/') + 1);
  const vlan = eni.vlan === null ? 'vlan ?' : `vlan ${eni.vlan}`;
  const x = at.x + (SLOT.w + 8) * k;
  draw.fit('branch-words', eni.id, x, centred(middle, BODY), BODY, at.x + at.w - x - 4, [
    [span(`${vlan}  `, 'text3'), span(`${shortId(eni.id)}  `), span(name, 'ink')],
    [span(`${vlan}  `, 'text3'), span(name, 'ink')],
    [span(name, 'ink')],
    [span(vlan, 'text3')],
  ]);
}

function drawTrunk(scope: Scope, trunk: EniRecord, places: Places<'trunk'>, rect: Rect, k: number): void {
  const { draw } = scope;
  const stem = draw.px(rect.x) + (ENI.inset + 6) * k;
  let from = draw.py(rect.y) + ENI.title * k - 2;
  for (const branch of places.branches) {
    if (branch.line === null) continue;
    const at = draw.place(branch.line);
    drawBranch(scope, branch, at, stem, from, k);
    from = at.y + at.h / 2;
  }
  drawCells(scope, trunk.id, slotSize(k), places.slots);
}

const podOf = (scope: Scope, { interface: id }: Slot): string | null => {
  const pod = scope.facts.source.records.interfaces.get(id ?? '')?.pod ?? null;
  return pod === null ? null : pod.slice(pod.indexOf(':') + 1).replace('/', ' / ');
};

/** Draws the pods that hold the device, by name; there are no slots to count. */
function drawDevice(scope: Scope, eni: EniRecord, places: Places<'device'>, rect: Rect, k: number): void {
  const { draw } = scope;
  const { slots } = places;
  if (scope.level === 'labelled' && SLOT.w * k >= MIN_LABELLED) {
    drawLabelled(scope, eni, slots, []);
    return;
  }
  drawCells(scope, eni.id, slotSize(k), slots);
  if (SLOT.h * k < MIN_LINE - 2) return;
  const x = draw.px(rect.x) + (ENI.inset + Math.min(slots.length, SLOT.perRow) * SLOT.pitchX) * k;
  const y = draw.py(rect.y) + (ENI.title + SLOT.h / 2) * k;
  const names = [...new Set(slots.flatMap((slot) => podOf(scope, slot) ?? []))];
  const what = eni.addresses.length === 0 ? [span('  no address', 'text3')] : [];
  const words =
    slots.length === 0
      ? [[span(`free for claims · ${[...new Set(eni.offeredBy.map(driverOf))].join(', ')}`, 'text3')]]
      : names.length === 0
        ? []
        : [[span(names.join(', ')), ...what], [span(names.join(', '))], [span(counted(names.length, 'pod')), ...what]];
  const inset = slots.length === 0 ? 0 : 4;
  draw.fit('eni-device', eni.id, x + inset, centred(y, BODY), BODY, draw.px(rect.x + rect.w) - x - inset - 6, words);
}

/** `DRIVER/DEVICE` */
const driverOf = (offer: string): string => offer.slice(0, offer.indexOf('/'));

/** Draws the places of an ENI. `rect`: the ENI's block; `k`: CSS pixels per layout unit inside it. */
export function drawEniPlaces(scope: Scope, eni: EniRecord, places: EniPlaces, rect: Rect, k: number): void {
  switch (places.content) {
    case 'slots':
      if (scope.level === 'labelled' && SLOT.w * k >= MIN_LABELLED) drawLabelled(scope, eni, places.slots, places.free);
      else drawCells(scope, eni.id, slotSize(k), places.slots, places.free);
      return;
    case 'prefixes':
      drawPrefixes(scope, eni, places, rect, k);
      return;
    case 'ipv6':
      drawIpv6(scope, eni, places, rect, k);
      return;
    case 'trunk':
      drawTrunk(scope, eni, places, rect, k);
      return;
    case 'device':
      drawDevice(scope, eni, places, rect, k);
      return;
    case 'none':
      return;
  }
}
