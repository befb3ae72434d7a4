/** The head of a link diagram: the node's facts, the legends of wires and colours, and the column headings. */
import { counted } from '../../model/counted';
import { networkLabel } from '../../view/labels';
import { isUnknown } from '../../view/missing';
import type { Span, Stroke } from '../picture/mark';
import { BODY, bold, span, type MarkWriter } from '../picture/mark-writer';
import { clippedMiddle, fitting, spansWidth, textWidth } from '../picture/text';
import { isNarrow, type FocusLayout } from './focus-layout';

function drawHeading(draw: MarkWriter, x: number, end: number, title: string, note: string, short = title): void {
  draw.fit('focus-heading', null, x, 104, 13, end - x, [
    [bold(title), span(`  ${note}`)],
    [bold(short), span(`  ${note}`)],
    [bold(short)],
  ]);
  draw.line('focus-heading', null, x, 112, end, 112, { tone: 'edge', width: 1 });
}

const LINE_1 = 38;

const LINE_2 = 60;
/** Used in narrow windows. */
const LINE_3 = 81;

const SWATCH = 12;

const KINDS: readonly (readonly [string, string, Stroke])[] = [
  ['broken: requested, not reported', 'broken', { tone: 'err', width: 1.5, dash: [6, 3] }],
  ['inferred', 'inferred', { tone: 'text2', width: 1.5, dash: [6, 3] }],
  ['observed', 'observed', { tone: 'text2', width: 1.5 }],
];

/** Draws the legend of wires, right-aligned in a line; returns its left edge. */
function drawKinds(draw: MarkWriter, right: number, brief: boolean, y = LINE_1): number {
  let x = right;
  for (const [long, short, stroke] of KINDS) {
    const words = brief ? short : long;
    draw.text('focus-legend', null, x, y, BODY, [span(words)], 'end');
    x -= textWidth(words, BODY) + 8;
    draw.line('focus-legend', null, x - 30, y - 4, x, y - 4, stroke);
    x -= 30 + 20;
  }
  return x;
}

/**
 * Draws the networks of the wires, right-aligned in the second line but not left of `least`; networks without room are
 * counted.
 */
function drawNetworks(draw: MarkWriter, layout: FocusLayout, least: number): void {
  const ids = new Set(layout.pods.flatMap(({ rows }) => rows.map(({ record }) => record.network)));
  const networks = [...ids].sort((a, b) => Number(b === 'cluster') - Number(a === 'cluster') || (a < b ? -1 : 1));
  const wide = (shown: readonly string[]): number =>
    shown.reduce((sum, network) => sum + textWidth(networkLabel(network), BODY) + 8 + SWATCH + 16, 0);
  const room = layout.columns.right - least;
  let count = networks.length;
  const restWords = (): string => (count === networks.length ? '' : `+${networks.length - count} more`);
  const restWidth = (): number => (restWords() === '' ? 0 : textWidth(restWords(), BODY) + 16);
  while (count > 0 && wide(networks.slice(0, count)) + restWidth() > room) count--;
  let x = layout.columns.right;
  if (restWords() !== '') {
    draw.text('focus-legend', null, x, LINE_2, BODY, [span(restWords(), 'text3')], 'end');
    x -= restWidth();
  }
  for (const network of networks.slice(0, count).reverse()) {
    const words = networkLabel(network);
    draw.text('focus-legend', network, x, LINE_2, BODY, [span(words)], 'end');
    x -= textWidth(words, BODY) + 8;
    const swatch = { x: x - SWATCH, y: LINE_2 - 10, w: SWATCH, h: 11 };
    draw.rect('focus-legend', network, swatch, { r: 2, fill: layout.facts.tone(network) });
    x -= SWATCH + 16;
  }
}

