/**
 * The link diagram of one node: pods → interfaces → ENIs → cards, every wire drawn at rest, one path lit above. What is
 * inferred is dashed; what was requested and not reported is a red stub with its rule and reason, and ends on no ENI.
 */
import { linkHorizontal } from 'd3-shape';
import type { EniRecord, FindingRecord, InterfaceRecord } from '../../model/records';
import { idsOf, recordsOf } from '../../view/source';
import { counted, eniWord, hostDeviceName, isUnmanaged, performanceWords } from '../../view/words';
import type { Mark, Picture, Span, Stroke } from '../mark';
import { BODY, bold, centred, clippedSpan, createPen, mono, span, type Pen } from '../scene/pen';
import { contentOf } from '../rack/content';
import { assignedCount } from '../scene/slots';
import { round, shortId, spansWidth, textWidth } from '../text';
import type { FocusCard, FocusEni, FocusLayout, FocusPod, FocusRow } from './focus-layout';
import { noEniWords, wireStroke } from './wiring';

/** Wires and marks at rest stand back, so that a lit path stands out. */
const AT_REST = 0.42;
const RIBBON = 0.16;
const CELL = { w: 15, h: 8 } as const;

type Point = readonly [number, number];
const horizontal = linkHorizontal<{ readonly source: Point; readonly target: Point }, Point>()
  .x(([x]) => round(x))
  .y(([, y]) => round(y));

/** Cubic with both handles at half way. */
const link = (source: Point, target: Point): string => horizontal({ source, target }) ?? '';

const ribbonWidth = (eni: FocusEni): number => Math.max(3, eni.ends.size * 4.2);

/** Where an ENI's ribbon meets its card: ribbons stand below each other in ENI order, centred on the card. */
function ribbonAt(layout: FocusLayout, card: FocusCard, eni: FocusEni): number {
  const on = layout.enis.filter((one) => one.eni !== null && one.card === card.index);
  const total = on.reduce((sum, one) => sum + ribbonWidth(one), 0);
  let y = card.rect.y + card.rect.h / 2 - total / 2;
  for (const one of on) {
    if (one === eni) return y + ribbonWidth(one) / 2;
    y += ribbonWidth(one);
  }
  return y;
}

