/**
 * The box of pods without an address: who waits, how long, and the likely cause. Where its lines do not fit below each
 * other it says how many wait; it is never an empty frame.
 */
import type { NodeRecord, PodRecord } from '../../model/records';
import { clockTime } from '../../view/labels';
import { CARD, ENI, SLOT } from '../rack/geometry';
import type { Span } from '../picture/mark';
import { waitingCause, WAITING_ROW, waitingRows, waitsSince, type WaitingRows } from '../rack/waiting';
import { clippedMiddle, wrapped } from '../picture/text';
import { drawCells, slotSize } from './cells';
import { BODY, bold, centred, clippedSpan, span } from '../picture/mark-writer';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Pixels from line to line. */
const LINE = 15;

/** `4 min` at a moment, `since 06:04` in a picture of none. */
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

const causeWords = (scope: Scope, pods: readonly PodRecord[]): string => {
  const causes = pods.map((pod) => waitingCause(scope.facts.source, pod)).filter((cause) => cause !== null);
  const first = causes[0];
  return first === undefined ? 'no rule names a cause yet' : `likely cause: ${first}`;
};

function nameSpans(pod: PodRecord, width: number): readonly Span[] {
  const whole = clippedMiddle(`${pod.namespace} / ${pod.name}`, BODY, width, 650);
  const text = whole?.includes('…') === false ? whole : clippedMiddle(pod.name, BODY, width, 650);
  return text === null ? [] : [bold(text)];
}

function drawRows(scope: Scope, { pods, rows, more, bottom }: WaitingRows, block: Rect): void {
  const { draw, now } = scope;
  const node = pods[0]?.node ?? null;
  for (const { pod, rect } of rows) {
    const y = centred(draw.py(rect.y + rect.h / 2), BODY);
    const right = draw.px(rect.x + rect.w) - 4;
    const x = draw.px(rect.x + SLOT.w) + 8;
    const age = draw.fit('waiting-age', pod.id, right, y, BODY, right - x - 40, [[span(waitingAge(pod, now))]], 'end');
    const name = nameSpans(pod, right - x - age - 10);
    if (name.length > 0) draw.text('waiting-pod', pod.id, x, y, BODY, name);
  }
  const slots = rows.map(({ requested, rect }) => ({
    style: 'requested' as const,
    network: null,
    ip: null,
    interface: requested?.id ?? null,
    rect: { x: rect.x, y: rect.y + (rect.h - SLOT.h) / 2, w: SLOT.w, h: SLOT.h },
  }));
  drawCells(scope, node, slotSize(draw.scale), slots);
  const x = draw.px(block.x + ENI.inset);
  const width = (block.w - 2 * ENI.inset) * draw.scale;
  if (more !== null) {
    const rest = `and ${pods.length - rows.length} more pods`;
    draw.fit('waiting-more', node, x, centred(draw.py(more.y + more.h / 2), BODY), BODY, width, [[span(rest)]]);
  }
  // A single pod leaves a row to the cause, which then has two lines.
  const alone = pods.length === 1;
  wrapped(causeWords(scope, pods), BODY, width, alone ? 2 : 1).forEach((text, line) => {
    const y = draw.py(bottom) + (alone ? 13 : 11) * draw.scale + line * LINE;
    draw.text('waiting-cause', node, x, y, BODY, [span(text)]);
  });
}

/** As many of the lines as have room: how many wait and for how long, who, why. */
function drawLines(scope: Scope, node: NodeRecord, pods: readonly PodRecord[], frame: Rect): void {
  const { draw, now } = scope;
  const first = pods[0];
  if (first === undefined) return;
  const inset = Math.max(4, ENI.inset * draw.scale);
  const width = frame.w - 2 * inset;
  const count = String(pods.length);
  const head = bold(pods.length === 1 ? '1 pod waits' : `${count} pods wait`, 'err');
  const age = waitingAge(first, now);
  const cause = clippedSpan(causeWords(scope, pods), BODY, width, { tone: 'text2' });
  const lines: (readonly (readonly Span[])[])[] = [
    [
      [head, ...(age === '' ? [] : [span(` · ${age}`)])],
      [head],
      [bold(`${count} ${pods.length === 1 ? 'waits' : 'wait'}`, 'err')],
      [bold(count, 'err')],
    ],
    [nameSpans(first, width)],
    [cause],
  ];
  const room = Math.min(lines.length, Math.floor((frame.h - 2) / LINE));
  const top = frame.y + (frame.h - room * LINE) / 2;
  for (let line = 0; line < room; line++) {
    const wordings = (lines[line] ?? []).filter((spans) => spans.length > 0);
    const y = centred(top + (line + 0.5) * LINE, BODY);
    draw.fit('waiting-pod', line === 1 ? first.id : node.id, frame.x + inset, y, BODY, width, wordings);
  }
}

export function drawWaiting(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { draw, facts } = scope;
  const waiting = waitingRows(facts.source, node, scope.rack.now, rect);
  const { pods } = waiting;
  const roomy = WAITING_ROW * draw.scale >= LINE;
  // Without its heading the box takes the heading's place as well.
  const frame = draw.place(roomy ? { ...rect, y: rect.y + CARD.height, h: rect.h - CARD.height } : rect);
  const r = Math.min(ENI.r, ENI.r * draw.scale * 2);
  draw.rect('waiting-frame', node.id, frame, { r, fill: 'surface', stroke: { tone: 'err', width: 1.2 } });
  if (!roomy) {
    drawLines(scope, node, pods, frame);
    return;
  }
  const heading = [
    bold('waiting', 'text2'),
    span(` · ${pods.length === 1 ? '1 pod has' : `${pods.length} pods have`} no address`),
  ];
  const width = rect.w * draw.scale;
  draw.fit('waiting-heading', node.id, draw.px(rect.x), draw.py(rect.y + CARD.baseline), BODY, width, [heading]);
  drawRows(scope, waiting, rect);
}
