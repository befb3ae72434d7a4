/**
 * Decides whether a rack still fits its records after a change, which is the usual case. Cost is proportional to the
 * change. In doubt the answer is no, because rebuilding is always correct.
 */
import { groupKeyOf } from '../../view/node-groups';
import { layoutEni, nodeOfRecord } from '../../view/partial-set';
import type { ViewSource } from '../../view/view-source';
import { createBlockList } from './block-list';
import type { RackOptions } from './build';
import { placeGhost, placeNode } from './node-box';
import { blockKind, blockOf, boxKind, type Rack } from './rack';

/** The box that shows, or showed, a record; null if the record cannot move a box; undefined in doubt. */
function boxTouchedBy(
  rack: Rack,
  source: ViewSource,
  id: string,
  { grouping, folded = [] }: RackOptions,
): number | null | undefined {
  const { records } = source;
  const boxOf = (of: string | null): number | null | undefined => {
    const box = of === null ? null : rack.boxOf.get(of);
    if (box !== undefined || folded.length === 0 || grouping === 'worst-finding') return box;
    // Nodes of a folded group have no box.
    const record = records.nodes.get(of ?? '');
    return record !== undefined && folded.includes(groupKeyOf(source, record, grouping)) ? null : undefined;
  };
  const node = records.nodes.get(id);
  if (node !== undefined) return boxOf(id);
  if (rack.boxOf.has(id)) return undefined;
  const block = blockOf(rack, id);
  const eni = layoutEni(source, id);
  if (block !== undefined && (eni === undefined || blockKind(rack, block) === 'shelf-eni')) {
    // The record was drawn and is gone, or is on the shelf, whose order depends on findings.
    const exists = records.networkCards.has(id) || nodeOfRecord(source, id) !== undefined;
    if (!exists) return undefined;
    if (eni !== undefined && eni.node !== null) return undefined;
    return rack.blocks.node[block];
  }
  if (eni !== undefined) {
    if (eni.role === 'branch' && eni.trunk !== null) return null;
    return eni.node === null ? undefined : boxOf(eni.node);
  }
  const held = records.networkCards.get(id)?.node ?? nodeOfRecord(source, id);
  return held === undefined ? null : boxOf(held);
}

function sameBlocks(
  rack: Rack,
  source: ViewSource,
  box: number,
  unfolded: ReadonlySet<string>,
  now: number | null,
): boolean {
  const id = rack.boxes.id[box] ?? '';
  const kind = boxKind(rack, box);
  if (kind === 'fargate' || kind === 'shelf') return true;
  const node = source.records.nodes.get(id);
  if (node === undefined || node.gone !== (kind === 'ghost')) return false;
  const list = createBlockList();
  list.startBox();
  const height = node.gone ? placeGhost(list, source, node) : placeNode(list, source, node, unfolded.has(id), now);
  if (height !== rack.boxes.h[box]) return false;
  const first = rack.boxes.firstBlock[box] ?? 0;
  if (list.length !== (rack.boxes.firstBlock[box + 1] ?? 0) - first) return false;
  const { blocks } = list.finish();
  return blocks.ref.every(
    (ref, i) =>
      ref === rack.blocks.ref[first + i] &&
      blocks.kind[i] === rack.blocks.kind[first + i] &&
      blocks.y[i] === rack.blocks.y[first + i] &&
      blocks.h[i] === rack.blocks.h[first + i],
  );
}

/**
 * Whether the rack still fits. `changed`: ids of changed records. `options`: those it was built with, but for the
 * current time.
 */
export function isStillValid(rack: Rack, source: ViewSource, changed: Iterable<string>, options: RackOptions): boolean {
  const { grouping, unfolded = new Set(), now = null } = options;
  const boxes = new Set<number>();
  for (const id of changed) {
    const box = boxTouchedBy(rack, source, id, options);
    if (box === undefined) return false;
    if (box === null) continue;
    const node = source.records.nodes.get(id);
    if (node !== undefined) {
      const group = rack.groups[rack.boxes.group[box] ?? 0];
      // A grouping by worst finding keeps its arrangement.
      if (grouping !== 'worst-finding' && group?.key !== groupKeyOf(source, node, grouping)) return false;
      if ((node.computeType === 'fargate' && !node.gone) !== (boxKind(rack, box) === 'fargate')) return false;
    }
    boxes.add(box);
  }
  for (const box of boxes) if (!sameBlocks(rack, source, box, unfolded, now)) return false;
  return true;
}