/** The network that most of an ENI's wires belong to. */
function mainNetwork(layout: FocusLayout, eni: FocusEni): string | null {
  const counts = new Map<string, number>();
  for (const id of eni.ends.keys()) {
    const network = layout.rowOf.get(id)?.record.network;
    if (network !== undefined) counts.set(network, (counts.get(network) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

function drawRibbon(pen: Pen, layout: FocusLayout, card: FocusCard, eni: FocusEni, opacity: number): void {
  if (eni.ends.size === 0) {
    const from: Point = [eni.rect.x + eni.rect.w, eni.rect.y + eni.rect.h / 2];
    const d = link(from, [card.rect.x, ribbonAt(layout, card, eni)]);
    pen.marks.push({
      kind: 'path',
      part: 'focus-ribbon',
      id: eni.eni?.id ?? null,
      d,
      fill: null,
      stroke: { tone: 'edge', width: 1 },
      opacity: 0.5,
    });
    return;
  }
  const half = Math.min(eni.rect.h / 2 - 4, Math.max(3, eni.ends.size * 4.4));
  const x0 = eni.rect.x + eni.rect.w;
  const x1 = card.rect.x;
  const y0 = eni.rect.y + eni.rect.h / 2;
  const y1 = ribbonAt(layout, card, eni);
  const w = ribbonWidth(eni) / 2;
  const middle = round((x0 + x1) / 2);
  const n = (value: number): string => String(round(value));
  const d =
    `M${n(x0)} ${n(y0 - half)}C${middle} ${n(y0 - half)} ${middle} ${n(y1 - w)} ${n(x1)} ${n(y1 - w)}` +
    `V${n(y1 + w)}C${middle} ${n(y1 + w)} ${middle} ${n(y0 + half)} ${n(x0)} ${n(y0 + half)}z`;
  const tone = layout.facts.tone(mainNetwork(layout, eni));
  pen.marks.push({
    kind: 'path',
    part: 'focus-ribbon',
    id: eni.eni?.id ?? null,
    d,
    fill: tone,
    fillOpacity: opacity,
    stroke: null,
  });
}

function drawHeading(pen: Pen, x: number, end: number, title: string, note: string): void {
  pen.text('focus-heading', null, x, 104, 13, [bold(title), span(`  ${note}`)]);
  pen.line('focus-heading', null, x, 112, end, 112, { tone: 'edge', width: 1 });
}

const LINE_1 = 38;
const LINE_2 = 60;
const SWATCH = 12;

const KINDS: readonly (readonly [string, string, Stroke])[] = [
  ['broken: requested, not reported', 'broken', { tone: 'err', width: 1.5, dash: [6, 3] }],
  ['inferred', 'inferred', { tone: 'text2', width: 1.5, dash: [6, 3] }],
  ['observed', 'observed', { tone: 'text2', width: 1.5 }],
];

/** The kinds of wire, right-aligned in the first line; returns where they begin. */
function drawKinds(pen: Pen, right: number, brief: boolean): number {
  let x = right;
  for (const [long, short, stroke] of KINDS) {
    const words = brief ? short : long;
    pen.text('focus-legend', null, x, LINE_1, BODY, [span(words)], 'end');
    x -= textWidth(words, BODY) + 8;
    pen.line('focus-legend', null, x - 30, LINE_1 - 4, x, LINE_1 - 4, stroke);
    x -= 30 + 20;
  }
  return x;
}

/** The networks of the wires, right-aligned in the second line, not beyond `least`; what has no room is counted. */
function drawNetworks(pen: Pen, layout: FocusLayout, least: number): void {
  const ids = new Set(layout.pods.flatMap(({ rows }) => rows.map(({ record }) => record.network)));
  const networks = [...ids].sort((a, b) => Number(b === 'cluster') - Number(a === 'cluster') || (a < b ? -1 : 1));
  const nameOf = (network: string): string => network.replace(/^net:/, '');
  const wide = (shown: readonly string[]): number =>
    shown.reduce((sum, network) => sum + textWidth(nameOf(network), BODY) + 8 + SWATCH + 16, 0);
  const room = layout.columns.right - least;
  let count = networks.length;
  const restWords = (): string => (count === networks.length ? '' : `+${networks.length - count} more`);
  const restWidth = (): number => (restWords() === '' ? 0 : textWidth(restWords(), BODY) + 16);
  while (count > 0 && wide(networks.slice(0, count)) + restWidth() > room) count--;
  let x = layout.columns.right;
  if (restWords() !== '') {
    pen.text('focus-legend', null, x, LINE_2, BODY, [span(restWords(), 'text3')], 'end');
    x -= restWidth();
  }
  for (const network of networks.slice(0, count).reverse()) {
    const words = nameOf(network);
    pen.text('focus-legend', network, x, LINE_2, BODY, [span(words)], 'end');
    x -= textWidth(words, BODY) + 8;
    const swatch = { x: x - SWATCH, y: LINE_2 - 10, w: SWATCH, h: 11 };
    pen.rect('focus-legend', network, swatch, { r: 2, fill: layout.facts.tone(network) });
    x -= SWATCH + 16;
  }
}

/** Name and facts at the left, legends at the right of two lines; where both do not fit, the left gives way by rule. */
function drawTitle(pen: Pen, layout: FocusLayout): void {
  const { node, facts, columns } = layout;
  const interfaces = layout.pods.reduce((sum, { rows }) => sum + rows.length, 0);
  const missing = layout.pods.reduce((sum, { rows }) => sum + rows.filter(({ broken }) => broken).length, 0);
  const short = facts.shortName(node.name);
  const lead = short.stripped && facts.common !== null ? facts.common.prefix : '';
  const name: Span[] = [...(lead === '' ? [] : [span(lead, 'text3')]), { text: short.text, tone: 'ink', weight: 700 }];
  const ready = node.ready === null ? 'readiness not known' : node.ready ? 'Ready' : 'NotReady';
  const place = [node.instanceType, node.zone, ready].filter((word) => word !== null).join(' · ');
  const what = `${counted(layout.pods.length, 'pod')} with ${counted(interfaces, 'interface')}`;
  const note = `${place} · ${what}${missing > 0 ? `, ${missing} requested and not reported` : ''}`;
  const after = columns.left + spansWidth(name, 20) + 14;
  pen.text('focus-title', node.id, columns.left, 40, 20, name);
  const long = KINDS.reduce((sum, [words]) => sum + textWidth(words, BODY) + 58, 0);
  const wanted = after + textWidth(note, 13) + 24;
  const brief = wanted > columns.right - long;
  const free = drawKinds(pen, columns.right, brief);
  const beside = wanted <= free;
  if (beside) pen.text('focus-title', node.id, after, 40, 13, [span(note)]);
  else pen.fit('focus-title', node.id, after, 40, 13, free - after - 16, [[span(place)], [span(ready)]]);
  // The second line has the facts where the first has no room for them; else it says how to use the picture.
  const hint = 'Every wire of one node. Hover or focus lights one path; Enter keeps it.';
  const placed = free - after - 16 >= textWidth(place, 13);
  const second = beside ? hint : placed ? note.slice(place.length + 3) : note;
  const half = columns.left + (columns.right - columns.left) * 0.55;
  const shown = clippedSpan(second, BODY, half - columns.left, { tone: 'text2' });
  if (shown.length > 0) pen.text('focus-title', node.id, columns.left, LINE_2, BODY, shown);
  drawNetworks(pen, layout, columns.left + spansWidth(shown, BODY) + 32);
  drawHeading(pen, columns.left, columns.pods + 16, 'Pods', String(layout.pods.length));
  drawHeading(
    pen,
    columns.interfaces,
    columns.interfacesEnd,
    'Interfaces',
    missing > 0 ? `${interfaces - missing} + ${missing} missing` : String(interfaces),
  );
  const { limit } = node.eniSlots;
  const attached = layout.enis.filter(({ eni }) => eni !== null && eni.role !== 'branch').length;
  drawHeading(
    pen,
    columns.enis,
    columns.enisEnd,
    'ENIs',
    limit === null ? String(attached) : `${attached} of ${limit}`,
  );
  drawHeading(
    pen,
    columns.cards,
    columns.right,
    layout.cards.length === 1 ? 'Network card' : 'Network cards',
    String(layout.cards.length),
  );
}

function drawPod(pen: Pen, layout: FocusLayout, { pod, rows, y }: FocusPod): void {
  const { columns } = layout;
  const width = columns.pods - columns.left - 8;
  const lead = `${pod.namespace} / `;
  const name = clippedSpan(pod.name, BODY, width - Math.min(textWidth(lead, BODY), width * 0.5), { tone: 'text2' });
  const whole = [span(lead, 'text3'), ...name];
  const spans = spansWidth(whole, BODY) <= width ? whole : name;
  if (spans.length > 0) pen.text('focus-pod', pod.id, columns.pods - 8, centred(y, BODY), BODY, spans, 'end');
  const first = rows[0];
  const last = rows.at(-1);
  if (first !== undefined && last !== undefined && rows.length > 1)
    pen.line('focus-pod', pod.id, columns.pods, first.y - 7, columns.pods, last.y + 7, { tone: 'edge', width: 1.2 });
  for (const row of rows) {
    const d = link([columns.pods + (rows.length > 1 ? 1 : 0), y], [columns.interfaces - 2, row.y]);
    const stroke = row.broken
      ? ({ tone: 'err', width: 1.3, dash: [2, 3] } as const)
      : { ...wireStroke(layout.facts, row.record, 1.3) };
    pen.marks.push({
      kind: 'path',
      part: 'focus-wire',
      id: row.record.id,
      d,
      fill: null,
      stroke,
      opacity: row.broken ? 1 : AT_REST,
    });
  }
}

function drawRow(pen: Pen, layout: FocusLayout, { record, y, broken }: FocusRow): void {
  const { columns, facts } = layout;
  const id = record.id;
  const baseline = centred(y, BODY);
  const at = [columns.interfaces + 5, y - 4];
  const style = broken ? 'requested' : 'assigned';
  pen.marks.push({
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
  pen.fit('focus-name', id, columns.interfaces + 20, baseline, BODY, 66, [
    [span(record.name ?? 'no name', broken ? 'err' : 'text2')],
  ]);
  const words = broken
    ? span('not reported', 'err')
    : record.ips[0] === undefined
      ? span('no address', 'text3')
      : mono(record.ips[0]);
  pen.fit('focus-ip', id, columns.interfacesEnd - 8, baseline, BODY, 150, [[words]], 'end');
}

/** The finding that says why a requested interface is not there. */
const brokenFinding = ({ source }: FocusLayout, record: InterfaceRecord): FindingRecord | undefined =>
  [record.id, record.pod]
    .flatMap((id) => recordsOf(source.indexes.findingsBySubject, id, source.records.findings))
    .find(
      ({ severity, subjects }) => severity !== 'info' && (subjects[0] === record.id || subjects.includes(record.id)),
    );

function brokenWords(layout: FocusLayout, record: InterfaceRecord): readonly [string, string] {
  const found = brokenFinding(layout, record);
  const head = `${record.name ?? 'no name'} requested: ${record.network.replace(/^net:/, '')}`;
  return [
    head,
    found === undefined
      ? 'not in network-status'
      : `${found.rule} · ${found.detail === '' ? found.title : found.detail}`,
  ];
}

const LABEL_HEIGHT = 37;

/** Broken rows whose labels stand clear of each other: those with a reason first; the others have an icon. */
function labelledRows(layout: FocusLayout): ReadonlySet<FocusRow> {
  const rows = layout.pods.flatMap((pod) => pod.rows.filter(({ broken }) => broken));
  const explained = rows.filter(({ record }) => brokenFinding(layout, record) !== undefined);
  const placed = new Set<FocusRow>();
  for (const row of [...explained, ...rows])
    if (![...placed].some((other) => Math.abs(other.y - row.y) < LABEL_HEIGHT + 3)) placed.add(row);
  return placed;
}

/** Pixels that the label of a broken wire needs. */
const LEAST_LABEL = 150;

function drawBroken(pen: Pen, layout: FocusLayout, row: FocusRow, labelled: ReadonlySet<FocusRow>): void {
  const { columns } = layout;
  const from = columns.interfacesEnd;
  const reach = Math.max(60, (columns.enis - from) * 0.14);
  const id = row.record.id;
  pen.line('focus-broken', id, from, row.y, from + reach, row.y, { tone: 'err', width: 2 });
  pen.icon('focus-broken', id, 'cross', from + reach + 1, row.y - 6, 12, 'err');
  pen.line('focus-broken', id, from + reach + 15, row.y, from + reach + 29, row.y, {
    tone: 'err',
    width: 1.3,
    dash: [2, 3],
  });
  const [head, reason] = brokenWords(layout, row.record);
  const x = from + reach + 36;
  // No room for words: the icon alone, and the words on hover; never an empty frame, nor an icon below a label.
  const narrow = columns.enis - x - 16 < LEAST_LABEL;
  if (narrow || !labelled.has(row)) {
    const covered = !narrow && [...labelled].some(({ y }) => Math.abs(y - row.y) < LABEL_HEIGHT / 2 + 8);
    if (!covered) pen.icon('focus-broken', id, 'error', x, row.y - 7, 14, 'err');
    return;
  }
  const w = Math.min(columns.enis - x - 16, Math.max(textWidth(head, BODY, 650), textWidth(reason, BODY)) + 40);
  const box = { x, y: row.y - 18, w, h: LABEL_HEIGHT };
  pen.rect('focus-broken', id, box, { r: 4, fill: 'errBg', stroke: { tone: 'err', width: 1 } });
  pen.icon('focus-broken', id, 'error', x + 8, box.y + 5, 14, 'err', 'errBg');
  pen.text('focus-broken', id, x + 28, box.y + 15, BODY, clippedSpan(head, BODY, w - 36, { tone: 'ink', weight: 650 }));
  pen.text('focus-broken', id, x + 28, box.y + 31, BODY, clippedSpan(reason, BODY, w - 36, { tone: 'text2' }));
}

/** How full an ENI is, in two lines; the second may be empty. */
function eniFigures({ node, source }: FocusLayout, eni: EniRecord): readonly [string, string] {
  const word = eniWord(eni) ?? (eni.management.state === 'managed' ? 'managed' : eni.management.state);
  const count = (state: string): number => eni.addresses.filter((address) => address.state === state).length;
  switch (contentOf(eni, node)) {
    case 'none':
      return [word, 'no addresses'];
    case 'ipv6':
      return [word, 'one /80'];
    case 'trunk': {
      const branches = idsOf(source.indexes.branchesByTrunk, eni.id).size;
      return [
        word,
        node.branch?.limit == null
          ? counted(branches, 'branch', 'branches')
          : `${branches}/${node.branch.limit} branches`,
      ];
    }
    case 'prefixes': {
      const blocks = eni.prefixes.filter(({ cidr }) => !cidr.includes(':'));
      const free = blocks.filter(({ assigned }) => assigned === 0).length;
      return [
        `${word} · ${assignedCount(eni)} assigned`,
        `${blocks.length}/${eni.capacity ?? '?'} prefixes · ${free} whole free`,
      ];
    }
    case 'slots': {
      const ratio = `${word} · ${assignedCount(eni)}/${eni.capacity ?? '?'}`;
      if (isUnmanaged(eni) || eni.role === 'branch') return [ratio, eni.subnet ?? ''];
      const free = eni.capacity === null ? null : Math.max(0, eni.capacity - eni.addresses.length + count('primary'));
      if (count('warm') + count('cooling') + (free ?? 0) === 0) return [ratio, ''];
      return [ratio, `${count('warm')} warm · ${count('cooling')} cooling${free === null ? '' : ` · ${free} free`}`];
    }
  }
}

function drawEni(pen: Pen, layout: FocusLayout, focus: FocusEni): void {
  const { rect, eni, ends } = focus;
  const id = eni?.id ?? null;
  const unmanaged = eni !== null && isUnmanaged(eni);
  const dash = unmanaged || eni === null ? { dash: [5, 3] as const } : {};
  pen.rect('focus-eni', id, rect, { r: 4, fill: 'surface' });
  if (unmanaged) pen.hatch('focus-eni', id, rect, 4);
  pen.rect('focus-eni', id, rect, { r: 4, stroke: { tone: 'edge', width: 1, ...dash } });
  for (const [interfaceId, y] of ends) {
    const network = layout.rowOf.get(interfaceId)?.record.network ?? null;
    pen.marks.push({
      kind: 'cells',
      part: 'focus-slot',
      id: interfaceId,
      style: 'assigned',
      tone: layout.facts.tone(network),
      w: CELL.w,
      h: CELL.h,
      r: 1.5,
      at: [rect.x + 8, y - CELL.h / 2],
      opacity: 0.55,
    });
  }
  const x = rect.x + 42;
  const width = rect.w - 50;
  const middle = rect.y + rect.h / 2;
  if (eni === null) {
    pen.fit('focus-eni-title', id, x, middle - 3, BODY, width, [[bold('on no ENI')]]);
    const first = layout.rowOf.get([...ends.keys()][0] ?? '')?.record;
    const why = first === undefined ? '' : noEniWords(layout.source, first)[0];
    pen.text('focus-eni-words', id, x, middle + 14, BODY, clippedSpan(why, BODY, width, { tone: 'text2' }));
    return;
  }
  const host = hostDeviceName(eni);
  const head = bold(eni.deviceIndex === null ? (eniWord(eni) ?? 'ENI') : `dev ${eni.deviceIndex}`);
  const name = [head, span(` · ${shortId(eni.id)}`)];
  const [ratio, rest] = eniFigures(layout, eni);
  const lines = rest === '' ? 2 : 3;
  const y = middle - (lines - 1) * 8 + 4;
  const ground = { x: x - 4, y: y - 13, w: Math.min(width + 4, 170), h: lines * 17 };
  if (unmanaged) pen.rect('focus-eni', id, ground, { r: 3, fill: 'surface' });
  pen.fit('focus-eni-title', id, x, y, BODY, width, [
    ...(host === null ? [] : [[...name, span(`  ${host}`, 'text3')]]),
    name,
    [head],
  ]);
  pen.text(
    'focus-eni-words',
    id,
    x,
    y + 17,
    BODY,
    clippedSpan(ratio, BODY, width, { tone: 'text2', weight: unmanaged ? 650 : 400 }),
  );
  if (rest !== '') pen.text('focus-eni-words', id, x, y + 34, BODY, clippedSpan(rest, BODY, width, { tone: 'text2' }));
}

function drawCard(pen: Pen, layout: FocusLayout, card: FocusCard, lit: boolean): void {
  const { rect, record } = card;
  pen.rect('focus-card', card.id, rect, {
    r: 6,
    fill: 'surface',
    stroke: { tone: lit ? 'sel' : 'edge', width: lit ? 2 : 1 },
  });
  const x = rect.x + 14;
  const width = rect.w - 20;
  const speed = performanceWords(record?.performance ?? null);
  const { used, limit, free } = record?.eniSlots ?? { used: null, limit: null, free: null };
  const lines = [
    speed,
    used === null ? null : limit === null ? counted(used, 'ENI') : `${used} of ${limit} ENIs`,
    free === null ? null : free === 0 ? 'no more can attach' : `${free} more can attach`,
  ].filter((line) => line !== null);
  const y = rect.y + rect.h / 2 - lines.length * 8;
  pen.fit('focus-card-title', card.id, x, y, 14, width, [
    [bold(card.index === null ? 'card not known' : `card ${card.index}`)],
  ]);
  lines.forEach((line, index) =>
    pen.text(
      'focus-card-words',
      card.id,
      x,
      y + 20 + index * 17,
      BODY,
      clippedSpan(line, BODY, width, { tone: 'text2' }),
    ),
  );
  if (layout.hostNetworkPods === 0 || card !== layout.cards[0]) return;
  const box = {
    x: rect.x,
    y: (layout.cards.at(-1)?.rect.y ?? rect.y) + (layout.cards.at(-1)?.rect.h ?? rect.h) + 16,
    w: rect.w,
    h: 44,
  };
  pen.rect('focus-host-network', layout.node.id, box, { r: 4, stroke: { tone: 'edge', width: 1, dash: [2, 3] } });
  pen.text('focus-host-network', layout.node.id, x, box.y + 18, BODY, [span('host network')]);
  const words = `${counted(layout.hostNetworkPods, 'pod')} on dev 0`;
  pen.text(
    'focus-host-network',
    layout.node.id,
    x,
    box.y + 35,
    BODY,
    clippedSpan(words, BODY, width, { tone: 'text2' }),
  );
}

function wireOf(layout: FocusLayout, row: FocusRow): string | null {
  const eni = layout.eniOf.get(row.record.id);
  const end = eni?.ends.get(row.record.id);
  if (eni === undefined || end === undefined) return null;
  return link([layout.columns.interfacesEnd, row.y], [eni.rect.x + (eni.eni === null ? 0 : 0), end]);
}

export function focusPicture(layout: FocusLayout): Picture {
  const pen = createPen({ scale: 1, x: 0, y: 0 });
  drawTitle(pen, layout);
  for (const eni of layout.enis) {
    const card = layout.cards.find(({ index }) => index === eni.card);
    if (eni.eni !== null && card !== undefined) drawRibbon(pen, layout, card, eni, RIBBON);
  }
  for (const { rows } of layout.pods)
    for (const row of rows) {
      const d = wireOf(layout, row);
      if (d === null) continue;
      pen.marks.push({
        kind: 'path',
        part: 'focus-wire',
        id: row.record.id,
        d,
        fill: null,
        stroke: wireStroke(layout.facts, row.record, 1.3),
        opacity: AT_REST,
      });
    }
  for (const pod of layout.pods) drawPod(pen, layout, pod);
  for (const { rows } of layout.pods) for (const row of rows) drawRow(pen, layout, row);
  for (const eni of layout.enis) drawEni(pen, layout, eni);
  for (const card of layout.cards) drawCard(pen, layout, card, false);
  const labelled = labelledRows(layout);
  // Labels last: an icon of a neighbour never lies on one.
  for (const named of [false, true])
    for (const { rows } of layout.pods)
      for (const row of rows) if (row.broken && labelled.has(row) === named) drawBroken(pen, layout, row, labelled);
  const { node } = layout;
  const broken = layout.pods.flatMap(({ rows }) => rows.filter((row) => row.broken)).length;
  return {
    width: layout.width,
    height: Math.ceil(layout.height),
    title: `Every wire of ${node.name}`,
    description: `${counted(layout.pods.length, 'pod')}, ${counted(layout.rowOf.size, 'interface')}, ${counted(layout.enis.filter(({ eni }) => eni !== null).length, 'ENI')}, ${counted(layout.cards.length, 'card')}; ${broken} requested and not reported.`,
    marks: pen.marks,
  };
}

/** One path, to be drawn above the picture: pod frame, wires with halo, interface frame, slot ring, card. */
export function focusLit(layout: FocusLayout, interfaceId: string): readonly Mark[] {
  const row = layout.rowOf.get(interfaceId);
  if (row === undefined) return [];
  const pen = createPen({ scale: 1, x: 0, y: 0 });
  const { columns, facts } = layout;
  const { record, y } = row;
  const pod = layout.pods.find(({ rows }) => rows.includes(row));
  const stroke: Stroke = row.broken ? { tone: 'err', width: 3, dash: [6, 3] } : wireStroke(facts, record, 3);
  const wire = (d: string): void => {
    pen.marks.push({
      kind: 'path',
      part: 'wire halo',
      id: interfaceId,
      d,
      fill: null,
      stroke: { tone: 'bg', width: 7 },
    });
    pen.marks.push({ kind: 'path', part: 'wire', id: interfaceId, d, fill: null, stroke });
  };
  const eni = layout.eniOf.get(interfaceId);
  const card = eni === undefined ? undefined : layout.cards.find(({ index }) => index === eni.card);
  if (eni?.eni != null && card !== undefined) {
    drawRibbon(pen, layout, card, eni, RIBBON * 1.6);
    wire(link([eni.rect.x + eni.rect.w, eni.rect.y + eni.rect.h / 2], [card.rect.x, ribbonAt(layout, card, eni)]));
    drawCard(pen, layout, card, true);
  }
  const d = wireOf(layout, row);
  if (d !== null) wire(d);
  if (pod !== undefined) {
    wire(link([columns.pods, pod.y], [columns.interfaces - 2, y]));
    const top = (pod.rows[0]?.y ?? pod.y) - 8;
    const bottom = (pod.rows.at(-1)?.y ?? pod.y) + 8;
    pen.rect(
      'focus-lit',
      pod.pod.id,
      { x: columns.left, y: top, w: columns.pods - columns.left, h: bottom - top },
      { r: 4, fill: 'surface', stroke: { tone: 'sel', width: 1.6 } },
    );
    const width = columns.pods - columns.left - 16;
    const name = clippedSpan(pod.pod.name, BODY, width, { tone: 'ink', weight: 650 });
    const lead = span(`${pod.pod.namespace} / `, 'text2');
    const spans = spansWidth([lead, ...name], BODY) <= width ? [lead, ...name] : name;
    pen.text('focus-lit', pod.pod.id, columns.pods - 8, centred(pod.y, BODY), BODY, spans, 'end');
  }
  const box = { x: columns.interfaces - 2, y: y - 9, w: columns.interfacesEnd - columns.interfaces + 2, h: 18 };
  pen.rect('focus-lit', interfaceId, box, {
    r: 4,
    fill: 'surface',
    stroke: { tone: row.broken ? 'err' : facts.tone(record.network), width: 1.6 },
  });
  drawRow(pen, layout, row);
  const end = eni?.ends.get(interfaceId);
  if (eni !== undefined && end !== undefined) {
    const at = { x: eni.rect.x + 8, y: end - CELL.h / 2, w: CELL.w, h: CELL.h };
    pen.rect(
      'focus-lit',
      interfaceId,
      { x: at.x - 3.5, y: at.y - 3.5, w: at.w + 7, h: at.h + 7 },
      { r: 4, fill: 'surface', stroke: { tone: 'sel', width: 2 } },
    );
    pen.rect('focus-lit', interfaceId, at, { r: 1.5, fill: facts.tone(record.network) });
  }
  return pen.marks;
}
