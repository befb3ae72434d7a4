/** An ENI's box with its slots: title row, then what it holds. */
import type { EniRecord, NodeRecord } from '../../model/records';
import { counted, eniWord, hostDeviceName, isUnmanaged } from '../../view/labels';
import { ENI, PREFIX, SLOT } from '../geometry';
import type { Span, Stroke } from '../mark';
import { contentOf, overflowRows, prefixDotRows, PREFIX_DOTS, slotsOf } from '../rack/content';
import type { Rect } from '../rack/rack';
import { shortId, spansWidth } from '../text';
import { ICON_SIZE, SEVERITY_FILL, SEVERITY_TONE } from './badges';
import { createCells } from './cells';
import { branchesOf } from './facts';
import { drawLabelled } from './labelled';
import { LEAST_LINE, BODY, bold, centred, mono, span } from './pen';
import type { Scope } from './scope';
import {
  assignedCount,
  branchLineRect,
  looseRowsOf,
  prefixItems,
  prefixRect,
  slotItems,
  slotRect,
  splitPrefixes,
} from './slots';

/** Pixels that a title row needs for all its words; below it the device and the ratio stand alone. */
const WHOLE_TITLE = 15;
/** Pixels that a line of text needs inside a frame of its own. */
const LEAST_FRAMED = 14;

/** How many addresses pods hold; `?` while nobody can tell of any of them, never a zero. */
function assignedWords(eni: EniRecord): string {
  const assigned = assignedCount(eni);
  const untold = assigned === 0 && eni.addresses.some(({ state }) => state === 'unknown');
  return untold ? '?' : String(assigned);
}

export function ratioWords(scope: Scope, eni: EniRecord, node: NodeRecord | undefined): string {
  const capacity = eni.capacity === null ? '?' : String(eni.capacity);
  switch (contentOf(eni, node)) {
    case 'none':
      return 'no addresses';
    case 'ipv6':
      return scope.level === 'bars' ? '/80' : '';
    case 'trunk': {
      const limit = node?.branch?.limit ?? null;
      const count = branchesOf(scope.facts.source, eni.id).length;
      return limit === null ? counted(count, 'branch', 'branches') : `${count}/${limit} branches`;
    }
    case 'prefixes':
      return `${eni.prefixes.filter(({ cidr }) => !cidr.includes(':')).length}/${capacity} prefixes`;
    case 'slots':
      return `${assignedWords(eni)}/${capacity}`;
  }
}

function frameStroke(scope: Scope, eni: EniRecord): Stroke {
  const worst = scope.facts.troubleOf(eni.id)?.worst;
  const dash = isUnmanaged(eni) ? { dash: [5, 3] as const } : {};
  if (worst === 'error') return { tone: 'err', width: 1.2, ...dash };
  if (worst === 'warning') return { tone: 'warnFill', width: 1.2, ...dash };
  return { tone: 'edge', width: 1, ...dash };
}

export function drawEniFrame(scope: Scope, eni: EniRecord, rect: Rect, scale: number): Rect {
  const { pen } = scope;
  const frame = pen.place(rect);
  const r = Math.min(ENI.r, ENI.r * pen.scale * scale * 2);
  pen.rect('eni-ground', eni.id, frame, { r, fill: 'surface' });
  if (isUnmanaged(eni)) pen.hatch('eni-unmanaged', eni.id, frame, r);
  pen.rect('eni-frame', eni.id, frame, { r, stroke: frameStroke(scope, eni) });
  return frame;
}

