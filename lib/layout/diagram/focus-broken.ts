/** Draws a missing link (requested but not reported) as a stub that ends on no ENI, with the rule and the reason. */
import { networkLabel, interfaceName } from '../../view/labels';
import type { FindingRecord, InterfaceRecord } from '../../model/records';
import { recordsOf } from '../../view/view-source';
import { BODY, bold, clippedSpan, span, type MarkWriter } from '../picture/mark-writer';
import { fitting, spansWidth } from '../picture/text';
import type { FocusLayout, FocusRow } from './focus-layout';

/** The finding that explains why a requested interface is missing. */
const brokenFinding = ({ source }: FocusLayout, record: InterfaceRecord): FindingRecord | undefined =>
  [record.id, record.pod]
    .flatMap((id) => recordsOf(source.indexes.findingsBySubject, id, source.records.findings))
    .find(
      ({ severity, subjects }) =>
        severity !== 'info' &&
        (subjects.includes(record.id) || (subjects[0] === record.pod && subjects.includes(record.network))),
    );

/** What was requested, and why it is missing: two lines, longest wording first. */
function brokenWords(layout: FocusLayout, record: InterfaceRecord): readonly [readonly string[], readonly string[]] {
  const found = brokenFinding(layout, record);
  const network = networkLabel(record.network);
  const why = found === undefined ? [] : [`${found.rule} · ${found.detail === '' ? found.title : found.detail}`];
  return [
    [`${interfaceName(record)} requested: ${network}`, network],
    found === undefined ? ['not in network-status'] : [...why, found.rule],
  ];
}

const LABEL_HEIGHT = 37;

/**
 * The broken rows that get a label: labels do not overlap, and rows with a known reason come first. The others get an
 * icon only.
 */
export function labelledRows(layout: FocusLayout): ReadonlySet<FocusRow> {
  const rows = layout.pods.flatMap((pod) => pod.rows.filter(({ broken }) => broken));
  const explained = rows.filter(({ record }) => brokenFinding(layout, record) !== undefined);
  const placed = new Set<FocusRow>();
  for (const row of [...explained, ...rows])
    if (![...placed].some((other) => Math.abs(other.y - row.y) < LABEL_HEIGHT + 3)) placed.add(row);
  return placed;
}

/** Width of a label's icon and padding, in pixels. */
const LABEL_INSET = 36;
/** Minimum width of the label of a broken wire, in pixels. */
const MIN_LABEL = 120;

/** Draws a broken row: cross, stub and, if `labelled` has it, its label. */
export function drawBroken(
  draw: MarkWriter,
  layout: FocusLayout,
  row: FocusRow,
  labelled: ReadonlySet<FocusRow>,
): void {
  const { columns } = layout;
  const from = columns.interfacesEnd;
  // In a small window the cross and the stub also stay between the columns.
  const reach = Math.min(Math.max(40, (columns.enis - from) * 0.14), Math.max(8, columns.enis - from - 36));
  const id = row.record.id;
  draw.line('focus-broken', id, from, row.y, from + reach, row.y, { tone: 'err', width: 2 });
  draw.icon('focus-broken', id, 'cross', from + reach + 1, row.y - 6, 12, 'err');
  draw.line('focus-broken', id, from + reach + 15, row.y, from + reach + 29, row.y, {
    tone: 'err',
    width: 1.3,
    dash: [2, 3],
  });
  const [head, reason] = brokenWords(layout, row.record);
  const x = from + reach + 36;
  // Without room for text, only the icon is drawn and the text is shown on hover. A frame is never empty, and an icon
  // never lies below a label.
  const narrow = columns.enis - x - 16 < MIN_LABEL;
  if (narrow || !labelled.has(row)) {
    const covered = !narrow && [...labelled].some(({ y }) => Math.abs(y - row.y) < LABEL_HEIGHT / 2 + 8);
    if (!covered && x + 18 <= columns.enis) draw.icon('focus-broken', id, 'error', x, row.y - 7, 14, 'err');
    return;
  }
  const room = columns.enis - x - 16 - LABEL_INSET;
  const lines = [head.map((text) => [bold(text)]), reason.map((text) => [span(text)])].map(
    (wordings) =>
      fitting(wordings, BODY, room) ??
      clippedSpan(wordings.at(-1)?.[0]?.text ?? '', BODY, room, wordings[0]?.[0] ?? span('')),
  );
  const w = Math.max(...lines.map((spans) => spansWidth(spans, BODY))) + LABEL_INSET;
  const box = { x, y: row.y - 18, w, h: LABEL_HEIGHT };
  draw.rect('focus-broken', id, box, { r: 4, fill: 'errBg', stroke: { tone: 'err', width: 1 } });
  draw.icon('focus-broken', id, 'error', x + 8, box.y + 5, 14, 'err', 'errBg');
  lines.forEach((spans, index) => draw.text('focus-broken', id, x + 28, box.y + 15 + index * 16, BODY, spans));
}
