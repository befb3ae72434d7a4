/** The right half of a link diagram: ENIs with the slots where wires end, and their cards. */
import { counted } from '../../model/counted';
import type { EniRecord } from '../../model/records';
import { tally } from '../../model/sums';
import { idsOf } from '../../view/view-source';
import { eniWord, hostDeviceName, isUnmanaged, performanceWords } from '../../view/labels';
import { BODY, bold, clippedSpan, span, type MarkWriter } from '../picture/mark-writer';
import { contentOf } from '../rack/eni-content';
import { addressesIn } from '../../view/eni-outline';
import { shortId } from '../../view/selection';
import type { Span } from '../picture/mark';
import { fitting, spansWidth } from '../picture/text';
import type { FocusCard, FocusEni, FocusLayout } from './focus-layout';
import { noEniWords } from './wiring';

/** How full an ENI is, in words. */
interface EniFigures {
  /** Management of the ENI: who assigns its addresses. */
  readonly word: string;
  /** Shown beside the word, or below it if both do not fit. */
  readonly figure: string;
  /** A line of its own, longest wording first; empty when there is no more to show. */
  readonly more: readonly string[];
}

/** All parts, then without zero values, then only the first of the rest. */
function shorter(parts: readonly (readonly [number, string])[]): readonly string[] {
  const words = parts.map(([count, what]) => `${count} ${what}`);
  const some = words.filter((_, index) => parts[index]?.[0] !== 0);
  return [words.join(' · '), ...some.map((_, index) => some.slice(0, some.length - index).join(' · '))];
}

function eniFigures({ node, source }: FocusLayout, eni: EniRecord): EniFigures {
  const word = eniWord(eni) ?? (eni.management.state === 'managed' ? 'managed' : eni.management.state);
  const count = (state: string): number => eni.addresses.filter((address) => address.state === state).length;
  switch (contentOf(eni, node)) {
    case 'none':
      return { word, figure: '', more: ['no addresses'] };
    case 'device': {
      const pods = eni.claimedBy.length;
      const figure = pods === 0 ? 'free for claims' : pods === 1 ? 'whole, one pod' : `shared by ${pods} pods`;
      return { word, figure, more: [eni.addresses[0]?.ip ?? 'no address'] };
    }
    case 'ipv6':
      return { word, figure: '', more: ['one /80'] };
    case 'trunk': {
      const branches = idsOf(source.indexes.branchesByTrunk, eni.id).size;
      const limit = node.branch?.limit;
      const use = limit == null ? counted(branches, 'branch', 'branches') : `${branches}/${limit} branches`;
      return { word, figure: '', more: [use] };
    }
    case 'prefixes': {
      const blocks = eni.prefixes.filter(({ cidr }) => !cidr.includes(':'));
      const free = blocks.filter(({ assigned }) => assigned === 0).length;
      const prefixes = `${blocks.length}/${eni.capacity ?? '?'} prefixes`;
      return {
        word,
        figure: `${addressesIn(eni, 'assigned')} assigned`,
        more: [`${prefixes} · ${free} whole free`, prefixes],
      };
    }
    case 'slots': {
      const figure = `${addressesIn(eni, 'assigned')}/${eni.capacity ?? '?'}`;
      if (isUnmanaged(eni) || eni.role === 'branch')
        return { word, figure, more: eni.subnet === null ? [] : [eni.subnet, shortId(eni.subnet)] };
      const free = eni.capacity === null ? null : Math.max(0, eni.capacity - eni.addresses.length + count('primary'));
      const parts: [number, string][] = [
        [count('warm'), 'warm'],
        [count('cooling'), 'cooling'],
        ...(free === null ? [] : [[free, 'free'] as [number, string]]),
      ];
      return { word, figure, more: parts.every(([some]) => some === 0) ? [] : shorter(parts) };
    }
  }
}

