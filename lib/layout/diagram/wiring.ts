/**
 * The wiring of a pod's network namespace: interface → ENI → card, one row per interface, in name order. Inferred links
 * are dashed. A requested interface that is not reported is a red stub that ends on nothing.
 */
import { idParts } from '../../model/ids';
import { isWithin } from '../../model/ip';
import { byNaturalName } from '../../model/order';
import type { EniRecord, InterfaceRecord } from '../../model/records';
import type { NetworkRanks } from '../../view/network-colours';
import { recordsOf, type ViewSource } from '../../view/view-source';
import { eniWord, hostDeviceName, isUnmanaged, performanceWords, interfaceName } from '../../view/labels';
import { shortId } from '../../view/selection';
import type { Picture, Span, Stroke } from '../picture/mark';
import { createSceneFacts, type SceneFacts } from '../scene/facts';
import {
  BODY,
  bold,
  centred,
  clippedSpan,
  createMarkWriter,
  mono,
  span,
  type MarkWriter,
} from '../picture/mark-writer';
import { clipped, clippedAddress, round, textWidth } from '../picture/text';

const ROW = 48;
const BOX = 36;
const TOP = 30;
const CARD_W = 30;
const NETNS_PAD = 8;

/** Settings of the diagram. */
export interface WiringOptions {
  /** CSS pixels; the diagram fills this width. */
  readonly width: number;
  /** The selected interface; its row has heavier frames. */
  readonly chosen?: string | null;
}

/** A pod's interfaces: the default one first, then by name. */
export function podInterfaces(source: ViewSource, pod: string): readonly InterfaceRecord[] {
  return recordsOf(source.indexes.interfacesByPod, pod, source.records.interfaces).sort(
    (a, b) =>
      Number(b.default) - Number(a.default) || byNaturalName(a.name ?? '~', b.name ?? '~') || byNaturalName(a.id, b.id),
  );
}

/** Whether the interface was requested but is not reported. */
export const isBroken = (record: InterfaceRecord): boolean => record.state === 'requested' && record.ips.length === 0;

/** The stroke of an interface's wire: the network's colour, dashed when the link is inferred. */
export function wireStroke(facts: SceneFacts, record: InterfaceRecord, width: number): Stroke {
  const dash = record.link.certainty === 'inferred' ? { dash: [6, 3] as const } : {};
  return { tone: facts.tone(record.network), width, ...dash };
}

/** Why an interface ends on no ENI, in a few words. */
export function noEniWords(source: ViewSource, record: InterfaceRecord): readonly [string, string] {
  if (isBroken(record)) return ['not reported', 'requested only'];
  const nic = record.hostNic === null ? undefined : source.records.hostNics.get(record.hostNic);
  if (nic !== undefined) return [`host NIC ${nic.name}`, record.device?.pciAddress ?? (nic.up === false ? 'down' : '')];
  const semantics = source.records.networks.get(record.network)?.plugins[0];
  if (record.link.candidates.length > 1) return ['ENI not known', `${record.link.candidates.length} candidates`];
  if (record.addresses.some(({ backed }) => backed === 'not-applicable')) return ['stays on the node', semantics ?? ''];
  const [only] = record.link.candidates;
  if (only !== undefined) return ['ENI not known', `perhaps ${shortId(only)}`];
  return ['ENI not known', record.link.certainty === 'unknown' ? 'no evidence' : record.link.rule];
}

function eniLines(eni: EniRecord, record: InterfaceRecord): readonly [Span[][], readonly string[]] {
  const device = eni.deviceIndex === null ? (eniWord(eni) ?? 'ENI') : `dev ${eni.deviceIndex}`;
  const title = [[bold(`${device} · ${shortId(eni.id)}`)], [bold(shortId(eni.id))], [bold(device)]];
  const slot = eni.addresses.filter(({ state }) => state !== 'primary').findIndex(({ ip }) => record.ips.includes(ip));
  const prefix = eni.prefixes.find(({ cidr }) => record.ips.some((ip) => isWithin(cidr, ip)));
  const place = slot >= 0 && eni.capacity !== null ? `slot ${slot + 1} of ${eni.capacity}` : null;
  const where = prefix === undefined ? place : `in ${prefix.cidr}`;
  const managed = eniWord(eni) ?? (eni.management.state === 'managed' ? 'managed' : eni.management.state);
  const more = isUnmanaged(eni) ? hostDeviceName(eni) : where;
  // The frame also shows the management, so this word is dropped first.
  return [title, more === null ? [managed] : [`${managed} · ${more}`, isUnmanaged(eni) ? managed : more]];
}

