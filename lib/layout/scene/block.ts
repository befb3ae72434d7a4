/** Everything that can stand inside a node's box, one function each; ENIs have a file of their own. */
import { idParts } from '../../model/ids';
import type { NodeRecord, SourceRecord } from '../../model/records';
import { idsOf, recordsOf } from '../../view/source';
import { clockTime, counted, eniWord, performanceWords } from '../../view/words';
import { CARD, ENI, INNER, SLOT } from '../geometry';
import type { Span } from '../mark';
import { cardsOf, runsOf } from '../rack/cards';
import { looseInterfaces, vfInterfaces } from '../rack/node-box';
import { blockRect, type BlockKind, type Rect } from '../rack/rack';
import { fitting, shortId, spansWidth } from '../text';
import { createCells } from './cells';
import { drawEni } from './eni';
import { drawMiniEni } from './mini-eni';
import { BODY, bold, centred, clippedSpan, span } from './pen';
import type { Scope } from './scope';
import { assignedCount, slotRect } from './slots';
import { drawWaiting } from './waiting';

/** Pixels that a line of text needs; below it the line is dropped. */
const LEAST_LINE = 13;

function drawCardHeading(scope: Scope, ref: string, rect: Rect): void {
  const { pen, facts } = scope;
  if (CARD.height * pen.scale < LEAST_LINE) return;
  const card = facts.source.records.networkCards.get(ref);
  const head = card === undefined ? 'card not known' : `card ${card.index}`;
  const speed = performanceWords(card?.performance ?? null);
  const { limit, used } = card?.eniSlots ?? { limit: null, used: null };
  const count =
    used === null ? [] : [span(limit === null ? ` · ${counted(used, 'ENI')}` : ` · ${used} of ${limit} ENIs`, 'text2')];
  const title = bold(head, 'text2');
  const y = pen.py(rect.y + CARD.baseline) + (pen.scale < 1 ? 1 : 0);
  pen.fit('card-heading', ref, pen.px(rect.x), y, BODY, rect.w * pen.scale, [
    [title, ...(speed === null ? [] : [span(` · ${speed}`)]), ...count],
    [title, ...count],
    [title],
  ]);
}

/** Whether the VPC CNI leaves a folded run of cards alone. */
const isLeftAlone = (scope: Scope, ref: string): boolean =>
  scope.facts.source.records.networkCards.get(ref)?.managed === false;

/** "cards 4–31 · efa-only ×28". */
export function foldWords(scope: Scope, node: NodeRecord, ref: string, run: number): string {
  if (run === 0) return 'fold equal cards';
  const cards = cardsOf(scope.facts.source, node);
  const from = cards.findIndex(({ id }) => id === ref);
  const first = cards[from];
  const last = cards[from + run - 1];
  if (first === undefined || last === undefined) return '';
  const kinds = new Set(
    cards.slice(from, from + run).flatMap(({ enis }) => enis.map(({ interfaceType }) => interfaceType)),
  );
  const what = kinds.size === 0 ? 'no ENI attached' : `${[...kinds].sort().join(', ')} ×${run}`;
  return `cards ${first.index}–${last.index} · ${what}`;
}

/** Why the ENI level is empty, in three lines. */
function noEnisWords(ec2: SourceRecord | null): readonly [string, string, string, string] {
  const since = ec2?.asOf === null || ec2 === null ? '' : ` · since ${clockTime(ec2.asOf)}`;
  switch (ec2?.state) {
    case 'denied':
      return [
        'not permitted',
        ' · EC2 answers AccessDenied',
        `ec2:DescribeNetworkInterfaces${since}`,
        'Allow ec2:Describe* to see ENIs and pools.',
      ];
    case 'failing':
      return [
        'not readable',
        ' · EC2 does not answer',
        ec2.reason ?? `ec2:DescribeNetworkInterfaces${since}`,
        'ENIs and pools return when it does.',
      ];
    case 'starting':
      return [
        'not read yet',
        ' · waiting for EC2',
        'ec2:DescribeNetworkInterfaces',
        'The first answer fills this node.',
      ];
    case 'stale':
    case 'live':
      return [
        'none known',
        ' · EC2 names no ENI of this node',
        ec2.asOf === null ? '' : `as of ${clockTime(ec2.asOf)}`,
        'It may have been started just now.',
      ];
    case 'absent':
    case 'off':
    case undefined:
      return [
        'not read',
        ' · EC2 is not among the sources',
        ec2?.reason ?? '',
        'Pods and their addresses come from Kubernetes.',
      ];
  }
}

