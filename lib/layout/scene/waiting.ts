/** The line of pods without an address: which pods, how long they have waited, and the likely cause. */
import type { NodeRecord, PodRecord } from '../../model/records';
import { clockTime } from '../../view/labels';
import { SLOT, STRIP } from '../rack/geometry';
import type { Span } from '../picture/mark';
import { waitingCause, waitingLine, waitingPods, waitsSince } from '../rack/waiting';
import type { Badge } from './badges';
import { drawCells, slotSize } from './cells';
import { BODY, bold, centred, clippedSpan, MIN_LINE, span } from '../picture/mark-writer';
import { clippedMiddle, spansWidth } from '../picture/text';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** `4 min` in a picture with a time, `since 06:04` in one without. */
export function waitingAge(pod: PodRecord, now: number | null): string {
  const since = waitsSince(pod);
  if (since === null) return '';
  if (now === null) return `since ${clockTime(since)}`;
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  if (seconds < 60) return `${Math.floor(seconds / 10) * 10} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

const causeOf = (scope: Scope, pods: readonly PodRecord[]): string | null =>
  pods.map((pod) => waitingCause(scope.facts.source, pod)).find((cause) => cause !== null) ?? null;

/** Pixels above and below the line that its text may also use. */
const BEYOND = STRIP.gap + STRIP.bottom;

const linesFit = (scale: number): boolean => (STRIP.height + BEYOND) * scale >= MIN_LINE;

/** The number of waiting pods in the node's title, if the line has no room for text. */
export function waitingBadge(scope: Scope, node: NodeRecord): Badge | null {
  if (linesFit(scope.draw.scale)) return null;
  const count = waitingPods(scope.facts.source, node, scope.rack.now).length;
  if (count === 0) return null;
  return {
    part: 'waiting-pod',
    icon: 'clock',
    tone: 'err',
    words: bold(`${count} ${count === 1 ? 'waits' : 'wait'}`, 'err'),
    count: true,
  };
}

const countWords = (count: number): string => (count === 1 ? '1 pod waits' : `${count} pods wait`);

/** A single pod by name, several by their number. */
function whoWaits(pods: readonly PodRecord[], first: PodRecord, width: number): readonly (readonly Span[])[] {
  const count = [[bold(countWords(pods.length), 'err')], [bold(String(pods.length), 'err')]];
  if (pods.length > 1) return count;
  const name = clippedMiddle(`${first.namespace}/${first.name}`, BODY, width * NAME_SHARE, 650);
  return name === null ? count : [[bold(name), span(' waits', 'err')], ...count];
}

/** Largest share of the line for a pod's name. */
const NAME_SHARE = 0.45;
/** Minimum width of a useful cause, in pixels. */
const MIN_CAUSE = 40;

/** Draws the line of a node's waiting pods; nothing without any. */
export function drawWaiting(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { draw, facts } = scope;
  const line = waitingLine(facts.source, node, scope.rack.now, rect);
  const first = line?.pods[0];
  if (line === null || first === undefined) return;
  const { pods, requested, slot } = line;
  const holder = requested?.id ?? null;
  drawCells(scope, node.id, slotSize(draw.scale), [
    { style: 'requested', network: null, ip: null, interface: holder, rect: slot },
  ]);
  if (!linesFit(draw.scale)) return;
  const y = centred(draw.py(rect.y + rect.h / 2), BODY);
  const end = draw.px(rect.x + rect.w);
  let x = draw.px(rect.x + SLOT.w) + 7;
  x += draw.fit(
    'waiting-pod',
    pods.length === 1 ? first.id : node.id,
    x,
    y,
    BODY,
    end - x,
    whoWaits(pods, first, end - x),
  );
  const age = waitingAge(first, scope.now);
  if (age !== '') x += draw.fit('waiting-age', first.id, x, y, BODY, end - x, [[span(` ${age}`)]]);
  const words = clippedSpan(` · ${causeOf(scope, pods) ?? 'cause not known'}`, BODY, end - x, { tone: 'text2' });
  if (spansWidth(words, BODY) > MIN_CAUSE) draw.text('waiting-cause', node.id, x, y, BODY, words);
}
