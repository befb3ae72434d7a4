/**
 * A node's warm pool: a bar (assigned, warm, cooling, free) with a tick at the target, and two lines. With several
 * cards, the pool of card 0.
 */
import { counted } from '../../model/counted';
import { cardId } from '../../model/ids';
import type { NodeRecord, Pool } from '../../model/records';
import { hasArrived, layoutEnisUnder } from '../../view/partial-set';
import { recordsOf } from '../../view/view-source';
import { poolFigures } from '../../view/labels';
import { CARD, HEADER, INNER, NODE } from '../rack/geometry';
import type { Span } from '../picture/mark';
import { blockKind } from '../rack/rack';
import { round } from '../picture/text';
import { BODY, bold, span } from '../picture/mark-writer';
import { poolTone, type PoolState } from './facts';
import type { Scope } from './scope';
import type { Rect } from '../picture/rect';

/** The pool of the lowest card; other pools are shown on their cards. */
export const mainPool = (node: NodeRecord): Pool | null => node.pools.find(({ total }) => total !== null) ?? null;

/** Addresses that fit on the ENIs attached to the pool's card; in prefix mode, those of its prefixes. */
function barTotal(scope: Scope, node: NodeRecord, pool: Pool): number {
  const { source } = scope.facts;
  const total = pool.total ?? 0;
  if (node.cni?.mode === 'prefix') return total;
  let capacity = 0;
  for (const eni of layoutEnisUnder(source, 'enisByNode', node.id))
    if (eni.card === pool.card && eni.management.state === 'managed' && eni.role !== 'trunk')
      capacity += eni.addressCapacity ?? eni.capacity ?? 0;
  return Math.max(total, capacity);
}

/** Draws the bar of a node's warm pool with its target. */
export function drawPoolBar(scope: Scope, node: NodeRecord, box: Rect): void {
  const pool = mainPool(node);
  if (pool === null) return;
  const { draw } = scope;
  const total = barTotal(scope, node, pool);
  const bar = draw.place({ x: box.x + NODE.padding, y: box.y + HEADER.bar, w: INNER, h: HEADER.barHeight });
  draw.rect('pool-trough', node.id, bar, { fill: 'sunk' });
  const share = (count: number): number => (total === 0 ? 0 : (count / total) * bar.w);
  let x = bar.x;
  const part = (style: PoolState, count: number): void => {
    const w = share(count);
    if (w <= 0) return;
    const tone = poolTone(scope.facts, node, style);
    const mark = { kind: 'cells', part: `pool ${style}`, id: node.id, style, tone, h: bar.h, r: 0 } as const;
    draw.marks.push({ ...mark, w, at: [x, bar.y] });
    x += w;
  };
  part('assigned', pool.assigned ?? 0);
  if (pool.warm !== null && pool.cooling !== null) {
    part('warm', pool.warm);
    part('cooling', pool.cooling);
  } else part('warm', pool.available ?? 0);
  const dots: number[] = [];
  for (let at = x + 4; at < bar.x + bar.w - 1; at += 5) dots.push(at, bar.y + bar.h / 2);
  if (dots.length > 0)
    draw.marks.push({ kind: 'dots', part: 'pool free', id: node.id, tone: 'edge', radius: 0.8, at: dots });
  if (pool.target === null) return;
  // The target is reached where the filled part touches the tick. A target out of range is drawn at the end, with an
  // arrow.
  const wanted = (pool.assigned ?? 0) + pool.target;
  const reachable = wanted <= total;
  const tick = bar.x + (reachable ? share(wanted) : bar.w);
  const over = 4 * Math.min(1, draw.scale);
  draw.line('pool-target', node.id, tick, bar.y - over, tick, bar.y + bar.h + over, { tone: 'ink', width: 1.8 });
  if (reachable) return;
  const middle = bar.y + bar.h / 2;
  const d = `M${round(tick + 2.5)} ${round(middle - 3)}l4 3l-4 3z`;
  draw.marks.push({ kind: 'path', part: 'pool-target', id: node.id, d, fill: 'ink', stroke: null });
}

/** "34 assigned · 9 warm · 3 cooling · target 12", and shorter wordings. */
function figures(node: NodeRecord, pool: Pool): readonly (readonly Span[])[] {
  const dot = span(' · ', 'text2');
  const known = poolFigures(pool);
  const words = known.flatMap(({ count, word }, index) => [
    ...(index > 0 ? [dot] : []),
    bold(String(count)),
    span(` ${word}`),
  ]);
  const target = pool.target === null ? [] : [span(` · target ${pool.target}`)];
  const lead = node.pools.length > 1 ? [span(`card ${pool.card}: `)] : [];
  // Never a number without its word.
  const assigned = pool.assigned === null ? [] : [bold(String(pool.assigned)), span(' assigned')];
  const available = pool.available === null ? [] : [bold(String(pool.available)), span(' available')];
  const two = assigned.length > 0 && available.length > 0 ? [[...assigned, dot, ...available]] : [];
  return [[...lead, ...words, ...target], [...lead, ...words], words, ...two, assigned].filter(
    (variant) => variant.length > 0,
  );
}