function drawNoEnis(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { pen, facts } = scope;
  if (CARD.height * pen.scale >= LEAST_LINE)
    pen.text('card-heading', node.id, pen.px(rect.x), pen.py(rect.y + CARD.baseline), BODY, [bold('ENIs', 'text2')]);
  const frame = pen.place({ ...rect, y: rect.y + CARD.height, h: rect.h - CARD.height });
  pen.rect('no-enis', node.id, frame, { r: ENI.r, fill: 'sunk', stroke: { tone: 'edge', width: 1, dash: [2, 3] } });
  const [head, ...lines] = noEnisWords(facts.ec2);
  const words: (readonly Span[])[] = [[bold(head), span(lines[0])], [span(lines[1])], [span(lines[2])]];
  const step = 17 * Math.max(0.8, Math.min(1, pen.scale));
  words.forEach((spans, index) => {
    const y = frame.y + 16 + index * step;
    if (y > frame.y + frame.h - 2) return;
    pen.fit(
      'no-enis-words',
      node.id,
      frame.x + 8,
      y,
      BODY,
      frame.w - 34,
      [spans, index === 0 ? [bold(head)] : []].filter((s) => s.length > 0),
    );
  });
  if (facts.ec2?.state === 'denied' && frame.w > 60)
    pen.icon('denied', node.id, 'lock', frame.x + frame.w - 22, frame.y + 7, 14, 'text2');
}

function drawAddresses(scope: Scope, node: NodeRecord, rect: Rect): void {
  const { pen, facts } = scope;
  const loose = looseInterfaces(facts.source, node);
  const frame = pen.place(rect);
  pen.rect('addresses-frame', node.id, frame, { r: ENI.r, fill: 'surface', stroke: { tone: 'edge', width: 1 } });
  const hasEnis = idsOf(facts.source.indexes.enisByNode, node.id).size > 0;
  const onAws = node.instanceId !== null;
  const head = hasEnis ? 'on no ENI' : onAws ? 'ENI unknown' : 'pod addresses';
  const note = hasEnis ? ' · stays on this node' : ' · addresses from pod status';
  if (ENI.title * pen.scale >= LEAST_LINE) {
    const y = centred(frame.y + (ENI.title * pen.scale) / 2, BODY);
    const count = pen.fit(
      'eni-ratio',
      node.id,
      frame.x + frame.w - 8,
      y,
      BODY,
      frame.w / 3,
      [[span(String(loose.length))]],
      'end',
    );
    pen.fit('eni-title', node.id, frame.x + 8, y, BODY, frame.w - count - 24, [[bold(head), span(note)], [bold(head)]]);
  }
  const cells = createCells(scope, SLOT.w * pen.scale, SLOT.h * pen.scale);
  loose.forEach((record, index) =>
    cells.add(
      { style: 'assigned', network: record.network, ip: record.ips[0] ?? null, interface: record.id },
      slotRect(rect, 1, index),
    ),
  );
  cells.flush(node.id);
}

function drawGhostRef(scope: Scope, ref: string, rect: Rect): void {
  const { pen, facts } = scope;
  const frame = pen.place(rect);
  const eni = facts.source.records.enis.get(ref);
  const pod = facts.source.records.pods.get(ref);
  pen.rect('ghost-ref', ref, frame, { r: ENI.r, fill: 'surface', stroke: { tone: 'edge', width: 1 } });
  const y = frame.y + 16;
  const width = frame.w - 16;
  if (frame.h < LEAST_LINE + 4) return;
  const state = eni !== undefined ? (eni.status ?? '') : pod?.deleting === true ? 'Terminating' : (pod?.phase ?? '');
  const taken =
    state === ''
      ? 0
      : pen.fit('ghost-state', ref, frame.x + frame.w - 8, y, BODY, width / 2, [[bold(state, 'text2')]], 'end');
  const title =
    eni !== undefined
      ? [[bold('ENI'), span(` · ${shortId(ref)}`)], [bold('ENI')]]
      : [[bold('pod'), span(` · ${idParts(ref).join('/')}`)], [bold('pod')]];
  pen.fit('ghost-title', ref, frame.x + 8, y, BODY, width - taken - 8, title);
  if (frame.h < 34) return;
  const address = pod?.ips[0];
  const line =
    eni !== undefined
      ? assignedCount(eni) === 0
        ? 'no pod has its addresses'
        : `${counted(assignedCount(eni), 'address', 'addresses')} assigned`
      : address === undefined
        ? 'no address'
        : `address ${address} on no ENI any more`;
  const words = clippedSpan(line, BODY, width, { tone: 'text2' });
  if (words.length > 0) pen.text('ghost-words', ref, frame.x + 8, frame.y + 34, BODY, words);
}