/** Title at the left, the one word and the ratio at the right. */
function drawTitle(scope: Scope, eni: EniRecord, node: NodeRecord | undefined, frame: Rect, height: number): void {
  if (height < LEAST_LINE) return;
  const { pen, facts } = scope;
  // Far in, a title stands on its slots and in line with them, not in the middle of a wide margin.
  const far = height > 60;
  const inset = far ? ENI.inset * pen.scale : Math.max(4, ENI.inset * Math.min(1, pen.scale));
  const middle = far ? height - 22 : height / 2;
  const baseline = centred(frame.y + middle, BODY);
  const width = frame.w - 2 * inset;
  const ratio = span(ratioWords(scope, eni, node), 'text2');
  const trouble = facts.troubleOf(eni.id);
  const tone = trouble === null || trouble.worst === 'info' ? 'text2' : SEVERITY_TONE[trouble.worst];
  const word = eniWord(eni);
  const whole = height >= WHOLE_TITLE;
  const stale = scope.stale === null || !whole ? [] : [bold(scope.stale.asOf, 'warn'), span('  ')];
  const named = word === null || !whole ? [] : [bold(word, tone), span('  ')];
  const head = bold(eni.deviceIndex === null ? 'ENI' : `dev ${eni.deviceIndex}`);
  const host = hostDeviceName(eni);
  const id = [head, span(' · ', 'text2'), span(shortId(eni.id))];
  const more = scope.level === 'labelled' ? labelledWords(eni) : [];
  const left = !whole
    ? [[head]]
    : [
        ...(more.length > 0 ? [[...id, ...(host === null ? [] : [span(`  ${host}`, 'text3')]), ...more]] : []),
        ...(host === null ? [] : [[...id, span(`  ${host}`, 'text3')]]),
        id,
        [head],
      ];
  const iconWidth = trouble === null ? 0 : ICON_SIZE + 5;
  // The right side shortens before the left: word and age are also in the tooltip, the ratio stays.
  const right = [[...stale, ...named, ratio], [...named, ratio], [ratio]].filter((spans) => spans.length > 0);
  const room = width - spansWidth([head], BODY) - 8 - iconWidth;
  const chosen = right.find((spans) => spansWidth(spans, BODY) <= room);
  let taken = 0;
  if (chosen !== undefined) {
    taken = spansWidth(chosen, BODY);
    pen.text('eni-ratio', eni.id, frame.x + frame.w - inset, baseline, BODY, chosen, 'end');
  }
  if (trouble !== null && room > taken) {
    const x = frame.x + frame.w - inset - taken - ICON_SIZE - (taken > 0 ? 5 : 0);
    pen.icon('eni-finding', eni.id, trouble.worst, x, frame.y + middle - 7, ICON_SIZE, SEVERITY_FILL[trouble.worst]);
    taken += iconWidth;
  }
  pen.fit('eni-title', eni.id, frame.x + inset, baseline, BODY, width - taken - 8, left);
}

/** Subnet, security groups and MAC, where there is room for them. */
function labelledWords(eni: EniRecord): readonly Span[] {
  const words = [eni.subnet, eni.securityGroups.length > 0 ? eni.securityGroups.join(' ') : null].filter(
    (text) => text !== null,
  );
  return [
    ...words.map((text) => span(`  ·  ${text}`, 'text3')),
    ...(eni.mac === null ? [] : [span('  ·  ', 'text3'), mono(eni.mac, 'text3')]),
  ];
}

function drawGrid(scope: Scope, eni: EniRecord, rect: Rect, scale: number): void {
  const { facts, pen } = scope;
  const items = slotItems(eni, facts.networkOf);
  const places = slotsOf(eni) + 1;
  if (scope.level === 'labelled' && SLOT.w * pen.scale * scale >= 50) {
    drawLabelled(scope, eni, items, places, (index) => slotRect(rect, scale, index));
    return;
  }
  const cells = createCells(scope, SLOT.w * pen.scale * scale, SLOT.h * pen.scale * scale);
  items.slice(0, places).forEach((item, index) => cells.add(item, slotRect(rect, scale, index)));
  for (let index = items.length; index < places; index++) cells.free(slotRect(rect, scale, index));
  cells.flush(eni.id);
}