function drawInterface(
  draw: MarkWriter,
  facts: SceneFacts,
  record: InterfaceRecord,
  x: number,
  y: number,
  w: number,
  chosen: boolean,
): void {
  const broken = isBroken(record);
  const tone = broken ? 'err' : facts.tone(record.network);
  const dash = broken ? { dash: [2, 2] as const } : {};
  draw.rect(
    'wiring-interface',
    record.id,
    { x, y, w, h: BOX },
    { r: 4, fill: 'surface', stroke: { tone, width: chosen ? 2 : 1.4, ...dash } },
  );
  const name = clippedSpan(interfaceName(record), BODY, w - 12, {
    tone: broken ? 'err' : facts.textTone(record.network),
    weight: 650,
  });
  draw.text('wiring-name', record.id, x + 6, y + 15, BODY, name);
  const ip = record.ips[0];
  const words =
    ip === undefined ? [span('no address', 'text3')] : [mono(clippedAddress(ip, BODY, w - 10) ?? '…', 'ink')];
  draw.text('wiring-ip', record.id, x + 6, y + 30, BODY, words);
}

function drawEni(
  draw: MarkWriter,
  eni: EniRecord,
  record: InterfaceRecord,
  x: number,
  y: number,
  w: number,
  chosen: boolean,
): void {
  const frame = { x, y, w, h: BOX };
  draw.rect('wiring-eni', eni.id, frame, { r: 4, fill: 'surface' });
  if (isUnmanaged(eni)) draw.hatch('wiring-eni', eni.id, frame, 4);
  const dash = isUnmanaged(eni) ? { dash: [5, 3] as const } : {};
  draw.rect('wiring-eni', eni.id, frame, {
    r: 4,
    stroke: { tone: chosen ? 'sel' : 'edge', width: chosen ? 1.6 : 1, ...dash },
  });
  const [title, line] = eniLines(eni, record);
  draw.fit('wiring-eni-title', eni.id, x + 7, y + 15, BODY, w - 12, title);
  draw.fit('wiring-eni-words', eni.id, x + 7, y + 30, BODY, w - 12, [
    ...line.map((text) => [span(text)]),
    clippedSpan(line.at(-1) ?? '', BODY, w - 12, { tone: 'text2' }),
  ]);
}

function drawCards(
  draw: MarkWriter,
  source: ViewSource,
  rows: readonly { readonly card: string | null }[],
  x: number,
): void {
  // Consecutive rows of one card share a box.
  for (let from = 0; from < rows.length;) {
    const card = rows[from]?.card ?? null;
    let to = from + 1;
    while (to < rows.length && rows[to]?.card === card) to++;
    if (card !== null) {
      const y = TOP + from * ROW - 2;
      const h = (to - from - 1) * ROW + BOX + 4;
      draw.rect(
        'wiring-card',
        card,
        { x, y, w: CARD_W, h },
        { r: 4, fill: 'surface', stroke: { tone: 'edge', width: 1 } },
      );
      const record = source.records.networkCards.get(card);
      const index = record?.index ?? /\d+$/.exec(card)?.[0] ?? '';
      const speed = performanceWords(record?.performance ?? null)?.replace('up to', '≤');
      const wordings = [
        speed === undefined ? [] : [bold(`card ${index}`), span(` · ${speed}`)],
        [bold(`card ${index}`)],
        [bold(String(index))],
      ].filter((spans) => spans.length > 0);
      const before = draw.marks.length;
      draw.fit('wiring-card-words', card, x + CARD_W / 2 + 4, y + h / 2, BODY, h - 6, wordings, 'middle');
      const mark = draw.marks[before];
      if (mark?.kind === 'text') draw.marks[before] = { ...mark, rotate: -90 };
    }
    from = to;
  }
}

