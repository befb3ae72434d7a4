/** Draws an ENI's box: frame and title row. */
import { counted } from '../../model/counted';
import type { NodeRecord } from '../../model/records';
import { addressesIn, type EniOrOutline } from '../../view/eni-outline';
import { eniWord, hostDeviceName, isUnmanaged } from '../../view/labels';
import { shortId } from '../../view/selection';
import type { Span, Stroke } from '../picture/mark';
import { BODY, bold, centred, MIN_LINE, mono, span } from '../picture/mark-writer';
import type { Rect } from '../picture/rect';
import { spansWidth } from '../picture/text';
import { eniPlaces } from '../places/eni-places';
import { branchesOf } from '../rack/cards';
import { contentOf } from '../rack/eni-content';
import { ENI } from '../rack/geometry';
import { ICON_SIZE, SEVERITY_FILL, SEVERITY_TONE } from './badges';
import { drawEniPlaces } from './eni-slots';
import { isTroubleLeft, type Scope } from './scope';

/** Minimum height of a title row with its full text, in pixels; a lower one shows only device and ratio. */
const WHOLE_TITLE = 15;

/** How many addresses pods hold; `?`, never 0, while none of the holders is known. */
function assignedWords(eni: EniOrOutline): string {
  const assigned = addressesIn(eni, 'assigned');
  const untold = assigned === 0 && addressesIn(eni, 'unknown') > 0;
  return untold ? '?' : String(assigned);
}

/** Assigned of all addresses or prefixes: `12/14`. */
export function ratioWords(scope: Scope, eni: EniOrOutline, node: NodeRecord | undefined): string {
  const capacity = eni.capacity === null ? '?' : String(eni.capacity);
  switch (contentOf(eni, node)) {
    case 'none':
      return 'no addresses';
    case 'device':
      return eni.claimedBy.length === 0 ? 'for claims' : counted(eni.claimedBy.length, 'pod');
    case 'ipv6':
      return scope.level === 'bars' ? '/80' : '';
    case 'trunk': {
      const limit = node?.branch?.limit ?? null;
      const count = branchesOf(scope.facts.source, eni.id).length;
      return limit === null ? counted(count, 'branch', 'branches') : `${count}/${limit} branches`;
    }
    case 'prefixes':
      return `${eni.prefixes.filter(({ cidr }) => !cidr.includes(':')).length}/${capacity} prefixes`;
    case 'slots':
      return `${assignedWords(eni)}/${capacity}`;
  }
}

function frameStroke(scope: Scope, eni: EniOrOutline): Stroke {
  const worst = isTroubleLeft(scope, eni.id) ? scope.facts.troubleOf(eni.id)?.worst : undefined;
  const dash = isUnmanaged(eni) ? { dash: [5, 3] as const } : {};
  if (worst === 'error') return { tone: 'err', width: 1.2, ...dash };
  if (worst === 'warning') return { tone: 'warnFill', width: 1.2, ...dash };
  return { tone: 'edge', width: 1, ...dash };
}

function drawEniFrame(scope: Scope, eni: EniOrOutline, rect: Rect, scale: number): Rect {
  const { draw } = scope;
  const frame = draw.place(rect);
  const r = Math.min(ENI.r, ENI.r * draw.scale * scale * 2);
  draw.rect('eni-ground', eni.id, frame, { r, fill: 'surface' });
  if (isUnmanaged(eni)) draw.hatch('eni-unmanaged', eni.id, frame, r);
  draw.rect('eni-frame', eni.id, frame, { r, stroke: frameStroke(scope, eni) });
  return frame;
}

