/** Boxes that are not ordinary nodes: a deleted node, a group of Fargate tiles, the shelf of unattached ENIs. */
import { counted } from '../../model/counted';
import { SEVERITIES } from '../../model/vocabulary';
import type { NodeRecord } from '../../model/records';
import { CARD, HEADER, INNER, NODE } from '../rack/geometry';
import { SHELF_TOP } from '../rack/build';
import { ghostRefs, GHOST_REFS, SHORT_HEADER } from '../rack/node-box';
import { drawBadges, troubleBadge } from './badges';
import { drawBlock, drawBlocks } from './block';
import type { Trouble } from '../../view/troubles';
import { drawTitleRow, SHORT_LINE, shortLineFits } from './node';
import { BODY, bold, centred, clippedSpan, span } from '../picture/mark-writer';
import { isTroubleLeft, type Scope } from './scope';
import type { Rect } from '../picture/rect';

/** Draws a deleted node that something still refers to, as an outline. */
export function drawGhost(scope: Scope, box: number, rect: Rect, node: NodeRecord): void {
  const { draw, facts } = scope;
  const frame = draw.place(rect);
  const pad = NODE.padding * draw.scale;
  draw.rect('node-ghost', node.id, frame, { r: NODE.r, stroke: { tone: 'edge', width: 1, dash: [2, 3] } });
  if (HEADER.title * draw.scale < 6) return;
  drawTitleRow(
    scope,
    { ...node, ready: null, unschedulable: false, headroom: { pods: null, limitedBy: 'unknown' } },
    frame,
    pad,
    draw.py(rect.y + HEADER.title - 5),
  );
  const refs = ghostRefs(facts.source, node).length;
  const instance = node.instanceState === null ? '' : ` · instance ${node.instanceState}`;
  const words = clippedSpan(`node deleted${instance} · ${counted(refs, 'record')} left`, BODY, INNER * draw.scale, {
    tone: 'text2',
  });
  if (words.length > 0 && shortLineFits(draw.scale))
    draw.text('ghost-words', node.id, frame.x + pad, draw.py(rect.y + SHORT_LINE), BODY, words);
  if (CARD.height * draw.scale >= 13) {
    const shown = refs > GHOST_REFS ? ` · ${GHOST_REFS} of ${refs}` : '';
    draw.text('card-heading', node.id, frame.x + pad, draw.py(rect.y + SHORT_HEADER + CARD.baseline), BODY, [
      bold('still referring', 'text2'),
      span(shown),
    ]);
  }
  drawBlocks(scope, box, node);
}

const worstOf = (troubles: readonly (Trouble | null)[]): Trouble | null => {
  const known = troubles.filter((trouble) => trouble !== null);
  if (known.length === 0) return null;
  const worst = SEVERITIES.find((severity) => known.some((trouble) => trouble.worst === severity));
  return { worst: worst ?? 'info', count: known.reduce((sum, { count }) => sum + count, 0) };
};

interface Heading {
  readonly title: string;
  readonly note: string;
  readonly trouble: Trouble | null;
  /** Whether a filter hides all of it. */
  readonly quiet?: boolean;
}

function drawHeading(scope: Scope, id: string, rect: Rect, { title, note, trouble, quiet = false }: Heading): void {
  const { draw } = scope;
  const frame = draw.place(rect);
  const pad = NODE.padding * draw.scale;
  if (SHELF_TOP * draw.scale < 18) return;
  const middle = draw.py(rect.y + SHELF_TOP / 2);
  const width = frame.w - 2 * pad;
  const taken =
    trouble === null
      ? 0
      : drawBadges(draw, id, frame.x + frame.w - pad, middle, width * 0.4, [troubleBadge(trouble, quiet)]);
  draw.fit('node-name', id, frame.x + pad, centred(middle, 14), 14, width - taken, [
    [bold(title), span(`  ${note}`, 'text3')],
    [bold(title)],
  ]);
}

/** Draws Fargate nodes: each has one pod and one ENI, and is one tile. */
export function drawFargate(scope: Scope, box: number, id: string, rect: Rect): void {
  const { draw, rack, facts } = scope;
  draw.rect('node-frame', id, draw.place(rect), {
    r: NODE.r,
    fill: 'surface',
    stroke: { tone: 'line', width: 1 },
    shadow: true,
  });
  const nodes: NodeRecord[] = [];
  for (let block = rack.boxes.firstBlock[box] ?? 0; block < (rack.boxes.firstBlock[box + 1] ?? 0); block++) {
    const node = facts.source.records.nodes.get(rack.blocks.ref[block] ?? '');
    if (node === undefined) continue;
    nodes.push(node);
    drawBlock(scope, block, 'tile', node);
  }
  drawHeading(scope, id, rect, {
    title: 'Fargate',
    note: `${counted(nodes.length, 'node')}, one pod each`,
    trouble: worstOf(nodes.map((node) => facts.troubleOfNode(node.id))),
    quiet: !nodes.some((node) => isTroubleLeft(scope, node.id)),
  });
  if (draw.scale < 0.7) return;
  const y = rect.y + rect.h - NODE.padding - 8;
  draw.fit('fargate-words', id, draw.px(rect.x + NODE.padding), draw.py(y), BODY, INNER * draw.scale, [
    [span('ENI found by address; no warm pool, no capacity.')],
  ]);
}

/** Draws this cluster's ENIs without a node, worst first. */
export function drawShelf(scope: Scope, box: number, id: string, rect: Rect): void {
  const { draw, rack, facts } = scope;
  draw.rect('shelf', id, draw.place(rect), {
    r: NODE.r,
    fill: 'sunk',
    stroke: { tone: 'edge', width: 1, dash: [2, 3] },
  });
  drawBlocks(scope, box, NO_NODE);
  const refs = rack.blocks.ref.slice(rack.boxes.firstBlock[box], rack.boxes.firstBlock[box + 1]);
  const troubles = refs.map((ref) => facts.troubleOf(ref));
  const quiet = !refs.some((ref) => isTroubleLeft(scope, ref));
  const title = counted(refs.length, 'ENI');
  drawHeading(scope, id, rect, { title, note: 'without a node, worst first', trouble: worstOf(troubles), quiet });
}

/** Blocks of the shelf have no node; the functions that draw them do not read it. */
const NO_NODE = { id: '', name: '' } as NodeRecord;