function drawNicHeading(scope: Scope, ref: string, rect: Rect): void {
  const { pen, facts } = scope;
  const nic = facts.source.records.hostNics.get(ref);
  if (nic === undefined || CARD.height * pen.scale < LEAST_LINE) return;
  const state = nic.up === null ? '' : nic.up ? ' · up' : ' · down';
  const vfs =
    nic.vfs === null ? '' : nic.vfs.total === null ? ' · VFs not known' : nic.vfs.total === 0 ? ' · no VFs' : '';
  const name = nic.certainty === 'inferred' ? `~${nic.name}` : nic.name;
  const head = bold(`host NIC ${name}`, 'text2');
  const y = pen.py(rect.y + CARD.baseline);
  pen.fit('nic-heading', ref, pen.px(rect.x), y, BODY, rect.w * pen.scale, [
    [head, span(state + vfs)],
    [head],
    [bold(name, 'text2')],
  ]);
}

function drawVfs(scope: Scope, node: NodeRecord, ref: string, rect: Rect): void {
  const { pen, facts } = scope;
  const nic = facts.source.records.hostNics.get(ref);
  if (nic === undefined) return;
  const held = vfInterfaces(facts.source, node.id, ref);
  const total = nic.vfs?.total ?? held.length;
  const used = Math.max(nic.vfs?.used ?? 0, held.length);
  const none = used >= total;
  const frame = pen.place(rect);
  pen.rect('vfs-frame', ref, frame, {
    r: ENI.r,
    fill: 'surface',
    stroke: none ? { tone: 'err', width: 1.2 } : { tone: 'edge', width: 1 },
  });
  if (ENI.title * pen.scale >= LEAST_LINE) {
    const y = centred(frame.y + (ENI.title * pen.scale) / 2, BODY);
    const networks = [...new Set(held.map(({ network }) => network.replace(/^net:/, '')))].sort();
    const ratio = [span(`${used}/${total}`)];
    const right = none ? [[bold('none left', 'err'), span('  '), ...ratio], ratio] : [ratio];
    const taken = pen.fit('eni-ratio', ref, frame.x + frame.w - 8, y, BODY, frame.w - 40, right, 'end');
    const names = networks.length === 0 ? [] : [[bold('VFs'), span(` · ${networks.join(', ')}`)]];
    pen.fit('eni-title', ref, frame.x + 8, y, BODY, frame.w - taken - 24, [...names, [bold('VFs')]]);
    if (none && frame.w > 160) pen.icon('eni-finding', ref, 'error', frame.x + frame.w - taken - 28, y - 11, 14, 'err');
  }
  const cells = createCells(scope, SLOT.w * pen.scale, SLOT.h * pen.scale);
  for (let index = 0; index < total; index++) {
    const record = held[index];
    const at = slotRect(rect, 1, index);
    if (record !== undefined)
      cells.add({ style: 'assigned', network: record.network, ip: record.ips[0] ?? null, interface: record.id }, at);
    else if (index < used) cells.add({ style: 'unknown', network: null, ip: null, interface: null }, at);
    else cells.free(at);
  }
  cells.flush(ref);
}