/** Draws the title at the left, and the management word and the ratio at the right. */
function drawTitle(scope: Scope, eni: EniOrOutline, node: NodeRecord | undefined, frame: Rect, height: number): void {
  if (height < MIN_LINE) return;
  const { draw, facts } = scope;
  // Zoomed in, the title is just above its slots and aligned with them, not centred in a wide margin.
  const far = height > 60;
  const inset = far ? ENI.inset * draw.scale : Math.max(4, ENI.inset * Math.min(1, draw.scale));
  const middle = far ? height - 22 : height / 2;
  const baseline = centred(frame.y + middle, BODY);
  const width = frame.w - 2 * inset;
  const ratio = span(ratioWords(scope, eni, node), 'text2');
  const trouble = facts.troubleOf(eni.id);
  const isLeft = isTroubleLeft(scope, eni.id);
  const tone = trouble === null || trouble.worst === 'info' || !isLeft ? 'text2' : SEVERITY_TONE[trouble.worst];
  const word = eniWord(eni);
  const whole = height >= WHOLE_TITLE;
  const stale = scope.stale === null || !whole ? [] : [bold(scope.stale.asOf, 'warn'), span('  ')];
  const named = word === null || !whole ? [] : [bold(word, tone), span('  ')];
  const head = bold(eni.deviceIndex === null ? 'ENI' : `dev ${eni.deviceIndex}`);
  const host = hostDeviceName(eni);
  const id = [head, span(' · ', 'text2'), span(shortId(eni.id))];
  const more = scope.level === 'labelled' ? labelledWords(eni) : [];
  const left = !whole
    ? [[head]]
    : [
        ...(more.length > 0 ? [[...id, ...(host === null ? [] : [span(`  ${host}`, 'text3')]), ...more]] : []),
        ...(host === null ? [] : [[...id, span(`  ${host}`, 'text3')]]),
        id,
        [head],
      ];
  const iconWidth = trouble === null ? 0 : ICON_SIZE + 5;
  // The right side shortens before the left: the tooltip also has word and age, and the ratio stays.
  const right = [[...stale, ...named, ratio], [...named, ratio], [ratio]].filter((spans) => spans.length > 0);
  const room = width - spansWidth([head], BODY) - 8 - iconWidth;
  const chosen = right.find((spans) => spansWidth(spans, BODY) <= room);
  let taken = 0;
  if (chosen !== undefined) {
    taken = spansWidth(chosen, BODY);
    draw.text('eni-ratio', eni.id, frame.x + frame.w - inset, baseline, BODY, chosen, 'end');
  }
  if (trouble !== null && room > taken) {
    const x = frame.x + frame.w - inset - taken - ICON_SIZE - (taken > 0 ? 5 : 0);
    const fill = isLeft ? SEVERITY_FILL[trouble.worst] : 'edge';
    draw.icon('eni-finding', eni.id, trouble.worst, x, frame.y + middle - 7, ICON_SIZE, fill);
    taken += iconWidth;
  }
  draw.fit('eni-title', eni.id, frame.x + inset, baseline, BODY, width - taken - 8, left);
}

/** Subnet, security groups and MAC, if there is room. */
function labelledWords(eni: EniOrOutline): readonly Span[] {
  const words = [eni.subnet, eni.securityGroups.length > 0 ? eni.securityGroups.join(' ') : null].filter(
    (text) => text !== null,
  );
  return [
    ...words.map((text) => span(`  ·  ${text}`, 'text3')),
    ...(!('mac' in eni) || eni.mac === null ? [] : [span('  ·  ', 'text3'), mono(eni.mac, 'text3')]),
  ];
}

/** Draws an ENI whose addresses have not been loaded, so that it does not look empty. */
function drawAwaited({ draw }: Scope, eni: EniOrOutline, frame: Rect, title: number): void {
  const room = frame.h - title;
  if (room < MIN_LINE || contentOf(eni, undefined) === 'none') return;
  const y = centred(frame.y + title + room / 2, BODY);
  const wordings = ['loading addresses', 'loading', '…'].map((words) => [span(words, 'text3')]);
  draw.fit('eni-awaited', eni.id, frame.x + frame.w / 2, y, BODY, frame.w - 12, wordings, 'middle');
}

/** Draws an ENI whose slots are wide enough to be visible; `scale` is the block's own (below 1 in a matrix cell). */
export function drawEni(
  scope: Scope,
  eni: EniOrOutline,
  node: NodeRecord | undefined,
  rect: Rect,
  scale: number,
): void {
  const frame = drawEniFrame(scope, eni, rect, scale);
  const title = ENI.title * scope.draw.scale * scale;
  drawTitle(scope, eni, node, frame, title);
  if (!('addresses' in eni)) {
    drawAwaited(scope, eni, frame, title);
    return;
  }
  drawEniPlaces(scope, eni, eniPlaces(scope.facts.source, eni, node, rect, scale), rect, scope.draw.scale * scale);
}