/** Draws name and facts at the left and legends at the right, in two lines. The left side shortens first. */
export function drawTitle(draw: MarkWriter, layout: FocusLayout): void {
  const { node, facts, columns } = layout;
  const interfaces = layout.pods.reduce((sum, { rows }) => sum + rows.length, 0);
  const missing = layout.pods.reduce((sum, { rows }) => sum + rows.filter(({ broken }) => broken).length, 0);
  const short = facts.shortName(node.name);
  const lead = short.stripped && facts.common !== null ? facts.common.prefix : '';
  const name: Span[] = [...(lead === '' ? [] : [span(lead, 'text3')]), { text: short.text, tone: 'ink', weight: 700 }];
  const ready = node.ready === null ? 'readiness not known' : node.ready ? 'Ready' : 'NotReady';
  const place = [node.instanceType, node.zone, ready].filter((word) => word !== null).join(' · ');
  const pods = counted(layout.pods.length, 'pod');
  const what = `${pods} with ${counted(interfaces, 'interface')}`;
  const counts = `${what}${missing > 0 ? `, ${missing} requested and not reported` : ''}`;
  const note = `${place} · ${counts}`;
  const after = columns.left + spansWidth(name, 20) + 14;
  const whole = columns.right - columns.left;
  if (after - 14 <= columns.right) draw.text('focus-title', node.id, columns.left, 40, 20, name);
  else {
    const text = clippedMiddle(name.map((part) => part.text).join(''), 20, whole, 700);
    if (text !== null) draw.text('focus-title', node.id, columns.left, 40, 20, [{ text, tone: 'ink', weight: 700 }]);
  }
  const long = KINDS.reduce((sum, [words]) => sum + textWidth(words, BODY) + 58, 0);
  const wanted = after + textWidth(note, 13) + 24;
  const brief = wanted > columns.right - long;
  const narrow = isNarrow(layout.width);
  if (narrow) drawKinds(draw, columns.right, true, LINE_3);
  const free = narrow ? columns.right : drawKinds(draw, columns.right, brief);
  const beside = wanted <= free;
  if (beside) draw.text('focus-title', node.id, after, 40, 13, [span(note)]);
  else draw.fit('focus-title', node.id, after, 40, 13, free - after - 16, [[span(place)], [span(ready)]]);
  // The second line shows the facts if the first has no room for them; otherwise it explains how to use the diagram.
  const hint = 'Every wire of one node. Hover or focus lights one path; Enter keeps it.';
  const placed = free - after - 16 >= textWidth(place, 13);
  const brieflyCounted = missing > 0 ? `${what}, ${missing} missing` : what;
  const second = beside
    ? [hint, 'Hover or focus lights one path; Enter keeps it.']
    : [...(placed ? [] : [note]), counts, brieflyCounted, pods];
  const half = (columns.right - columns.left) * 0.55;
  const shown =
    fitting(
      second.map((text) => [span(text)]),
      BODY,
      half,
    ) ?? [];
  if (shown.length > 0) draw.text('focus-title', node.id, columns.left, LINE_2, BODY, shown);
  drawNetworks(draw, layout, columns.left + spansWidth(shown, BODY) + 32);
  const podsEnd = Math.min(columns.pods + 16, columns.interfaces - 8);
  drawHeading(draw, columns.left, podsEnd, 'Pods', String(layout.pods.length));
  drawHeading(
    draw,
    columns.interfaces,
    columns.interfacesEnd,
    'Interfaces',
    missing > 0 ? `${interfaces - missing} + ${missing} missing` : String(interfaces),
  );
  // The node's limit covers only the cards that ipamd manages.
  const limits = layout.cards.map(({ record }) => record?.eniSlots.limit ?? null);
  const limit = limits.includes(null) ? null : limits.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const attached = layout.enis.filter(({ eni }) => eni !== null && eni.role !== 'branch').length;
  const unknown = attached === 0 && isUnknown(facts.ec2 ?? undefined) ? 'not known' : null;
  drawHeading(
    draw,
    columns.enis,
    columns.enisEnd,
    'ENIs',
    unknown ?? (limit === null || limit < attached ? String(attached) : `${attached} of ${limit}`),
  );
  drawHeading(
    draw,
    columns.cards,
    columns.right,
    layout.cards.length === 1 ? 'Network card' : 'Network cards',
    layout.cards.length === 0 && unknown !== null ? unknown : String(layout.cards.length),
    layout.cards.length === 1 ? 'Card' : 'Cards',
  );
}
