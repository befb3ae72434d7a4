/** Network cards inside a node: headings, cells of the matrix, and the text of a folded run of equal cards. */
import { counted } from '../../model/counted';
import type { NodeRecord } from '../../model/records';
import { addressesIn, type EniOrOutline } from '../../view/eni-outline';
import { performanceWords } from '../../view/labels';
import { currentEni } from '../../view/partial-set';
import { CARD, INNER } from '../rack/geometry';
import { cardsOf, runsOf } from '../rack/cards';
import { contentOf } from '../rack/eni-content';
import { fitting, spansWidth } from '../picture/text';
import { MIN_LINE, BODY, bold, clippedSpan, span } from '../picture/mark-writer';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Draws the heading of a card. */
export function drawCardHeading(scope: Scope, ref: string, rect: Rect): void {
  const { draw, facts } = scope;
  if (CARD.height * draw.scale < MIN_LINE) return;
  const card = facts.source.records.networkCards.get(ref);
  const head = card === undefined ? 'card not known' : `card ${card.index}`;
  const speed = performanceWords(card?.performance ?? null);
  const { limit, used } = card?.eniSlots ?? { limit: null, used: null };
  const count =
    used === null ? [] : [span(limit === null ? ` · ${counted(used, 'ENI')}` : ` · ${used} of ${limit} ENIs`, 'text2')];
  const title = bold(head, 'text2');
  const y = draw.py(rect.y + CARD.baseline) + (draw.scale < 1 ? 1 : 0);
  draw.fit('card-heading', ref, draw.px(rect.x), y, BODY, rect.w * draw.scale, [
    [title, ...(speed === null ? [] : [span(` · ${speed}`)]), ...count],
    [title, ...count],
    [title],
  ]);
}

/** Whether the VPC CNI does not manage a folded run of cards. */
export const isLeftAlone = (scope: Scope, ref: string): boolean =>
  scope.facts.source.records.networkCards.get(ref)?.managed === false;

/** "cards 4–31 · efa-only ×28". */
export function foldWords(scope: Scope, node: NodeRecord, ref: string, run: number): string {
  if (run === 0) return 'fold equal cards';
  const cards = cardsOf(scope.facts.source, node);
  const from = cards.findIndex(({ id }) => id === ref);
  const first = cards[from];
  const last = cards[from + run - 1];
  if (first === undefined || last === undefined) return '';
  const kinds = new Set(
    cards.slice(from, from + run).flatMap(({ enis }) => enis.map(({ interfaceType }) => interfaceType)),
  );
  const what = kinds.size === 0 ? 'no ENI attached' : `${[...kinds].sort().join(', ')} ×${run}`;
  return `cards ${first.index}–${last.index} · ${what}`;
}

/** Draws a cell of the card matrix. */
export function drawCell(scope: Scope, node: NodeRecord, ref: string, rect: Rect): void {
  const { draw, facts } = scope;
  const frame = draw.place(rect);
  draw.rect('cell-frame', ref, frame, { r: Math.min(3, 3 * draw.scale), stroke: { tone: 'edge', width: 1 } });
  if (16 * draw.scale < MIN_LINE) return;
  const card = cardsOf(facts.source, node).find(({ id }) => id === ref);
  const number = String(card?.index ?? '');
  const x = frame.x + 3;
  const width = frame.w - 5;
  draw.fit('card-heading', ref, x, frame.y + 12, BODY, width, [
    [bold(`card ${number}`, 'text2')],
    [bold(number, 'text2')],
  ]);
  const enis = card?.enis.map((eni) => currentEni(facts.source, eni.id) ?? eni) ?? [];
  const words = cellWords(enis, node).map((text) => [span(text, 'text2')]);
  draw.fit('card-ratio', ref, x, frame.y + frame.h - 5, BODY, width, words);
}

/** The contents of a card's ENIs, longest wording first. */
function cellWords(enis: readonly EniOrOutline[], node: NodeRecord): readonly string[] {
  const contents = new Set(enis.map((eni) => contentOf(eni, node)));
  const hasDevices = contents.has('device');
  contents.delete('device');
  contents.delete('none');
  if (contents.size > 0) {
    const assigned = enis.reduce((sum, eni) => sum + addressesIn(eni, 'assigned'), 0);
    const capacity = enis.reduce((sum, eni) => sum + (eni.capacity ?? 0), 0);
    return [`${assigned}/${capacity}`];
  }
  if (!hasDevices) return enis.length === 0 ? [] : ['no IP', 'EFA'];
  const pods = enis.reduce((sum, eni) => sum + eni.claimedBy.length, 0);
  if (pods === 0) return ['for claims', 'free'];
  return [counted(pods, 'pod'), pods === 1 ? 'pod' : `${pods}×`];
}

/**
 * The text of a run of cards as wide as its node, on a background of its own; a narrower piece has a line below
 * instead.
 */
export function drawRegionWords(scope: Scope, node: NodeRecord, ref: string, frame: Rect): void {
  const { draw, facts } = scope;
  if (frame.w < (INNER - 1) * draw.scale || frame.h < 3 * MIN_LINE) return;
  const run = runsOf(cardsOf(facts.source, node), node).find(([card]) => card?.id === ref)?.length ?? 0;
  const width = frame.w - 24;
  const head = clippedSpan(foldWords(scope, node, ref, run), BODY, width, { tone: 'ink', weight: 650 });
  const what = isLeftAlone(scope, ref) ? 'no addresses, not managed' : 'no addresses';
  const hint =
    fitting([[span(`${what} · Enter unfolds`)], [span('no addresses · Enter unfolds')], [span(what)]], BODY, width) ??
    [];
  const wide = Math.max(spansWidth(head, BODY), spansWidth(hint, BODY)) + 20;
  const x = frame.x + frame.w / 2;
  const y = frame.y + frame.h / 2;
  draw.rect('region-ground', ref, { x: x - wide / 2, y: y - 19, w: wide, h: 38 }, { r: 3, fill: 'surface' });
  if (head.length > 0) draw.text('region-words', ref, x, y - 3, BODY, head, 'middle');
  if (hint.length > 0) draw.text('region-words', ref, x, y + 13, BODY, hint, 'middle');
}
