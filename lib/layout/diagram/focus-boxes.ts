/** The right half of a link diagram: ENIs with the ends of their wires, and their cards. */
import { counted } from '../../model/counted';
import type { EniRecord } from '../../model/records';
import { idsOf } from '../../view/view-source';
import { eniWord, hostDeviceName, isUnmanaged, performanceWords } from '../../view/labels';
import { BODY, bold, clippedSpan, span, type MarkWriter } from '../picture/mark-writer';
import { contentOf } from '../rack/eni-content';
import { addressesIn } from '../../view/eni-outline';
import { shortId } from '../picture/text';
import type { FocusCard, FocusEni, FocusLayout } from './focus-layout';
import { noEniWords } from './wiring';

/** How full an ENI is, in two lines; the second may be empty. */
function eniFigures({ node, source }: FocusLayout, eni: EniRecord): readonly [string, string] {
  const word = eniWord(eni) ?? (eni.management.state === 'managed' ? 'managed' : eni.management.state);
  const count = (state: string): number => eni.addresses.filter((address) => address.state === state).length;
  switch (contentOf(eni, node)) {
    case 'none':
      return [word, 'no addresses'];
    case 'device': {
      const pods = eni.claimedBy.length;
      const how = pods === 0 ? 'free for claims' : pods === 1 ? 'whole, one pod' : `shared by ${pods} pods`;
      return [`${word} · ${how}`, eni.addresses[0]?.ip ?? 'no address'];
    }
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
        `${word} · ${addressesIn(eni, 'assigned')} assigned`,
        `${blocks.length}/${eni.capacity ?? '?'} prefixes · ${free} whole free`,
      ];
    }
    case 'slots': {
      const ratio = `${word} · ${addressesIn(eni, 'assigned')}/${eni.capacity ?? '?'}`;
      if (isUnmanaged(eni) || eni.role === 'branch') return [ratio, eni.subnet ?? ''];
      const free = eni.capacity === null ? null : Math.max(0, eni.capacity - eni.addresses.length + count('primary'));
      if (count('warm') + count('cooling') + (free ?? 0) === 0) return [ratio, ''];
      return [ratio, `${count('warm')} warm · ${count('cooling')} cooling${free === null ? '' : ` · ${free} free`}`];
    }
  }
}

export function drawEni(draw: MarkWriter, layout: FocusLayout, focus: FocusEni): void {
  const { rect, eni, slots } = focus;
  const id = eni?.id ?? null;
  const unmanaged = eni !== null && isUnmanaged(eni);
  const dash = unmanaged || eni === null ? { dash: [5, 3] as const } : {};
  draw.rect('focus-eni', id, rect, { r: 4, fill: 'surface' });
  if (unmanaged) draw.hatch('focus-eni', id, rect, 4);
  draw.rect('focus-eni', id, rect, { r: 4, stroke: { tone: 'edge', width: 1, ...dash } });
  for (const [interfaceId, slot] of slots) {
    const network = layout.rowOf.get(interfaceId)?.record.network ?? null;
    draw.marks.push({
      kind: 'cells',
      part: 'focus-slot',
      id: interfaceId,
      style: 'assigned',
      tone: layout.facts.tone(network),
      w: slot.w,
      h: slot.h,
      r: 1.5,
      at: [slot.x, slot.y],
      opacity: 0.55,
    });
  }
  const x = rect.x + 30 + Math.min(12, rect.w * 0.06);
  const width = rect.x + rect.w - x - 6;
  const middle = rect.y + rect.h / 2;
  if (eni === null) {
    draw.fit('focus-eni-title', id, x, middle - 3, BODY, width, [[bold('on no ENI')]]);
    const first = layout.rowOf.get([...slots.keys()][0] ?? '')?.record;
    const why = first === undefined ? '' : noEniWords(layout.source, first)[0];
    draw.text('focus-eni-words', id, x, middle + 14, BODY, clippedSpan(why, BODY, width, { tone: 'text2' }));
    return;
  }
  const host = hostDeviceName(eni);
  const head = bold(eni.deviceIndex === null ? (eniWord(eni) ?? 'ENI') : `dev ${eni.deviceIndex}`);
  const name = [head, span(` · ${shortId(eni.id)}`)];
  const [ratio, rest] = eniFigures(layout, eni);
  const lines = rest === '' ? 2 : 3;
  const y = middle - (lines - 1) * 8 + 4;
  const ground = { x: x - 4, y: y - 13, w: Math.min(width + 4, 170), h: lines * 17 };
  if (unmanaged) draw.rect('focus-eni', id, ground, { r: 3, fill: 'surface' });
  draw.fit('focus-eni-title', id, x, y, BODY, width, [
    ...(host === null ? [] : [[...name, span(`  ${host}`, 'text3')]]),
    name,
    [head],
  ]);
  draw.text(
    'focus-eni-words',
    id,
    x,
    y + 17,
    BODY,
    clippedSpan(ratio, BODY, width, { tone: 'text2', weight: unmanaged ? 650 : 400 }),
  );
  const short = rest.startsWith('subnet-') ? [rest, shortId(rest)] : [rest];
  if (rest !== '') drawWords(draw, 'focus-eni-words', id, [x, y + 34], width, short);
}

