/** The badges at the right of a title, from right to left: findings, no more pods, NotReady, cordoned, source age. */
import type { NodeRecord, Severity } from '../../model/records';
import type { Icon, Span } from '../picture/mark';
import { spansWidth } from '../picture/text';
import type { Tone } from '../picture/tokens';
import type { Trouble } from '../../view/troubles';
import { BODY, bold, centred, span, type MarkWriter } from '../picture/mark-writer';
import { isTroubleLeft, type Scope } from './scope';

/** Size of a badge's icon, in pixels. */
export const ICON_SIZE = 14;

/** An icon with optional text. */
export interface Badge {
  readonly part: string;
  readonly icon: Icon;
  readonly tone: Tone;
  /** Dropped where there is no room; the icon stays. */
  readonly words: Span | null;
  /** A count is never dropped. */
  readonly count?: boolean;
}

/** Tone of a severity's text and outlines. */
export const SEVERITY_TONE: Readonly<Record<Severity, Tone>> = { error: 'err', warning: 'warn', info: 'text2' };
/** Fill tone of a severity's icon. */
export const SEVERITY_FILL: Readonly<Record<Severity, Tone>> = { error: 'err', warning: 'warnFill', info: 'text2' };

/** The badge of a worst finding. `quiet`: the filter hides the findings; a count is always of all. */
export const troubleBadge = (trouble: Trouble, quiet = false): Badge => ({
  part: `findings ${trouble.worst}`,
  icon: trouble.worst,
  tone: quiet ? 'edge' : SEVERITY_FILL[trouble.worst],
  words: bold(String(trouble.count), quiet ? 'text3' : SEVERITY_TONE[trouble.worst]),
  count: true,
});

/** From right to left. */
export function nodeBadges(scope: Scope, node: NodeRecord): readonly Badge[] {
  const badges: Badge[] = [];
  const trouble = scope.facts.troubleOfNode(node.id);
  if (trouble !== null) badges.push(troubleBadge(trouble, !isTroubleLeft(scope, node.id)));
  if (node.headroom.pods === 0)
    badges.push({ part: 'no-more-pods', icon: 'no-more-pods', tone: 'ink', words: bold('no more pods') });
  if (node.ready === false)
    badges.push({ part: 'not-ready', icon: 'not-ready', tone: 'err', words: bold('NotReady', 'err') });
  if (node.unschedulable)
    badges.push({ part: 'cordoned', icon: 'cordoned', tone: 'text2', words: bold('cordoned', 'text2') });
  if (scope.stale !== null)
    badges.push({ part: 'stale', icon: 'clock', tone: 'warnFill', words: bold(scope.stale.badge, 'warn') });
  return badges;
}

const GAP = 10;
const SPACE = 4;

const badgeWidth = (badge: Badge, words: boolean): number =>
  ICON_SIZE + (words && badge.words !== null ? SPACE + spansWidth([badge.words], BODY) : 0);

/**
 * Draws badges leftwards from `right`, centred on `middle`; returns the width. If there is no room, the least important
 * badge loses its text first, then its icon.
 */
export function drawBadges(
  draw: MarkWriter,
  id: string,
  right: number,
  middle: number,
  width: number,
  badges: readonly Badge[],
): number {
  const shown = badges.slice(0, Math.max(0, Math.floor((width + GAP) / (ICON_SIZE + GAP))));
  const worded = shown.map(() => true);
  const total = (): number =>
    shown.reduce((sum, badge, index) => sum + badgeWidth(badge, worded[index] ?? false) + GAP, 0);
  for (let index = shown.length - 1; index >= 0 && total() > width; index--)
    worded[index] = shown[index]?.count === true && width > 34;
  // A count that must stay can leave no room for the last icons.
  while (shown.length > 1 && total() > width + GAP) shown.pop();
  let x = right;
  shown.forEach((badge, index) => {
    if (badge.words !== null && worded[index] === true) {
      draw.text(badge.part, id, x, centred(middle, BODY), BODY, [badge.words], 'end');
      x -= spansWidth([badge.words], BODY) + SPACE;
    }
    draw.icon(badge.part, id, badge.icon, x - ICON_SIZE, middle - ICON_SIZE / 2, ICON_SIZE, badge.tone);
    x -= ICON_SIZE + GAP;
  });
  return right - x;
}

/** A node's short name: `…` for the part that is shown once above the picture, then the name in bold. */
export function nameSpans(scope: Scope, name: string): readonly Span[] {
  const { text, stripped } = scope.facts.shortName(name);
  return stripped ? [span('…', 'text3'), bold(text)] : [bold(text)];
}