/** The diagram of a pod's interfaces. */
export function wiringPicture(source: ViewSource, ranks: NetworkRanks, pod: string, options: WiringOptions): Picture {
  const { width } = options;
  const facts = createSceneFacts(source, ranks);
  const records = podInterfaces(source, pod);
  const draw = createMarkWriter({ scale: 1, x: 0, y: 0 });
  // Addresses are shown whole where possible; the ENI's text shortens first.
  const widest = Math.max(0, ...records.map(({ ips: [ip = ''] }) => textWidth(ip, BODY, 400, true)));
  const wanted = Math.min(widest + 12 + 2 * NETNS_PAD, width * 0.42);
  const netnsW = Math.min(150, Math.round(Math.max(width * 0.32, wanted)));
  const ifaceW = netnsW - 2 * NETNS_PAD;
  const cardX = width - CARD_W - 1;
  const eniX = netnsW + 26;
  const eniW = cardX - 20 - eniX;
  const height = TOP + Math.max(1, records.length) * ROW - (ROW - BOX) + 10;
  const y = (row: number): number => TOP + row * ROW;
  draw.rect(
    'wiring-netns',
    pod,
    { x: 0.5, y: 0.5, w: netnsW, h: height - 1 },
    { r: 6, fill: 'sunk', stroke: { tone: 'edge', width: 1 } },
  );
  draw.text('wiring-heading', pod, netnsW / 2, 19, BODY, [bold('pod netns', 'text2')], 'middle');
  const rows = records.map((record) => {
    const eni = record.eni === null ? undefined : source.records.enis.get(record.eni);
    const trunk = eni?.trunk == null ? undefined : source.records.enis.get(eni.trunk);
    const index = record.card ?? eni?.card ?? trunk?.card ?? null;
    const node = record.node === null ? null : idParts(record.node)[0];
    const card = eni === undefined || index === null || node === null ? null : `card:${node}/${index}`;
    return { record, eni, card };
  });
  rows.forEach(({ record, eni, card }, row) => {
    const middle = y(row) + BOX / 2;
    const stroke = wireStroke(facts, record, 2);
    const from = NETNS_PAD + ifaceW;
    if (eni !== undefined) {
      draw.line('wiring-wire', record.id, from, middle, eniX, middle, stroke);
      if (card !== null) draw.line('wiring-wire', record.id, eniX + eniW, middle, cardX, middle, stroke);
      return;
    }
    const broken = isBroken(record);
    const reach = eniX - from;
    draw.line(
      'wiring-wire',
      record.id,
      from,
      middle,
      from + reach * 0.5,
      middle,
      broken ? { tone: 'err', width: 2 } : stroke,
    );
    if (!broken) return;
    draw.icon('wiring-broken', record.id, 'cross', from + reach * 0.5 - 1, middle - 5, 10, 'err');
    draw.line('wiring-wire', record.id, from + reach * 0.5 + 11, middle, eniX, middle, {
      tone: 'err',
      width: 1.3,
      dash: [2, 3],
    });
  });
  rows.forEach(({ record, eni }, row) => {
    const chosen = record.id === options.chosen;
    drawInterface(draw, facts, record, NETNS_PAD, y(row), ifaceW, chosen);
    if (eni !== undefined) {
      drawEni(draw, eni, record, eniX, y(row), eniW, chosen);
      return;
    }
    const [head, line] = noEniWords(source, record);
    const broken = isBroken(record);
    const w = eniW + (broken ? 20 + CARD_W : 0);
    const title = clipped(head, BODY, w - 12, 650);
    if (title !== null)
      draw.text('wiring-no-eni', record.id, eniX + 7, y(row) + 15, BODY, [bold(title, broken ? 'err' : 'text2')]);
    const words = clippedSpan(line, BODY, w - 12, { tone: 'text3' });
    if (words.length > 0) draw.text('wiring-no-eni', record.id, eniX + 7, y(row) + 30, BODY, words);
  });
  drawCards(draw, source, rows, cardX);
  if (records.length === 0) {
    const hostNetwork = source.records.pods.get(pod)?.hostNetwork === true;
    const words = hostNetwork ? 'host network: it has no interface of its own' : 'no interface known';
    draw.text(
      'wiring-none',
      pod,
      eniX,
      centred(height / 2, BODY),
      BODY,
      clippedSpan(words, BODY, width - eniX, { tone: 'text2' }),
    );
  }
  const name = idParts(pod).join(' / ');
  const description = rows
    .map(({ record, eni, card }) => {
      const end =
        eni === undefined
          ? noEniWords(source, record).filter(Boolean).join(', ')
          : `${eni.id}${card === null ? '' : `, ${idParts(card)[1] === undefined ? '' : `card ${idParts(card)[1]}`}`}`;
      return `${interfaceName(record)} ${record.ips[0] ?? 'without address'}: ${end} (${record.link.certainty})`;
    })
    .join('. ');
  return { width, height: round(height), title: `Wiring of ${name}`, description, marks: draw.marks };
}