function drawTile(scope: Scope, ref: string, rect: Rect): void {
  const { pen, facts } = scope;
  const at = pen.place(rect);
  pen.rect('tile-frame', ref, at, {
    r: Math.min(4, 4 * pen.scale),
    fill: 'surface',
    stroke: { tone: 'edge', width: 1 },
  });
  const held = recordsOf(facts.source.indexes.interfacesByNode, ref, facts.source.records.interfaces).find(
    ({ ips }) => ips.length > 0,
  );
  const cells = createCells(scope, SLOT.w * pen.scale, SLOT.h * pen.scale);
  const place = { x: rect.x + (rect.w - SLOT.w) / 2, y: rect.y + (rect.h - SLOT.h) / 2, w: 0, h: 0 };
  if (held === undefined) cells.add({ style: 'unknown', network: null, ip: null, interface: null }, place);
  else cells.add({ style: 'assigned', network: held.network, ip: held.ips[0] ?? null, interface: held.id }, place);
  cells.flush(ref);
  const trouble = facts.troubleOfNode(ref);
  if (trouble !== null && trouble.worst !== 'info' && pen.scale >= 0.5)
    pen.icon(
      'tile-finding',
      ref,
      trouble.worst,
      at.x + at.w - 8,
      at.y - 5,
      12,
      trouble.worst === 'error' ? 'err' : 'warnFill',
      'surface',
      true,
    );
}

function drawShelfEni(scope: Scope, ref: string, rect: Rect): void {
  const { pen, facts } = scope;
  const eni = facts.source.records.enis.get(ref);
  if (eni === undefined) return;
  const frame = pen.place(rect);
  const trouble = facts.troubleOf(ref);
  const tone = trouble?.worst === 'error' ? 'err' : trouble?.worst === 'warning' ? 'warnFill' : 'edge';
  const noManage = eni.management.rule === 'no-manage-tag' || eni.tags['node.k8s.amazonaws.com/no_manage'] === 'true';
  pen.rect('eni-ground', ref, frame, { r: ENI.r, fill: 'surface' });
  if (noManage) pen.hatch('eni-unmanaged', ref, frame, ENI.r);
  pen.rect('eni-frame', ref, frame, {
    r: ENI.r,
    stroke: { tone, width: tone === 'edge' ? 1 : 1.2, ...(noManage ? { dash: [5, 3] } : {}) },
  });
  if (frame.h < LEAST_LINE + 4) {
    const size = Math.min(14, frame.h);
    if (trouble !== null && size >= 6)
      pen.icon(
        'eni-finding',
        ref,
        trouble.worst,
        frame.x + frame.w / 2 - size / 2,
        frame.y + (frame.h - size) / 2,
        size,
        tone === 'edge' ? 'text2' : tone,
      );
    return;
  }
  const y = frame.h < 36 ? centred(frame.y + frame.h / 2, BODY) : frame.y + 17;
  let x = frame.x + 8;
  if (trouble !== null) {
    pen.icon('eni-finding', ref, trouble.worst, x, y - 11, 14, tone === 'edge' ? 'text2' : tone);
    x += 20;
  }
  const leaked = trouble !== null && trouble.worst !== 'info';
  const head = leaked
    ? bold('leaked', trouble.worst === 'error' ? 'err' : 'warn')
    : bold(eni.role === 'branch' ? 'branch' : eni.instanceId === null ? 'spare' : 'not ours');
  pen.fit('eni-title', ref, x, y, BODY, frame.x + frame.w - x - 8, [[head, span(` · ${shortId(ref)}`)], [head]]);
  if (frame.h < 36) return;
  const creator =
    eni.creator === 'ipamd'
      ? 'VPC CNI'
      : eni.creator === 'vpc-resource-controller'
        ? 'VPC resource controller'
        : 'other';
  const parts = [
    eni.status,
    noManage ? 'no_manage' : eni.role === 'branch' ? eniWord(eni) : null,
    `made by ${creator}`,
  ];
  const line = parts.filter((word) => word !== null).join(' · ');
  const words = clippedSpan(line, BODY, frame.w - 16, { tone: 'text2' });
  if (words.length > 0) pen.text('eni-words', ref, frame.x + 8, frame.y + 35, BODY, words);
}

function drawCell(scope: Scope, node: NodeRecord, ref: string, rect: Rect): void {
  const { pen, facts } = scope;
  const frame = pen.place(rect);
  pen.rect('cell-frame', ref, frame, { r: Math.min(3, 3 * pen.scale), stroke: { tone: 'edge', width: 1 } });
  if (16 * pen.scale < LEAST_LINE) return;
  const card = cardsOf(facts.source, node).find(({ id }) => id === ref);
  const number = String(card?.index ?? '');
  const x = frame.x + 3;
  const width = frame.w - 5;
  pen.fit('card-heading', ref, x, frame.y + 12, BODY, width, [
    [bold(`card ${number}`, 'text2')],
    [bold(number, 'text2')],
  ]);
  const assigned = card?.enis.reduce((sum, eni) => sum + assignedCount(eni), 0) ?? 0;
  const capacity = card?.enis.reduce((sum, eni) => sum + (eni.capacity ?? 0), 0) ?? 0;
  const words = [[span(`${assigned}/${capacity}`, 'text2')]];
  pen.fit('card-ratio', ref, x, frame.y + frame.h - 5, BODY, width, words);
}

