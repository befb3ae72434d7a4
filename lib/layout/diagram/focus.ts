/**
 * The link diagram of one node: pods → interfaces → ENIs → cards. All wires are drawn at rest; one path is highlighted
 * above them. Inferred links are dashed. A requested interface that is not reported is a red stub with its rule and
 * reason, and ends on no ENI.
 */
import { counted } from '../../model/counted';
import type { Mark, Picture, Stroke } from '../picture/mark';
import { BODY, bold, centred, createMarkWriter, span } from '../picture/mark-writer';
import { grown } from '../picture/rect';
import { spansWidth } from '../picture/text';
import type { FocusLayout } from './focus-layout';
import { wireStroke } from './wiring';
import { AT_REST, RIBBON, link, ribbonAt, drawRibbon, wireOf } from './focus-wires';
import { drawTitle } from './focus-title';
import { drawPod, drawRow } from './focus-rows';
import { labelledRows, drawBroken } from './focus-broken';
import { drawEni, drawCard } from './focus-boxes';

/** The diagram at rest. */
export function focusPicture(layout: FocusLayout): Picture {
  const draw = createMarkWriter({ scale: 1, x: 0, y: 0 });
  drawTitle(draw, layout);
  for (const eni of layout.enis) {
    const card = layout.cards.find(({ index }) => index === eni.card);
    if (eni.eni !== null && card !== undefined) drawRibbon(draw, layout, card, eni, RIBBON);
  }
  for (const { rows } of layout.pods)
    for (const row of rows) {
      const d = wireOf(layout, row);
      if (d === null) continue;
      draw.path('focus-wire', row.record.id, d, wireStroke(layout.facts, row.record, 1.3), AT_REST);
    }
  for (const pod of layout.pods) drawPod(draw, layout, pod);
  for (const { rows } of layout.pods) for (const row of rows) drawRow(draw, layout, row);
  for (const eni of layout.enis) drawEni(draw, layout, eni);
  for (const card of layout.cards) drawCard(draw, layout, card, false);
  const labelled = labelledRows(layout);
  // Labels are drawn last, so that no neighbour's icon covers them.
  for (const named of [false, true])
    for (const { rows } of layout.pods)
      for (const row of rows) if (row.broken && labelled.has(row) === named) drawBroken(draw, layout, row, labelled);
  const { node } = layout;
  const broken = layout.pods.flatMap(({ rows }) => rows.filter((row) => row.broken)).length;
  return {
    width: layout.width,
    height: Math.ceil(layout.height),
    title: `Every wire of ${node.name}`,
    description: `${counted(layout.pods.length, 'pod')}, ${counted(layout.rowOf.size, 'interface')}, ${counted(layout.enis.filter(({ eni }) => eni !== null).length, 'ENI')}, ${counted(layout.cards.length, 'card')}; ${broken} requested and not reported.`,
    marks: draw.marks,
  };
}

/** The highlighted path, drawn above the picture: pod frame, wires with halo, interface frame, slot ring, card. */
export function focusLit(layout: FocusLayout, interfaceId: string): readonly Mark[] {
  const row = layout.rowOf.get(interfaceId);
  if (row === undefined) return [];
  const draw = createMarkWriter({ scale: 1, x: 0, y: 0 });
  const { columns, facts } = layout;
  const { record, y } = row;
  const pod = layout.pods.find(({ rows }) => rows.includes(row));
  const stroke: Stroke = row.broken ? { tone: 'err', width: 3, dash: [6, 3] } : wireStroke(facts, record, 3);
  const wire = (d: string): void => {
    draw.path('wire halo', interfaceId, d, { tone: 'bg', width: 7 });
    draw.path('wire', interfaceId, d, stroke);
  };
  const eni = layout.eniOf.get(interfaceId);
  const card = eni === undefined ? undefined : layout.cards.find(({ index }) => index === eni.card);
  if (eni?.eni != null && card !== undefined) {
    drawRibbon(draw, layout, card, eni, RIBBON * 1.6);
    wire(link([eni.rect.x + eni.rect.w, eni.rect.y + eni.rect.h / 2], [card.rect.x, ribbonAt(layout, card, eni)]));
    drawCard(draw, layout, card, true);
  }
  const d = wireOf(layout, row);
  if (d !== null) wire(d);
  if (pod !== undefined) {
    wire(link([columns.pods, pod.y], [columns.interfaces - 2, y]));
    draw.rect('focus-lit', pod.pod.id, pod.rect, { r: 4, fill: 'surface', stroke: { tone: 'sel', width: 1.6 } });
    const width = columns.pods - columns.left - 16;
    const lead = span(`${pod.pod.namespace} / `, 'text2');
    const whole = [lead, bold(pod.pod.name)];
    const spans = spansWidth(whole, BODY) <= width ? whole : pod.label === null ? [] : [bold(pod.label)];
    draw.text('focus-lit', pod.pod.id, columns.pods - 8, centred(pod.y, BODY), BODY, spans, 'end');
  }
  draw.rect('focus-lit', interfaceId, row.rect, {
    r: 4,
    fill: 'surface',
    stroke: { tone: row.broken ? 'err' : facts.tone(record.network), width: 1.6 },
  });
  drawRow(draw, layout, row);
  const slot = eni?.slots.get(interfaceId);
  if (slot !== undefined) {
    const ring = { r: 4, fill: 'surface', stroke: { tone: 'sel', width: 2 } } as const;
    draw.rect('focus-lit', interfaceId, grown(slot, 3.5), ring);
    draw.rect('focus-lit', interfaceId, slot, { r: 1.5, fill: facts.tone(record.network) });
  }
  return draw.marks;
}
