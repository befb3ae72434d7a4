/** An ENI as one bar with its ratio, for the level of ENI bars and the cells of a card matrix. */
import type { NodeRecord } from '../../model/records';
import { CLUSTER_NETWORK } from '../../model/ids';
import type { EniOrOutline, EniOutline } from '../../view/eni-outline';
import { isUnmanaged } from '../../view/labels';
import { contentOf, slotsOf } from '../rack/eni-content';
import type { CellStyle, Span } from '../picture/mark';
import { spansWidth } from '../picture/text';
import type { Tone } from '../picture/tokens';
import { ratioWords } from './eni';
import { BODY, centred, span } from '../picture/mark-writer';
import { slotTone } from './cells';
import { slotOpacity, type Scope } from './scope';
import { isFour, prefixItems, slotItems, type SlotItem } from '../places/slots';
import type { Rect } from '../picture/rect';

interface Run {
  readonly style: 'assigned' | 'warm' | 'cooling';
  readonly tone: Tone;
  readonly opacity: number;
  count: number;
}

/** Slots with the same look, and their number. */
interface Slots {
  readonly item: SlotItem;
  readonly count: number;
}

/** Splits an ENI's addresses into runs by network, in the order assigned, warm, cooling. */
function runsOf(scope: Scope, eni: string, slots: readonly Slots[]): readonly Run[] {
  const runs = new Map<string, Run>();
  for (const { item, count } of slots) {
    const style = item.style === 'primary' && item.interface !== null ? 'assigned' : item.style;
    if (style !== 'assigned' && style !== 'warm' && style !== 'cooling') continue;
    const tone = slotTone(scope, item, eni);
    const opacity = slotOpacity(scope, eni, item);
    const key = `${['assigned', 'warm', 'cooling'].indexOf(style)} ${tone} ${opacity}`;
    const run = runs.get(key);
    if (run === undefined) runs.set(key, { style, tone, opacity, count });
    else run.count += count;
  }
  return [...runs.keys()]
    .sort()
    .map((key) => runs.get(key))
    .filter((run) => run !== undefined);
}

const single = (item: SlotItem): Slots => ({ item, count: 1 });

const anonymous = (style: CellStyle, network: string | null, count: number): Slots => ({
  item: { style, network, ip: null, interface: null },
  count,
});

/** The slots of an ENI whose addresses have not been loaded, from its address counts. */
function countedSlots(eni: EniOutline, inPrefixes: boolean): readonly Slots[] {
  const slots: Slots[] = [];
  let listed = 0;
  for (const { state, family, network, count } of eni.addressCounts) {
    if (family !== 4) continue;
    if (state !== 'primary') listed += count;
    const style = state === 'primary' && network !== null ? 'assigned' : state;
    slots.push(anonymous(style, network ?? CLUSTER_NETWORK, count));
  }
  const blocks = eni.prefixes.filter(({ cidr }) => isFour(cidr));
  if (!inPrefixes)
    return [
      ...slots,
      ...blocks.map(({ assigned }) => anonymous((assigned ?? 0) > 0 ? 'assigned' : 'warm', CLUSTER_NETWORK, 1)),
    ];
  const unlisted = blocks.reduce((sum, { size }) => sum + (size ?? 0), 0) - (listed - eni.leftovers);
  return [...slots, anonymous('warm', CLUSTER_NETWORK, Math.max(0, unlisted))];
}

function slotsIn(scope: Scope, eni: EniOrOutline, node: NodeRecord): { slots: readonly Slots[]; capacity: number } {
  const { networkOf } = scope.facts;
  const inPrefixes = contentOf(eni, node) === 'prefixes';
  if (contentOf(eni, node) === 'device')
    return {
      slots: eni.claimedBy.map((id) => anonymous('assigned', networkOf(id), 1)),
      capacity: Math.max(1, eni.claimedBy.length),
    };
  const capacity = slotsOf(eni) * (inPrefixes ? 16 : 1);
  if (!('addresses' in eni)) return { slots: countedSlots(eni, inPrefixes), capacity };
  const items = inPrefixes
    ? eni.prefixes.flatMap((prefix) => prefixItems(prefix, eni, networkOf))
    : slotItems(eni, networkOf);
  return { slots: items.map(single), capacity };
}

