/**
 * Groups and orders nodes. Names and placement do not change during a node's life; fullness, free pods and findings do,
 * so an arrangement by these is computed once, on request, and then kept. Nodes without a value come last.
 */
import { SEVERITY_RANK } from '../model/vocabulary';
import { byNaturalName } from '../model/order';
import type { NodeRecord } from '../model/records';
import { keptFor } from '../model/remembered';
import { fullnessOf } from './fullness';
import { layoutEnisUnder } from './partial-set';
import { findTroubles, type NodeTrouble, type Troubles } from './troubles';
import type { ViewSource } from './view-source';

/** What nodes can be grouped by. */
export const GROUPINGS = ['zone', 'instance-type', 'node-group', 'subnet', 'worst-finding', 'none'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Fullest first, least room for pods first, worst findings first. */
export const ORDERS = ['name', 'fullness', 'free-pods', 'findings'] as const;
export type Order = (typeof ORDERS)[number];

export interface Arrangement {
  readonly grouping: Grouping;
  /** By name when absent. */
  readonly order?: Order;
}

export interface NodeGroup {
  /** Unique among the groups of one grouping; `''` for the nodes without a value. */
  readonly key: string;
  readonly label: string;
  /** Node records in order. */
  readonly nodes: readonly NodeRecord[];
}

/** A node's group and place in the previous arrangement; null when it was not in it. */
export type PreviousPlaces = (node: string) => { readonly key: string; readonly place: number } | null;

/** Labels that contain a node group's name; the first that is set wins: EKS managed node groups, Karpenter, eksctl. */
const NODE_GROUP_LABELS = [
  'eks.amazonaws.com/nodegroup',
  'karpenter.sh/nodepool',
  'alpha.eksctl.io/nodegroup-name',
] as const;

/** The name of a node's group; undefined without one. */
export const nodeGroupOf = ({ labels }: NodeRecord): string | undefined =>
  NODE_GROUP_LABELS.map((label) => labels[label]).find((name) => name !== undefined);

const UNKNOWN: Readonly<Record<Grouping, string>> = {
  zone: 'zone not known',
  'instance-type': 'instance type not known',
  'node-group': 'no node group',
  subnet: 'subnet not known',
  'worst-finding': 'no finding',
  none: 'all nodes',
};

/** Groups by worst finding, worst first. */
const TROUBLE_GROUPS = new Map([
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['shared', 'only findings that many nodes share'],
]);
const TROUBLE_KEYS = [...TROUBLE_GROUPS.keys()];

const troubleKey = (trouble: NodeTrouble | undefined): string =>
  trouble === undefined ? '' : (trouble.apart ?? 'shared');

/** Whether the arrangement depends on values that change during a node's life. */
export const isVolatile = ({ grouping, order = 'name' }: Arrangement): boolean =>
  grouping === 'worst-finding' || order !== 'name';

/** The key of a node's group, for groupings that do not change during its life; `''` without a value. */
export function groupKeyOf(source: ViewSource, node: NodeRecord, grouping: Exclude<Grouping, 'worst-finding'>): string {
  switch (grouping) {
    case 'zone':
      return node.zone ?? '';
    case 'instance-type':
      return node.computeType === 'fargate' ? 'Fargate' : (node.instanceType ?? '');
    case 'node-group':
      return nodeGroupOf(node) ?? '';
    case 'subnet':
      return layoutEnisUnder(source, 'enisByNode', node.id).find(({ role }) => role === 'primary')?.subnet ?? '';
    case 'none':
      return '';
  }
}

/** The current key of a node's group. */
export const groupKeyNow = (source: ViewSource, node: NodeRecord, grouping: Grouping): string =>
  grouping === 'worst-finding'
    ? troubleKey(findTroubles(source).byNode.get(node.id))
    : groupKeyOf(source, node, grouping);

function groupOrder(grouping: Grouping): (a: string, b: string) => number {
  if (grouping === 'worst-finding') return (a, b) => TROUBLE_KEYS.indexOf(a) - TROUBLE_KEYS.indexOf(b);
  return byNaturalName;
}

/** Smaller first; unknown last. */
type Weight = (node: NodeRecord) => readonly number[];

function weightOf(source: ViewSource, order: Order, troubles: () => Troubles): Weight | null {
  switch (order) {
    case 'name':
      return null;
    case 'fullness':
      return (node) => [-(fullnessOf(source, node) ?? -1)];
    case 'free-pods':
      return (node) => [node.headroom.pods ?? Infinity];
    case 'findings':
      return ({ id }) => {
        const trouble = troubles().byNode.get(id);
        if (trouble === undefined) return [Infinity];
        const { apart, counts } = trouble;
        const rank = apart === null ? SEVERITY_RANK.info + 1 : SEVERITY_RANK[apart];
        return [rank, -counts.error, -counts.warning, -counts.info];
      };
  }
}

/** Infinity minus Infinity is NaN, so equal weights are skipped. */
function compared(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function sorter(weight: Weight | null, previous: PreviousPlaces | null): (a: NodeRecord, b: NodeRecord) => number {
  const byName = (a: NodeRecord, b: NodeRecord): number => byNaturalName(a.name, b.name);
  if (weight === null) return byName;
  const known = new Map<string, readonly number[]>();
  const of = (node: NodeRecord): readonly number[] => keptFor(known, node.id, () => weight(node));
  const place = (node: NodeRecord): number => previous?.(node.id)?.place ?? Infinity;
  return (a, b) => compared([place(a)], [place(b)]) || compared(of(a), of(b)) || byName(a, b);
}

/**
 * All nodes in groups. `previous`: the arrangement to keep if it depends on changing values; null: none. O(n log n).
 */
export function groupNodes(
  source: ViewSource,
  arrangement: Arrangement,
  previous: PreviousPlaces | null = null,
): readonly NodeGroup[] {
  const { grouping, order = 'name' } = arrangement;
  let found: Troubles | null = null;
  const troubles = (): Troubles => (found ??= findTroubles(source));
  const kept = isVolatile(arrangement) ? previous : null;
  const keyOf = (node: NodeRecord): string => {
    if (grouping !== 'worst-finding') return groupKeyOf(source, node, grouping);
    return kept?.(node.id)?.key ?? troubleKey(troubles().byNode.get(node.id));
  };
  const groups = Map.groupBy(source.records.nodes.values(), keyOf);
  const before = groupOrder(grouping);
  const inOrder = sorter(weightOf(source, order, troubles), kept);
  return [...groups]
    .sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : before(a, b)))
    .map(([key, nodes]) => ({
      key,
      label: key === '' ? UNKNOWN[grouping] : ((grouping === 'worst-finding' ? TROUBLE_GROUPS.get(key) : null) ?? key),
      nodes: nodes.sort(inOrder),
    }));
}