/** The title and facts of an ENI, in two or three lines, each with several wordings. */
function eniLines(layout: FocusLayout, eni: EniRecord, width: number): readonly (readonly (readonly Span[])[])[] {
  const host = hostDeviceName(eni);
  const head = bold(eni.deviceIndex === null ? (eniWord(eni) ?? 'ENI') : `dev ${eni.deviceIndex}`);
  const name = [head, span(` · ${shortId(eni.id)}`)];
  const title = [...(host === null ? [] : [[...name, span(`  ${host}`, 'text3')]]), name, [head]];
  const { word, figure, more } = eniFigures(layout, eni);
  const strong = (text: string): Span => span(text, 'text2', isUnmanaged(eni) ? 650 : 400);
  const both = [strong(figure === '' ? word : `${word} · ${figure}`)];
  const last = more.length === 0 ? [] : [more.map((text) => [span(text)])];
  if (figure === '' || spansWidth(both, BODY) <= width) return [title, [both], ...last];
  // The frame already shows that an ENI is managed, the usual case.
  return word === 'managed' ? [title, [[strong(figure)]], ...last] : [title, [[strong(word)]], [[strong(figure)]]];
}

/** Below this width, text starts closer to the slots. */
const NARROW_ENI = 120;

/** Draws an ENI of the diagram with its slots. */
export function drawEni(draw: MarkWriter, layout: FocusLayout, focus: FocusEni): void {
  const { rect, eni, slots } = focus;
  const id = eni?.id ?? null;
  const unmanaged = eni !== null && isUnmanaged(eni);
  const dash = unmanaged || eni === null ? { dash: [5, 3] as const } : {};
  draw.rect('focus-eni', id, rect, { r: 4, fill: 'surface' });
  if (unmanaged) draw.hatch('focus-eni', id, rect, 4);
  draw.rect('focus-eni', id, rect, { r: 4, stroke: { tone: 'edge', width: 1, ...dash } });
  for (const [interfaceId, slot] of slots) {
    const network = layout.rowOf.get(interfaceId)?.record.network ?? null;
    draw.marks.push({
      kind: 'cells',
      part: 'focus-slot',
      id: interfaceId,
      style: 'assigned',
      tone: layout.facts.tone(network),
      w: slot.w,
      h: slot.h,
      r: 1.5,
      at: [slot.x, slot.y],
      opacity: 0.55,
    });
  }
  const x = rect.x + (rect.w < NARROW_ENI ? 28 : 30 + Math.min(12, rect.w * 0.06));
  const width = rect.x + rect.w - x - (rect.w < NARROW_ENI ? 4 : 6);
  const middle = rect.y + rect.h / 2;
  if (eni === null) {
    draw.fit('focus-eni-title', id, x, middle - 3, BODY, width, [[bold('no known ENI')]]);
    for (const [line, words] of reasonsWithoutEni(layout, slots.keys()).entries())
      drawWords(draw, 'focus-eni-words', id, [x, middle + 14 + 17 * line], width, [[span(words)]]);
    return;
  }
  const lines = eniLines(layout, eni, width);
  const y = middle - (lines.length - 1) * 8 + 4;
  const ground = { x: x - 4, y: y - 13, w: Math.min(width + 4, 170), h: lines.length * 17 };
  if (unmanaged) draw.rect('focus-eni', id, ground, { r: 3, fill: 'surface' });
  lines.forEach((wordings, index) =>
    drawWords(draw, index === 0 ? 'focus-eni-title' : 'focus-eni-words', id, [x, y + index * 17], width, wordings),
  );
}

/** Why interfaces are on no known ENI, each reason with its number of interfaces, most of them first. */
function reasonsWithoutEni({ rowOf, source }: FocusLayout, interfaces: Iterable<string>): readonly string[] {
  const counts = tally(
    [...interfaces].flatMap((id) => {
      const record = rowOf.get(id)?.record;
      return record === undefined ? [] : noEniWords(source, record)[0];
    }),
  );
  if (counts.size <= 1) return [...counts.keys()];
  return [...counts].sort(([, a], [, b]) => b - a).map(([words, count]) => `${words} × ${count}`);
}