function drawPrefixes(scope: Scope, eni: EniRecord, rect: Rect, scale: number): void {
  const { facts, pen } = scope;
  const k = pen.scale * scale;
  const capacity = slotsOf(eni);
  const { rows, rest } = splitPrefixes(eni);
  // Primary, leftovers of the other mode, and the prefixes that have no row of their own: one slot each.
  const loose = slotItems({ ...eni, prefixes: [...rows, ...rest] }, facts.networkOf).filter(
    ({ ip }) => !rows.some(({ cidr }) => cidr === ip),
  );
  const cells = createCells(scope, SLOT.w * k, SLOT.h * k);
  loose
    .slice(0, overflowRows(eni) * SLOT.perRow)
    .forEach((item, index) => cells.add(item, slotRect(rect, scale, index)));
  cells.flush(eni.id);
  rows.forEach((prefix, row) => {
    const items = prefixItems(prefix, eni, facts.networkOf);
    const first = prefixRect(rect, scale, eni, row, 0);
    const taken = prefix.assigned ?? items.filter(({ style }) => style === 'assigned').length;
    const free = taken === 0 && items.every(({ style }) => style === 'warm');
    const frame = pen.place({
      x: first.x - PREFIX.frame * scale,
      y: first.y - PREFIX.frame * scale,
      w: (PREFIX.cells * PREFIX.pitch - (PREFIX.pitch - PREFIX.w) + 2 * PREFIX.frame) * scale,
      h: (PREFIX.h + 2 * PREFIX.frame) * scale,
    });
    pen.rect('prefix-frame', eni.id, frame, {
      r: Math.min(3, 3 * k),
      stroke: free ? { tone: facts.tone('cluster'), width: 1.2 } : { tone: 'line', width: 1 },
    });
    const row16 = createCells(scope, PREFIX.w * k, PREFIX.h * k);
    items.forEach((item, cell) => row16.add(item, prefixRect(rect, scale, eni, row, cell)));
    row16.flush(eni.id);
    if (PREFIX.row * k < LEAST_LINE) return;
    const baseline = centred(frame.y + frame.h / 2, BODY);
    const right = pen.px(rect.x + rect.w) - ENI.inset * Math.min(1, k);
    const count = free ? bold('free') : span(`${taken}/${prefix.size ?? 16}`);
    const width = pen.fit('prefix-count', eni.id, right, baseline, BODY, right - frame.x - frame.w, [[count]], 'end');
    const label = prefix.cidr.replace(/^\d+\.\d+\./, '…');
    const room = right - width - frame.x - frame.w - 12;
    pen.fit('prefix-range', eni.id, frame.x + frame.w + 5, baseline, BODY, room, [[mono(label, 'text3')]]);
  });
  const spare = Math.max(0, capacity - rows.length - rest.length);
  if (spare === 0) return;
  const top = looseRowsOf(eni) * SLOT.pitchY + rows.length * PREFIX.row + 4;
  const dots: number[] = [];
  for (let index = 0; index < spare; index++)
    dots.push(
      pen.px(rect.x + (ENI.inset + 4 + (index % PREFIX_DOTS) * PREFIX.pitch) * scale),
      pen.py(rect.y + (ENI.title + top + 5 + Math.floor(index / PREFIX_DOTS) * SLOT.pitchY) * scale),
    );
  const radius = Math.max(0.7, 1.3 * Math.min(1.8, k));
  pen.marks.push({ kind: 'dots', part: 'slot free', id: eni.id, tone: 'edge', radius, at: dots });
  if (SLOT.pitchY * k < LEAST_LINE) return;
  const words = [
    [span(`${counted(spare, 'prefix slot')} free · each a dot`, 'text3')],
    [span(`${spare} free`, 'text3')],
  ];
  const line = top + prefixDotRows(spare) * SLOT.pitchY;
  const x = pen.px(rect.x + ENI.inset * scale);
  pen.fit('prefix-free', eni.id, x, pen.py(rect.y + (ENI.title + line + 11) * scale), BODY, rect.w * k - 16, words);
}

function drawIpv6(scope: Scope, eni: EniRecord, rect: Rect, scale: number): void {
  const { pen, facts } = scope;
  const k = pen.scale * scale;
  const block = eni.prefixes.find(({ cidr }) => cidr.includes(':'));
  const cells = createCells(scope, SLOT.w * k, SLOT.h * k);
  const primary = slotItems({ ...eni, prefixes: [] }, facts.networkOf).find(({ style }) => style === 'primary');
  const at = slotRect(rect, scale, 0);
  if (primary !== undefined) cells.add(primary, { ...at, y: at.y + 2 * scale });
  cells.flush(eni.id);
  const bar = pen.place({
    x: at.x + SLOT.pitchX * scale,
    y: at.y - scale,
    w: rect.w - (SLOT.pitchX + 2 * ENI.inset) * scale,
    h: 17 * scale,
  });
  const held = eni.addresses.filter(({ ip, state }) => ip.includes(':') && state === 'assigned').length;
  const assigned = block?.assigned ?? held;
  const mark = { kind: 'cells', part: 'slot ipv6', id: eni.id, style: 'warm', tone: facts.tone('cluster') } as const;
  if (block !== undefined) pen.marks.push({ ...mark, w: bar.w, h: bar.h, r: Math.min(3, 3 * k), at: [bar.x, bar.y] });
  if (bar.h < LEAST_LINE - 1) return;
  const length = block === undefined ? '' : block.cidr.slice(block.cidr.indexOf('/'));
  const words = block === undefined ? 'no prefix assigned yet' : `${length} · ${assigned} assigned`;
  pen.fit('ipv6-words', eni.id, bar.x + 7, centred(bar.y + bar.h / 2, BODY), BODY, bar.w - 12, [[bold(words)]]);
  if (block === undefined) return;
  const y = pen.py(rect.y + (ENI.title + 34) * scale);
  pen.fit('ipv6-range', eni.id, pen.px(at.x), y, BODY, rect.w * k - 16, [[mono(block.cidr, 'text2')]]);
}

