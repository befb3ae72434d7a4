/**
 * Builds the rack: groups → boxes → blocks. Wraps boxes into columns and positions every box. Closed form, O(nodes +
 * ENIs + pods). The same records give the same rack, in any order.
 */
import { SEVERITIES, SEVERITY_RANK } from '../../model/vocabulary';
import { byNaturalName } from '../../model/order';
import type { NodeRecord } from '../../model/records';
import type { EniOrOutline } from '../../view/eni-outline';
import { groupNodes, type Arrangement, type NodeGroup, type PreviousPlaces } from '../../view/node-groups';
import { allLayoutEnis, layoutEni } from '../../view/partial-set';
import { idsOf, type ViewSource } from '../../view/view-source';
import { ASPECT, COLUMN_GAP, GROUP, INNER, NODE, PAGE_EDGE, TILE } from './geometry';
import { createBlockList, type BlockList } from './block-list';
import { fill, groupWidth, wrap, type WrappedGroup } from './columns';
import { placeGhost, placeNode } from './node-box';
import { BOX_KINDS, type BoxKind, type GroupBox, type Rack } from './rack';

export interface RackOptions extends Arrangement {
  /** Aspect ratio (width / height) of the whole; 16:10 when absent. */
  readonly aspect?: number;
  /** Record ids of nodes whose cards are all listed. */
  readonly unfolded?: ReadonlySet<string>;
  /** Keys of folded groups, which are left out; the caller shows what they contain. */
  readonly folded?: readonly string[];
  /**
   * A rack of the same arrangement to stay close to while it is on screen. Its column heights and counts are kept, and
   * its order if that depends on changing values, so that a node that appears or disappears moves only later nodes of
   * its group. Absent: the canonical rack, as in every export.
   */
  readonly near?: Rack | null;
  /**
   * The time of the picture in epoch milliseconds; decides which pods have waited too long. Absent: only findings
   * decide.
   */
  readonly now?: number | null;
}

interface Draft {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly shelf: boolean;
  readonly ids: string[];
  readonly kinds: BoxKind[];
  readonly heights: number[];
  readonly members: (readonly string[])[];
}

/** Key of the group of ENIs without a node. */
export const SHELF_KEY = 'unattached';
const SHELF_ENTRY = 46;
/** Height of the heading of a box that is not a single node, in layout units. */
export const SHELF_TOP = 36;
const SHELF_GAP = 8;
/** ENIs per box of the shelf. */
const SHELF_ROWS = 6;

function worstOrder(source: ViewSource, id: string): number {
  let worst: number = SEVERITIES.length;
  for (const finding of idsOf(source.indexes.findingsBySubject, id)) {
    const severity = source.records.findings.get(finding)?.severity;
    if (severity !== undefined) worst = Math.min(worst, SEVERITY_RANK[severity]);
  }
  return worst;
}

/** This cluster's ENIs without a node, worst finding first. */
export function shelfEnis(source: ViewSource): readonly EniOrOutline[] {
  return [...allLayoutEnis(source)]
    .filter(
      (eni) =>
        (eni.node === null || !source.records.nodes.has(eni.node)) &&
        !(eni.trunk !== null && layoutEni(source, eni.trunk) !== undefined),
    )
    .map((eni) => [eni, worstOrder(source, eni.id)] as const)
    .sort(([a, m], [b, n]) => m - n || byNaturalName(a.id, b.id))
    .map(([eni]) => eni);
}

function draftGroup(
  list: BlockList,
  source: ViewSource,
  group: NodeGroup,
  unfolded: ReadonlySet<string>,
  now: number | null,
): Draft {
  const draft: Draft = {
    key: group.key,
    label: group.label,
    count: group.nodes.length,
    shelf: false,
    ids: [],
    kinds: [],
    heights: [],
    members: [],
  };
  const add = (id: string, kind: BoxKind, height: number, members: readonly string[]): void => {
    draft.ids.push(id);
    draft.kinds.push(kind);
    draft.heights.push(height);
    draft.members.push(members);
  };
  const fargate: NodeRecord[] = [];
  for (const node of group.nodes) {
    if (node.computeType === 'fargate' && !node.gone) {
      fargate.push(node);
      continue;
    }
    list.startBox();
    if (node.gone) add(node.id, 'ghost', placeGhost(list, source, node), [node.id]);
    else add(node.id, 'node', placeNode(list, source, node, unfolded.has(node.id), now), [node.id]);
  }
  if (fargate.length > 0) {
    list.startBox();
    const height = placeFargate(list, fargate);
    add(
      `fargate:${group.key}`,
      'fargate',
      height,
      fargate.map(({ id }) => id),
    );
  }
  return draft;
}

const TILE_TOP = 38;

function placeFargate(list: BlockList, nodes: readonly NodeRecord[]): number {
  nodes.forEach((node, index) => {
    list.add({
      kind: 'tile',
      ref: node.id,
      x: NODE.padding + (index % TILE.perRow) * TILE.pitchX,
      y: TILE_TOP + Math.floor(index / TILE.perRow) * TILE.pitchY,
      w: TILE.w,
      h: TILE.h,
    });
  });
  const rows = Math.ceil(nodes.length / TILE.perRow);
  return TILE_TOP + rows * TILE.pitchY + 22 + NODE.padding;
}