const BAR = 12;
/** Minimum length of a useful bar, in pixels; if it would be shorter, the ratio is dropped. */
const MIN_BAR = 18;

const ratioSpans = (scope: Scope, eni: EniOrOutline, node: NodeRecord): readonly Span[] => [
  span(ratioWords(scope, eni, node).replace(/ (prefixes|branches)$/, ''), 'text2'),
];

/** Width of the ratios of a node's ENIs in pixels, so that all its bars end at the same x. */
export const ratioColumn = (scope: Scope, enis: readonly EniOrOutline[], node: NodeRecord): number =>
  enis.reduce((most, eni) => Math.max(most, spansWidth(ratioSpans(scope, eni, node), BODY)), 0);

/** A box higher than this, in pixels, has its bar at its upper edge. */
export const TALL = 30;

/** The rectangle of the bar in an ENI's box. */
export function barIn({ x, y, w, h }: Rect): Rect {
  const height = Math.min(BAR, Math.max(2, h * 0.62));
  return { x, y: y + (Math.min(h, TALL) - height) / 2, w, h: height };
}

/** The rectangle around an ENI's bar and ratio. */
const roomOf = ({ x, y, w, h }: Rect): Rect => ({ x: x - 3, y, w: w + 6, h });

/** Draws an ENI as a bar, with the ratio beside it in a column of width `column` if it fits. */
export function drawMiniEni(scope: Scope, eni: EniOrOutline, node: NodeRecord, frame: Rect, column = 0): void {
  const { draw } = scope;
  const words = ratioSpans(scope, eni, node);
  const wide = Math.max(column, spansWidth(words, BODY)) + 8;
  const withWords = frame.h >= 12 && frame.w > wide + MIN_BAR;
  const whole = barIn(frame);
  const { h } = whole;
  const bar = { ...whole, w: frame.w - (withWords ? wide : 0) };
  // The space below the bar is for the ENI's prefixes; the frame shows that it belongs to the ENI, not to the node.
  if (frame.h > TALL) draw.rect('eni-room', eni.id, roomOf(frame), { stroke: { tone: 'line', width: 1 }, r: 3 });
  if (isUnmanaged(eni)) {
    draw.rect('eni-ground', eni.id, bar, { fill: 'surface' });
    if (h >= 5) draw.hatch('eni-unmanaged', eni.id, bar, 0);
    draw.rect('eni-frame', eni.id, bar, { stroke: { tone: 'edge', width: 0.8, dash: [3, 2] } });
  } else draw.rect('eni-ground', eni.id, bar, { fill: 'sunk' });
  const { slots, capacity } = slotsIn(scope, eni, node);
  let x = bar.x;
  for (const { style, tone, opacity, count } of runsOf(scope, eni.id, slots)) {
    const w = Math.min((count / Math.max(1, capacity)) * bar.w, bar.x + bar.w - x);
    if (w <= 0) break;
    draw.marks.push({
      kind: 'cells',
      part: `bar ${style}`,
      id: eni.id,
      style,
      tone,
      w,
      h,
      r: 0,
      at: [x, bar.y],
      opacity,
    });
    x += w;
  }
  const worst = scope.facts.troubleOf(eni.id)?.worst;
  if (worst === 'error' || worst === 'warning')
    draw.rect('eni-frame', eni.id, bar, { stroke: { tone: worst === 'error' ? 'err' : 'warnFill', width: 1.2 } });
  if (withWords) draw.text('eni-ratio', eni.id, frame.x + frame.w, centred(bar.y + h / 2, BODY), BODY, words, 'end');
}