function drawBranches(scope: Scope, eni: EniRecord, rect: Rect, scale: number): void {
  const { pen, facts } = scope;
  const k = pen.scale * scale;
  const branches = branchesOf(facts.source, eni.id);
  const lines = Math.floor((rect.h / scale - ENI.title - 6) / ENI.lines);
  const itemOf = (branch: EniRecord) => {
    const holder = branch.addresses.find(({ interface: one }) => one !== null)?.interface ?? null;
    const network = holder === null ? 'cluster' : facts.networkOf(holder);
    const style = branch.branchPod === null && holder === null ? ('unclaimed' as const) : ('assigned' as const);
    return { style, network, ip: branch.addresses[0]?.ip ?? null, interface: holder };
  };
  const cells = createCells(scope, SLOT.w * k, SLOT.h * k);
  if (branches.length > lines || ENI.lines * k < LEAST_LINE) {
    branches.forEach((branch, index) => cells.add(itemOf(branch), slotRect(rect, scale, index)));
    cells.flush(eni.id);
    return;
  }
  const stem = pen.px(rect.x + (ENI.inset + 6) * scale);
  branches.forEach((branch, index) => {
    const line = branchLineRect(rect, scale, index);
    const at = pen.place(line);
    const middle = at.y + at.h / 2;
    const from = index === 0 ? pen.py(rect.y + ENI.title * scale) - 2 : middle - ENI.lines * k;
    const d = `M${stem.toFixed(1)} ${from.toFixed(1)}V${(middle - 4).toFixed(1)}q0 4 4 4H${at.x.toFixed(1)}`;
    pen.marks.push({
      kind: 'path',
      part: 'branch-stem',
      id: branch.id,
      d,
      fill: null,
      stroke: { tone: 'edge', width: 1 },
    });
    const trouble = facts.troubleOf(branch.id);
    const tone = trouble === null || trouble.worst === 'info' ? 'edge' : SEVERITY_FILL[trouble.worst];
    if (at.h >= LEAST_FRAMED || tone !== 'edge')
      pen.rect('branch-frame', branch.id, at, { r: 3, fill: 'surface', stroke: { tone, width: 1 } });
    cells.add(itemOf(branch), { x: line.x + 3 * scale, y: line.y + (line.h - SLOT.h * scale) / 2, w: 0, h: 0 });
    const pod = branch.branchPod ?? facts.source.records.interfaces.get(itemOf(branch).interface ?? '')?.pod ?? null;
    const name = pod === null ? 'no pod names it' : pod.slice(pod.indexOf('/') + 1);
    const vlan = branch.vlan === null ? 'vlan ?' : `vlan ${branch.vlan}`;
    const x = at.x + (SLOT.w + 8) * k;
    pen.fit('branch-words', branch.id, x, centred(middle, BODY), BODY, at.x + at.w - x - 4, [
      [span(`${vlan}  `, 'text3'), span(`${shortId(branch.id)}  `), span(name, 'ink')],
      [span(`${vlan}  `, 'text3'), span(name, 'ink')],
      [span(name, 'ink')],
      [span(vlan, 'text3')],
    ]);
  });
  cells.flush(eni.id);
}

/** An ENI whose slots are wide enough to be seen; `scale` is the block's own (below 1 in a matrix cell). */
export function drawEni(scope: Scope, eni: EniRecord, node: NodeRecord | undefined, rect: Rect, scale: number): void {
  const frame = drawEniFrame(scope, eni, rect, scale);
  drawTitle(scope, eni, node, frame, ENI.title * scope.pen.scale * scale);
  switch (contentOf(eni, node)) {
    case 'slots':
      drawGrid(scope, eni, rect, scale);
      return;
    case 'prefixes':
      drawPrefixes(scope, eni, rect, scale);
      return;
    case 'ipv6':
      drawIpv6(scope, eni, rect, scale);
      return;
    case 'trunk':
      drawBranches(scope, eni, rect, scale);
      return;
    case 'none':
      return;
  }
}
