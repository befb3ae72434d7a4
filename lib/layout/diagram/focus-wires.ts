/** The wires of a link diagram: from an interface to its slot, and the ribbon from an ENI to its card. */
import { linkHorizontal } from 'd3-shape';
import { type MarkWriter } from '../picture/mark-writer';
import { round } from '../picture/text';
import { middleOf, type FocusCard, type FocusEni, type FocusLayout, type FocusRow } from './focus-layout';
import { tally } from '../../model/sums';

/** Opacity of wires at rest, so that a highlighted path stands out. */
export const AT_REST = 0.42;

/** Opacity of ribbons at rest. */
export const RIBBON = 0.16;

type Point = readonly [number, number];

const horizontal = linkHorizontal<{ readonly source: Point; readonly target: Point }, Point>()
  .x(([x]) => round(x))
  .y(([, y]) => round(y));

/** A cubic curve with both control points half way. */
export const link = (source: Point, target: Point): string => horizontal({ source, target }) ?? '';

const ribbonWidth = (eni: FocusEni): number => Math.max(3, eni.slots.size * 4.2);

/** The y coordinate at which an ENI's ribbon meets its card. Ribbons are stacked in ENI order, centred on the card. */
export function ribbonAt(layout: FocusLayout, card: FocusCard, eni: FocusEni): number {
  const on = layout.enis.filter((other) => other.eni !== null && other.card === card.index);
  const total = on.reduce((sum, other) => sum + ribbonWidth(other), 0);
  let y = card.rect.y + card.rect.h / 2 - total / 2;
  for (const one of on) {
    if (one === eni) return y + ribbonWidth(one) / 2;
    y += ribbonWidth(one);
  }
  return y;
}

/** The network of most of an ENI's wires. */
function mainNetwork(layout: FocusLayout, eni: FocusEni): string | null {
  const networks = [...eni.slots.keys()].flatMap((id) => layout.rowOf.get(id)?.record.network ?? []);
  return [...tally(networks)].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

/** Draws the ribbon from an ENI to its card. */
export function drawRibbon(
  draw: MarkWriter,
  layout: FocusLayout,
  card: FocusCard,
  eni: FocusEni,
  opacity: number,
): void {
  if (eni.slots.size === 0) {
    const from: Point = [eni.rect.x + eni.rect.w, eni.rect.y + eni.rect.h / 2];
    const d = link(from, [card.rect.x, ribbonAt(layout, card, eni)]);
    draw.path('focus-ribbon', eni.eni?.id ?? null, d, { tone: 'edge', width: 1 }, 0.5);
    return;
  }
  const half = Math.min(eni.rect.h / 2 - 4, Math.max(3, eni.slots.size * 4.4));
  const x0 = eni.rect.x + eni.rect.w;
  const x1 = card.rect.x;
  const y0 = eni.rect.y + eni.rect.h / 2;
  const y1 = ribbonAt(layout, card, eni);
  const w = ribbonWidth(eni) / 2;
  const middle = round((x0 + x1) / 2);
  const n = (value: number): string => String(round(value));
  const d =
    `M${n(x0)} ${n(y0 - half)}C${middle} ${n(y0 - half)} ${middle} ${n(y1 - w)} ${n(x1)} ${n(y1 - w)}` +
    `V${n(y1 + w)}C${middle} ${n(y1 + w)} ${middle} ${n(y0 + half)} ${n(x0)} ${n(y0 + half)}z`;
  const tone = layout.facts.tone(mainNetwork(layout, eni));
  draw.marks.push({
    kind: 'path',
    part: 'focus-ribbon',
    id: eni.eni?.id ?? null,
    d,
    fill: tone,
    fillOpacity: opacity,
    stroke: null,
  });
}

/** SVG path data of an interface's wire; null when it ends on no ENI. */
export function wireOf(layout: FocusLayout, row: FocusRow): string | null {
  const eni = layout.eniOf.get(row.record.id);
  const slot = eni?.slots.get(row.record.id);
  if (eni === undefined || slot === undefined) return null;
  return link([layout.columns.interfacesEnd, row.y], [eni.rect.x, middleOf(slot)]);
}