/** Draws the first wording that fits; if none does, the last one clipped. */
function drawWords(
  draw: MarkWriter,
  part: string,
  id: string | null,
  [x, y]: readonly [number, number],
  width: number,
  wordings: readonly (readonly Span[])[],
): void {
  const [last] = wordings.at(-1) ?? [];
  draw.fit(part, id, x, y, BODY, width, [
    ...wordings,
    ...(last === undefined ? [] : [clippedSpan(last.text, BODY, width, last)]),
  ]);
}

/** Draws a card. `lit`: whether the card is on the highlighted path. */
export function drawCard(draw: MarkWriter, layout: FocusLayout, card: FocusCard, lit: boolean): void {
  const { rect, record } = card;
  draw.rect('focus-card', card.id, rect, {
    r: 6,
    fill: 'surface',
    stroke: { tone: lit ? 'sel' : 'edge', width: lit ? 2 : 1 },
  });
  const isNarrow = rect.w < NARROW_CARD;
  const inset = isNarrow ? 3 : Math.min(14, rect.w * 0.12);
  const x = rect.x + inset;
  const width = rect.w - 2 * inset;
  const lines = cardLines(record);
  const title = bold(card.index === null ? 'card not known' : `card ${card.index}`);
  if (isNarrow) drawUpright(draw, card, [[[title]], ...lines]);
  else {
    const y = rect.y + rect.h / 2 - lines.length * 8;
    const short = bold(card.index === null ? '?' : String(card.index));
    draw.fit('focus-card-title', card.id, x, y, 14, width, [[title], [short]]);
    lines.forEach((wordings, index) =>
      drawWords(draw, 'focus-card-words', card.id, [x, y + 20 + index * 17], width, wordings),
    );
  }
  const box = layout.hostNetwork;
  if (box === null || card !== layout.cards[0]) return;
  draw.rect('focus-host-network', layout.node.id, box, { r: 4, stroke: { tone: 'edge', width: 1, dash: [2, 3] } });
  const count = layout.hostNetworkPods;
  const pods = counted(count, 'pod');
  const host = [
    ['host network', 'host'],
    [`${pods} on dev 0`, pods, String(count)],
  ];
  host.forEach((wordings, index) =>
    drawWords(
      draw,
      'focus-host-network',
      layout.node.id,
      [x, box.y + 18 + index * 17],
      width,
      wordings.map((text) => [span(text)]),
    ),
  );
}

/** A card's performance and free ENI slots, one line each, longest wording first. */
function cardLines(record: FocusCard['record']): readonly (readonly (readonly Span[])[])[] {
  const speed = performanceWords(record?.performance ?? null);
  const { used, limit, free } = record?.eniSlots ?? { used: null, limit: null, free: null };
  return [
    speed === null ? null : [speed, speed.replace('up to', '≤')],
    used === null ? null : [limit === null ? counted(used, 'ENI') : `${used} of ${limit} ENIs`],
    free === null ? null : free === 0 ? ['no more can attach', 'no more'] : [`${free} more can attach`, `${free} more`],
  ].flatMap((line) => (line === null ? [] : [line.map((text) => [span(text)])]));
}

/** Below this width a card's text is drawn vertically, as in a pod's wiring. */
const NARROW_CARD = 76;
const UPRIGHT_PITCH = 14;

function drawUpright(
  draw: MarkWriter,
  { id, rect }: FocusCard,
  lines: readonly (readonly (readonly Span[])[])[],
): void {
  const shown = lines.slice(0, Math.max(1, Math.floor(rect.w / UPRIGHT_PITCH)));
  const first = rect.x + rect.w / 2 - ((shown.length - 1) * UPRIGHT_PITCH) / 2 + BODY * 0.36;
  for (const [index, wordings] of shown.entries()) {
    const spans = fitting(wordings, BODY, rect.h - 8);
    if (spans === null) continue;
    const [x, y] = [first + index * UPRIGHT_PITCH, rect.y + rect.h / 2];
    const part = index === 0 ? 'focus-card-title' : 'focus-card-words';
    draw.marks.push({ kind: 'text', part, id, x, y, size: BODY, spans, anchor: 'middle', rotate: -90 });
  }
}