/** The first wording that fits; where none does, as much of the last one as there is room for. */
function drawWords(
  draw: MarkWriter,
  part: string,
  id: string | null,
  [x, y]: readonly [number, number],
  width: number,
  wordings: readonly string[],
): void {
  draw.fit(part, id, x, y, BODY, width, [
    ...wordings.map((text) => [span(text, 'text2')]),
    clippedSpan(wordings.at(-1) ?? '', BODY, width, { tone: 'text2' }),
  ]);
}

/** `lit`: whether the card is on the highlighted path. */
export function drawCard(draw: MarkWriter, layout: FocusLayout, card: FocusCard, lit: boolean): void {
  const { rect, record } = card;
  draw.rect('focus-card', card.id, rect, {
    r: 6,
    fill: 'surface',
    stroke: { tone: lit ? 'sel' : 'edge', width: lit ? 2 : 1 },
  });
  const inset = Math.min(14, rect.w * 0.12);
  const x = rect.x + inset;
  const width = rect.w - 2 * inset;
  const speed = performanceWords(record?.performance ?? null);
  const { used, limit, free } = record?.eniSlots ?? { used: null, limit: null, free: null };
  const lines = [
    speed === null ? null : [speed, speed.replace('up to', '≤')],
    used === null ? null : [limit === null ? counted(used, 'ENI') : `${used} of ${limit} ENIs`],
    free === null ? null : free === 0 ? ['no more can attach', 'no more'] : [`${free} more can attach`, `${free} more`],
  ].filter((line) => line !== null);
  const y = rect.y + rect.h / 2 - lines.length * 8;
  draw.fit('focus-card-title', card.id, x, y, 14, width, [
    [bold(card.index === null ? 'card not known' : `card ${card.index}`)],
    [bold(card.index === null ? '?' : String(card.index))],
  ]);
  lines.forEach((wordings, index) =>
    drawWords(draw, 'focus-card-words', card.id, [x, y + 20 + index * 17], width, wordings),
  );
  const box = layout.hostNetwork;
  if (box === null || card !== layout.cards[0]) return;
  draw.rect('focus-host-network', layout.node.id, box, { r: 4, stroke: { tone: 'edge', width: 1, dash: [2, 3] } });
  draw.fit('focus-host-network', layout.node.id, x, box.y + 18, BODY, width, [[span('host network')], [span('host')]]);
  const pods = counted(layout.hostNetworkPods, 'pod');
  drawWords(draw, 'focus-host-network', layout.node.id, [x, box.y + 35], width, [`${pods} on dev 0`, pods]);
}