function draftShelf(list: BlockList, enis: readonly EniOrOutline[]): Draft {
  const draft: Draft = {
    key: SHELF_KEY,
    // A capture of a whole VPC contains ENIs of other instances: attached, but not to a node.
    label: enis.some((eni) => eni.instanceId !== null) ? 'ENIs without a node' : 'Unattached ENIs',
    count: enis.length,
    shelf: true,
    ids: [],
    kinds: [],
    heights: [],
    members: [],
  };
  for (let from = 0; from < enis.length; from += SHELF_ROWS) {
    const rows = enis.slice(from, from + SHELF_ROWS);
    list.startBox();
    rows.forEach((eni, index) => {
      const y = SHELF_TOP + index * (SHELF_ENTRY + SHELF_GAP);
      list.add({ kind: 'shelf-eni', ref: eni.id, x: NODE.padding, y, w: INNER, h: SHELF_ENTRY });
    });
    draft.ids.push(`shelf:${from / SHELF_ROWS}`);
    draft.kinds.push('shelf');
    draft.heights.push(SHELF_TOP + rows.length * (SHELF_ENTRY + SHELF_GAP) - SHELF_GAP + NODE.padding);
    draft.members.push([]);
  }
  return draft;
}

function wrapped(drafts: readonly Draft[], options: RackOptions): readonly WrappedGroup[] {
  const heights = drafts.map((draft) => draft.heights);
  const near = options.near;
  if (near === undefined || near === null) return wrap(heights, options.aspect ?? ASPECT);
  const known = new Map(near.groups.map((group) => [group.key, group]));
  const tallest = near.groups.reduce((most, group) => Math.max(most, group.cap), 0);
  return drafts.map((draft) => {
    const group = known.get(draft.key);
    const cap = group?.cap ?? tallest;
    return { first: fill(draft.heights, cap, group?.columns), cap };
  });
}

function placesIn(rack: Rack | null): PreviousPlaces | null {
  if (rack === null) return null;
  return (node) => {
    const place = rack.boxOf.get(node);
    if (place === undefined) return null;
    return { key: rack.groups[rack.boxes.group[place] ?? 0]?.key ?? '', place };
  };
}

/** The rack of a record set. */
export function buildRack(source: ViewSource, options: RackOptions): Rack {
  const list = createBlockList();
  const unfolded = options.unfolded ?? new Set<string>();
  const drafts = groupNodes(source, options, placesIn(options.near ?? null))
    .filter(({ key }) => options.folded?.includes(key) !== true)
    .map((group) => draftGroup(list, source, group, unfolded, options.now ?? null));
  const shelf = shelfEnis(source);
  if (shelf.length > 0) drafts.push(draftShelf(list, shelf));
  const wraps = wrapped(drafts, options);
  const { blocks, firstBlock } = list.finish();

  const count = firstBlock.length - 1;
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const h = new Float64Array(count);
  const kind = new Uint8Array(count);
  const group = new Uint16Array(count);
  const id: string[] = [];
  const boxOf = new Map<string, number>();
  const columnX: number[] = [];
  const columnFirst: number[] = [];
  const groups: GroupBox[] = [];
  const top = PAGE_EDGE + GROUP.height;
  let left = PAGE_EDGE;
  let base = 0;
  let height = top;
  // A group keeps its position even if an earlier group becomes narrower or disappears.
  const known = new Map(options.near?.groups.map((group) => [group.key, group.x]));
  drafts.forEach((draft, g) => {
    left = Math.max(left, known.get(draft.key) ?? 0);
    const { first, cap } = wraps[g] ?? { first: [0, draft.heights.length], cap: 0 };
    const columns = first.length - 1;
    for (let c = 0; c < columns; c++) {
      const columnLeft = left + c * (NODE.w + COLUMN_GAP);
      let down = top;
      columnX.push(columnLeft);
      columnFirst.push(base + (first[c] ?? 0));
      for (let i = first[c] ?? 0; i < (first[c + 1] ?? 0); i++) {
        const box = base + i;
        x[box] = columnLeft;
        y[box] = down;
        h[box] = draft.heights[i] ?? 0;
        group[box] = g;
        kind[box] = BOX_KINDS.indexOf(draft.kinds[i] ?? 'node');
        id.push(draft.ids[i] ?? '');
        for (const member of draft.members[i] ?? []) boxOf.set(member, box);
        down += (draft.heights[i] ?? 0) + NODE.gap;
      }
      height = Math.max(height, down - NODE.gap);
    }
    const w = groupWidth(columns);
    const { key, label, shelf: isShelf } = draft;
    groups.push({ key, label, x: left, y: PAGE_EDGE, w, columns, count: draft.count, shelf: isShelf, cap });
    left += w + GROUP.gap;
    base += draft.heights.length;
  });
  return {
    width: drafts.length === 0 ? 0 : left - GROUP.gap + PAGE_EDGE,
    height: height + PAGE_EDGE,
    groups,
    columns: {
      x: Float64Array.from(columnX),
      first: Uint32Array.from([...columnFirst, count]),
    },
    boxes: { kind, id, x, y, w: new Float64Array(count).fill(NODE.w), h, group, firstBlock },
    blocks,
    boxOf,
    now: options.now ?? null,
  };
}