/** "12 free on attached ENIs · 4 more ENIs can attach", in prefix mode in prefixes. */
function room(scope: Scope, node: NodeRecord, pool: Pool): readonly (readonly Span[])[] {
  const { source } = scope.facts;
  const card = source.records.networkCards.get(cardId(node.name, pool.card));
  const more = (card?.eniSlots ?? node.eniSlots).free;
  const attach =
    more === null
      ? 'ENI limit not known'
      : more === 0
        ? 'no more ENIs can attach'
        : `${counted(more, 'more ENI', 'more ENIs')} can attach`;
  if (node.cni?.mode === 'prefix') {
    const enis = layoutEnisUnder(source, 'enisByNode', node.id).filter(
      (eni) => eni.card === pool.card && eni.management.state === 'managed' && eni.role !== 'trunk',
    );
    const blocks = enis.flatMap((eni) => eni.prefixes.filter(({ cidr }) => !cidr.includes(':')));
    const free = blocks.filter(({ assigned }) => assigned === 0).length;
    const fit = enis.reduce((sum, eni) => sum + Math.max(0, (eni.capacity ?? 0) - eni.prefixes.length), 0);
    const text = `${blocks.length} × /28, ${free} whole free · ${fit} more fit`;
    const enisWords =
      more === null ? '' : more === 0 ? ' · no more ENIs' : ` · ${counted(more, 'more ENI', 'more ENIs')}`;
    return [[span(`${text}${enisWords}`)], [span(text)]];
  }
  // The pool may be known from ipamd's own metrics even if the ENIs are not.
  if (layoutEnisUnder(source, 'enisByNode', node.id).length === 0)
    return [[span('free addresses not known: no ENIs')], [span('free not known')]];
  const free = barTotal(scope, node, pool) - (pool.total ?? 0);
  return [
    [span(`${free} free on attached ENIs · ${attach}`)],
    [span(`${free} free · ${attach}`)],
    ...(more === null ? [] : [[span(`${free} free · ${more === 0 ? 'no more ENIs' : counted(more, 'more ENI')}`)]]),
    [span(`${free} free`)],
  ];
}

/** Minimum height of a single line of text, and of each of two lines, in pixels. */
const LINE = 13;
const ONE_OF_TWO = 14.5;

/** Whether the heading of the node's first card is dropped for lack of height; the pool then uses its space. */
const takesHeading = ({ rack, draw }: Scope, box: number): boolean => {
  const first = rack.boxes.firstBlock[box] ?? 0;
  return (
    first < (rack.boxes.firstBlock[box + 1] ?? 0) &&
    blockKind(rack, first) === 'card-heading' &&
    CARD.height * draw.scale < LINE
  );
};

/** Baselines of both lines where there is room; otherwise of as many as fit, centred in the free space. */
function baselines(scope: Scope, box: number, rect: Rect): readonly number[] {
  const { draw } = scope;
  if ((HEADER.line2 - HEADER.line1) * draw.scale >= ONE_OF_TWO)
    return [draw.py(rect.y + HEADER.line1), draw.py(rect.y + HEADER.line2)];
  const from = HEADER.bar + HEADER.barHeight;
  const end = HEADER.height + (takesHeading(scope, box) ? CARD.height : 0);
  const room = (end - from) * draw.scale;
  if (room < LINE + 3) return [];
  const lines = room >= 2 * ONE_OF_TWO ? 2 : 1;
  const first = draw.py(rect.y + (from + end) / 2) - (lines - 1) * (ONE_OF_TWO / 2) + 4;
  return Array.from({ length: lines }, (_, line) => first + line * ONE_OF_TWO);
}

/** Draws the lines below a node's pool bar. */
export function drawPoolWords(scope: Scope, box: number, rect: Rect, node: NodeRecord): void {
  const pool = mainPool(node);
  if (pool === null) return;
  const { draw } = scope;
  const x = draw.px(rect.x + NODE.padding);
  const width = INNER * draw.scale;
  const [first, second] = baselines(scope, box, rect);
  if (first !== undefined) draw.fit('pool-words', node.id, x, first, BODY, width, figures(node, pool));
  if (second !== undefined) draw.fit('pool-room', node.id, x, second, BODY, width, room(scope, node, pool));
}

/** The text in place of a pool that does not exist or is not known; longest wording first. */
export function poolMissing(scope: Scope, node: NodeRecord): readonly string[] {
  const { source } = scope.facts;
  if (!hasArrived(source, node.id)) return ['loading pods'];
  const pods = recordsOf(source.indexes.podsByNode, node.id, source.records.pods).filter(
    (pod) => pod.ips.length > 0 && !pod.hostNetwork,
  );
  if (node.cni?.mode === 'ipv6') {
    const blocks = layoutEnisUnder(source, 'enisByNode', node.id).reduce(
      (sum, eni) => sum + eni.prefixes.filter(({ cidr }) => cidr.includes(':')).length,
      0,
    );
    return [
      `${pods.length} assigned · ${blocks === 1 ? 'one' : blocks} /80 · no warm pool in IPv6 mode`,
      `${pods.length} assigned · no warm pool in IPv6`,
      `${pods.length} assigned`,
    ];
  }
  if (node.computeType === 'hybrid' || (node.instanceId === null && node.computeType === 'other'))
    return ['EC2: not available on this node', 'EC2: not available'];
  const count = counted(pods.length, 'pod');
  return [`${count} with addresses · pool not known`, `${count} · pool not known`, 'pool not known'];
}
