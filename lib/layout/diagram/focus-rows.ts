/** The left half of a link diagram: pods, and a row for each of their interfaces. */
import { interfaceName } from '../../view/labels';
import { BODY, centred, clippedSpan, mono, span, type MarkWriter } from '../picture/mark-writer';
import { clippedAddress, spansWidth } from '../picture/text';
import type { FocusLayout, FocusPod, FocusRow } from './focus-layout';
import { wireStroke } from './wiring';
import { AT_REST, link } from './focus-wires';

/** Draws a pod's frame and name. */
export function drawPod(draw: MarkWriter, layout: FocusLayout, { pod, label, rows, y }: FocusPod): void {
  const { columns } = layout;
  const width = columns.pods - columns.left - 8;
  const lead = `${pod.namespace} / `;
  const whole = [span(lead, 'text3'), span(pod.name)];
  const spans = spansWidth(whole, BODY) <= width ? whole : label === null ? [] : [span(label)];
  if (spans.length > 0) draw.text('focus-pod', pod.id, columns.pods - 8, centred(y, BODY), BODY, spans, 'end');
  const first = rows[0];
  const last = rows.at(-1);
  if (first !== undefined && last !== undefined && rows.length > 1)
    draw.line('focus-pod', pod.id, columns.pods, first.y - 7, columns.pods, last.y + 7, { tone: 'edge', width: 1.2 });
  for (const row of rows) {
    const d = link([columns.pods + (rows.length > 1 ? 1 : 0), y], [columns.interfaces - 2, row.y]);
    const stroke = row.broken
      ? ({ tone: 'err', width: 1.3, dash: [2, 3] } as const)
      : { ...wireStroke(layout.facts, row.record, 1.3) };
    draw.path('focus-wire', row.record.id, d, stroke, row.broken ? 1 : AT_REST);
  }
}

/** Draws the row of an interface. */
export function drawRow(draw: MarkWriter, layout: FocusLayout, { record, y, broken }: FocusRow): void {
  const { columns, facts } = layout;
  const id = record.id;
  const baseline = centred(y, BODY);
  const at = [columns.interfaces + 5, y - 4];
  const style = broken ? 'requested' : 'assigned';
  draw.marks.push({
    kind: 'cells',
    part: 'focus-interface',
    id,
    style,
    tone: facts.tone(record.network),
    w: 9,
    h: 8,
    r: 1.5,
    at,
    opacity: broken ? 1 : 0.65,
  });
  const right = columns.interfacesEnd - 8;
  const room = right - columns.interfaces - 20;
  const ip = record.ips[0];
  const words = broken
    ? [span('not reported', 'err')]
    : ip === undefined
      ? [span('no address', 'text3')]
      : [mono(ip), mono(clippedAddress(ip, BODY, room - 36) ?? '…')];
  const taken = draw.fit(
    'focus-ip',
    id,
    right,
    baseline,
    BODY,
    room - 30,
    words.map((word) => [word]),
    'end',
  );
  const name = clippedSpan(interfaceName(record), BODY, room - taken - 4, { tone: broken ? 'err' : 'text2' });
  if (name.length > 0) draw.text('focus-name', id, columns.interfaces + 20, baseline, BODY, name);
}
