/**
 * The box of pods without an address: who waits, how long, and the likely cause. Where its lines do not fit below each
 * other it says how many wait; it is never an empty frame.
 */
import type { NodeRecord, PodRecord } from '../../model/records';
import { clockTime } from '../../view/labels';
import { CARD, ENI, SLOT } from '../geometry';
import type { Span } from '../mark';
import {
  requestedInterface,
  waitingCause,
  waitingPods,
  waitingRow,
  WAITING_ROW,
  WAITING_ROWS,
  waitsSince,
} from '../rack/waiting';
import type { Rect } from '../rack/rack';
import { clippedMiddle, wrapped } from '../text';
import { createCells } from './cells';
import { BODY, bold, centred, clippedSpan, span } from './pen';
import type { Scope } from './scope';

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

function drawRows(scope: Scope, pods: readonly PodRecord[], block: Rect): void {
  const { pen, now } = scope;
  const shown = pods.length > WAITING_ROWS ? pods.slice(0, WAITING_ROWS - 1) : pods;
  const cells = createCells(scope, SLOT.w * pen.scale, SLOT.h * pen.scale);
  shown.forEach((pod, row) => {
    const line = waitingRow(block, row);
    const middle = line.y + WAITING_ROW / 2;
    const requested = requestedInterface(scope.facts.source, pod);
    cells.add(
      { style: 'requested', network: null, ip: null, interface: requested?.id ?? null },
      { x: line.x, y: middle - SLOT.h / 2, w: 0, h: 0 },
    );
    const y = centred(pen.py(middle), BODY);
    const right = pen.px(line.x + line.w) - 4;
    const x = pen.px(line.x + SLOT.w) + 8;
    const age = pen.fit('waiting-age', pod.id, right, y, BODY, right - x - 40, [[span(waitingAge(pod, now))]], 'end');
    const name = nameSpans(pod, right - x - age - 10);
    if (name.length > 0) pen.text('waiting-pod', pod.id, x, y, BODY, name);
  });
  cells.flush(pods[0]?.node ?? null);
  const x = pen.px(block.x + ENI.inset);
  const width = (block.w - 2 * ENI.inset) * pen.scale;
  if (shown.length < pods.length) {
    const line = waitingRow(block, shown.length);
    const rest = `and ${pods.length - shown.length} more pods`;
    const y = centred(pen.py(line.y + WAITING_ROW / 2), BODY);
    pen.fit('waiting-more', pods[0]?.node ?? null, x, y, BODY, width, [[span(rest)]]);
  }
  const used = Math.min(pods.length, WAITING_ROWS);
  // A single pod leaves a row to the cause, which then has two lines.
  const top = pen.py(waitingRow(block, used).y);
  const lines = wrapped(causeWords(scope, pods), BODY, width, used < WAITING_ROWS ? 2 : 1);
  lines.forEach((text, line) => {
    const y = top + (used < WAITING_ROWS ? 13 : 11) * pen.scale + line * LINE;
    pen.text('waiting-cause', pods[0]?.node ?? null, x, y, BODY, [span(text)]);
  });
}

/** As many of the lines as have room: how many wait and for how long, who, why. */
function drawLines(scope: Scope, node: NodeRecord, pods: readonly PodRecord[], frame: Rect): void {
  const { pen, now } = scope;
  const first = pods[0];
  if (first === undefined) return;
  const inset = Math.max(4, ENI.inset * pen.scale);
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
    pen.fit('waiting-pod', line === 1 ? first.id : node.id, frame.x + inset, y, BODY, width, wordings);
  }
}

export function drawWaiting(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { pen, facts } = scope;
  const pods = waitingPods(facts.source, node, scope.rack.now);
  const roomy = WAITING_ROW * pen.scale >= LINE;
  // Without its heading the box takes the heading's place as well.
  const frame = pen.place(roomy ? { ...rect, y: rect.y + CARD.height, h: rect.h - CARD.height } : rect);
  const r = Math.min(ENI.r, ENI.r * pen.scale * 2);
  pen.rect('waiting-frame', node.id, frame, { r, fill: 'surface', stroke: { tone: 'err', width: 1.2 } });
  if (!roomy) {
    drawLines(scope, node, pods, frame);
    return;
  }
  const heading = [
    bold('waiting', 'text2'),
    span(` · ${pods.length === 1 ? '1 pod has' : `${pods.length} pods have`} no address`),
  ];
  const width = rect.w * pen.scale;
  pen.fit('waiting-heading', node.id, pen.px(rect.x), pen.py(rect.y + CARD.baseline), BODY, width, [heading]);
  drawRows(scope, pods, rect);
}
