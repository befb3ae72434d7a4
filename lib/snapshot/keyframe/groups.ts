/**
 * Decides which nodes share a chunk: neighbours by id, about `TARGET` rows in total. Groups are stable, because a
 * changed group is encoded again.
 */

/** Rows per chunk: reading them takes about 10 ms, and fewer rows compress less well. */
const TARGET = 1_000;
/** A larger group is split; one smaller than `SMALLEST` joins its neighbour. */
const MAX_SIZE = 2 * TARGET;
const SMALLEST = TARGET / 4;

/** Sorted node ids. An unchanged group is the same object. */
export type NodeGroup = readonly string[];

/** Groups nodes (ids, sorted by code unit). A new node joins the group of the node before it. `weightOf`: number of rows of a node. */
export function groupNodes(
  before: readonly NodeGroup[],
  nodes: readonly string[],
  weightOf: (node: string) => number,
): readonly NodeGroup[] {
  const groupOf = new Map(before.flatMap((group) => group.map((id) => [id, group] as const)));
  const runs: { readonly was: NodeGroup | undefined; readonly ids: string[]; weight: number }[] = [];
  for (const id of nodes) {
    const last = runs.at(-1);
    const was = groupOf.get(id) ?? last?.was;
    if (last !== undefined && last.was === was) {
      last.ids.push(id);
      last.weight += weightOf(id);
    } else runs.push({ was, ids: [id], weight: weightOf(id) });
  }
  const sizes = runs.flatMap(({ was, ids, weight }) =>
    weight > MAX_SIZE ? split(ids, weightOf) : [{ ids: same(was, ids), weight }],
  );
  return joinSmall(sizes);
}

interface Sized {
  readonly ids: NodeGroup;
  readonly weight: number;
}

const same = (was: NodeGroup | undefined, ids: NodeGroup): NodeGroup =>
  was?.length === ids.length && was.every((id, index) => id === ids[index]) ? was : ids;

function split(ids: readonly string[], weightOf: (node: string) => number): readonly Sized[] {
  const parts: { ids: string[]; weight: number }[] = [];
  for (const id of ids) {
    const weight = weightOf(id);
    const last = parts.at(-1);
    if (last !== undefined && last.weight + weight <= TARGET) {
      last.ids.push(id);
      last.weight += weight;
    } else parts.push({ ids: [id], weight });
  }
  return parts;
}

function joinSmall(groups: readonly Sized[]): readonly NodeGroup[] {
  const joined: Sized[] = [];
  for (const group of groups) {
    const last = joined.at(-1);
    if (last !== undefined && Math.min(last.weight, group.weight) < SMALLEST && last.weight + group.weight <= TARGET)
      joined[joined.length - 1] = { ids: [...last.ids, ...group.ids], weight: last.weight + group.weight };
    else joined.push(group);
  }
  return joined.map(({ ids }) => ids);
}