/** What a region as wide as its node holds, on a ground of its own; a narrow piece of one has a line below instead. */
function drawRegionWords(scope: Scope, node: NodeRecord, ref: string, frame: Rect): void {
  const { pen, facts } = scope;
  if (frame.w < (INNER - 1) * pen.scale || frame.h < 3 * LEAST_LINE) return;
  const run = runsOf(cardsOf(facts.source, node), node).find(([card]) => card?.id === ref)?.length ?? 0;
  const width = frame.w - 24;
  const head = clippedSpan(foldWords(scope, node, ref, run), BODY, width, { tone: 'ink', weight: 650 });
  const what = isLeftAlone(scope, ref) ? 'no addresses, not managed' : 'no addresses';
  const hint =
    fitting([[span(`${what} · Enter unfolds`)], [span('no addresses · Enter unfolds')], [span(what)]], BODY, width) ??
    [];
  const wide = Math.max(spansWidth(head, BODY), spansWidth(hint, BODY)) + 20;
  const x = frame.x + frame.w / 2;
  const y = frame.y + frame.h / 2;
  pen.rect('region-ground', ref, { x: x - wide / 2, y: y - 19, w: wide, h: 38 }, { r: 3, fill: 'surface' });
  if (head.length > 0) pen.text('region-words', ref, x, y - 3, BODY, head, 'middle');
  if (hint.length > 0) pen.text('region-words', ref, x, y + 13, BODY, hint, 'middle');
}

/** A block at the levels that show what is in a node. */
export function drawBlock(scope: Scope, block: number, kind: BlockKind, node: NodeRecord): void {
  const { pen, rack, facts } = scope;
  const rect = blockRect(rack, block);
  const ref = rack.blocks.ref[block] ?? '';
  const scale = rack.blocks.scale[block] ?? 1;
  switch (kind) {
    case 'card-heading':
      drawCardHeading(scope, ref, rect);
      return;
    case 'eni': {
      const eni = facts.source.records.enis.get(ref);
      if (eni === undefined) return;
      if (SLOT.w * pen.scale * scale >= 6) drawEni(scope, eni, node, rect, scale);
      else drawMiniEni(scope, eni, node, pen.place(rect));
      return;
    }
    case 'fold': {
      if (CARD.height * pen.scale < LEAST_LINE) return;
      const head = foldWords(scope, node, ref, rack.blocks.rows[block] ?? 0);
      const wordings = [...(isLeftAlone(scope, ref) ? [[span(`${head} · not managed`)]] : []), [span(head)]];
      pen.fit('fold', ref, pen.px(rect.x), pen.py(rect.y + CARD.baseline + 2), BODY, rect.w * pen.scale, wordings);
      return;
    }
    case 'cell':
      drawCell(scope, node, ref, rect);
      return;
    case 'region': {
      const frame = pen.place(rect);
      pen.hatch('region', ref, frame, Math.min(3, 3 * pen.scale));
      pen.rect('region-frame', ref, frame, {
        r: Math.min(3, 3 * pen.scale),
        stroke: { tone: 'edge', width: 1, dash: [5, 3] },
      });
      drawRegionWords(scope, node, ref, frame);
      return;
    }
    case 'waiting':
      drawWaiting(scope, node, rect);
      return;
    case 'no-enis':
      drawNoEnis(scope, node, rect);
      return;
    case 'addresses':
      drawAddresses(scope, node, rect);
      return;
    case 'ghost-ref':
      drawGhostRef(scope, ref, rect);
      return;
    case 'nic-heading':
      drawNicHeading(scope, ref, rect);
      return;
    case 'vfs':
      drawVfs(scope, node, ref, rect);
      return;
    case 'tile':
      drawTile(scope, ref, rect);
      return;
    case 'shelf-eni':
      drawShelfEni(scope, ref, rect);
      return;
  }
}
