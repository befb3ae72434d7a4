/**
 * How nodes are grouped and ordered: by natural name order, so that the picture does not depend on the order of arrival.
 * Nodes without a value for the grouping come last, in a group that says so.
 */
import { byNaturalName } from '../model/order';
import type { NodeRecord } from '../model/records';
import type { ViewSource } from './view-source';

export const GROUPINGS = ['zone', 'instance-type', 'node-group', 'none'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface NodeGroup {
  /** Unique among the groups of one grouping; `''` for the nodes without a value. */
  readonly key: string;
  readonly label: string;
  /** Node records in natural name order. */
  readonly nodes: readonly NodeRecord[];
}

/** Labels that hold a node group's name; the first that is set wins: EKS managed node groups, Karpenter, eksctl. */
const NODE_GROUP_LABELS = [
  'eks.amazonaws.com/nodegroup',
  'karpenter.sh/nodepool',
  'alpha.eksctl.io/nodegroup-name',
] as const;

const UNKNOWN: Readonly<Record<Grouping, string>> = {
  zone: 'zone not known',
  'instance-type': 'instance type not known',
  'node-group': 'no node group',
  none: 'all nodes',
};

/** The key of a node's group; `''` without a value. */
export function groupKeyOf(node: NodeRecord, grouping: Grouping): string {
  switch (grouping) {
    case 'zone':
      return node.zone ?? '';
    case 'instance-type':
      return node.computeType === 'fargate' ? 'Fargate' : (node.instanceType ?? '');
    case 'node-group':
      return NODE_GROUP_LABELS.map((label) => node.labels[label]).find((value) => value !== undefined) ?? '';
    case 'none':
      return '';
  }
}

/** All nodes in their groups; O(n log n) in the number of nodes. */
export function groupNodes(source: Pick<ViewSource, 'records'>, grouping: Grouping): readonly NodeGroup[] {
  const groups = new Map<string, NodeRecord[]>();
  for (const node of source.records.nodes.values()) {
    const key = groupKeyOf(node, grouping);
    const nodes = groups.get(key);
    if (nodes === undefined) groups.set(key, [node]);
    else nodes.push(node);
  }
  return [...groups]
    .sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : byNaturalName(a, b)))
    .map(([key, nodes]) => ({
      key,
      label: key === '' ? UNKNOWN[grouping] : key,
      nodes: nodes.sort((a, b) => byNaturalName(a.name, b.name)),
    }));
}
