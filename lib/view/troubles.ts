/**
 * Findings by node and by cause. All counts of findings on the page come from here, so that a node's badge, its panel
 * and the navigation agree. A cause that many nodes share is shown once and marks no node.
 */
import { SEVERITIES, SEVERITY_RANK } from '../model/vocabulary';
import { byCodeUnit } from '../model/order';
import type { FindingRecord, Severity } from '../model/records';
import { keptFor } from '../model/remembered';
import { nodeOfRecord } from './partial-set';
import type { ViewSource } from './view-source';

/** Number of findings by severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** The worst finding on something, and how many there are. */
export interface Trouble {
  readonly worst: Severity;
  readonly count: number;
}

/** The findings on a node, its pods and its ENIs. */
export interface NodeTrouble extends Trouble {
  readonly counts: SeverityCounts;
  /**
   * The worst severity that distinguishes this node: errors, and findings whose cause is not shared; null without any.
   */
  readonly apart: Severity | null;
}

/** The findings of one rule and severity. */
export interface Cause {
  readonly rule: string;
  readonly severity: Severity;
  readonly findings: number;
  /** The nodes concerned. */
  readonly nodes: ReadonlySet<string>;
  /** Whether too many nodes have it for it to distinguish any; never true for errors. */
  readonly shared: boolean;
}

/** All findings by node and by cause. */
export interface Troubles {
  /** By node record id; nodes without a finding are absent. */
  readonly byNode: ReadonlyMap<string, NodeTrouble>;
  /** Worst first, then by number of nodes. */
  readonly causes: readonly Cause[];
}

/** A cause is shared when it concerns at least this fraction and this number of nodes. */
const SHARED = { share: 0.25, nodes: 8 } as const;

/** Counts findings by severity. */
export function countSeverities(findings: Iterable<Pick<FindingRecord, 'severity'>>): SeverityCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** The worst counted severity; null without any. */
export const worstOf = (counts: SeverityCounts): Severity | null =>
  SEVERITIES.find((severity) => counts[severity] > 0) ?? null;

/** The nodes of a finding: subjects that are nodes, and the nodes of other subjects. */
export function nodesOfFinding(source: ViewSource, finding: FindingRecord): ReadonlySet<string> {
  const { nodes } = source.records;
  const found = new Set<string>();
  for (const subject of finding.subjects) {
    const node = nodes.has(subject) ? subject : nodeOfRecord(source, subject);
    if (node != null) found.add(node);
  }
  return found;
}

interface CauseDraft {
  readonly rule: string;
  readonly severity: Severity;
  readonly nodes: Set<string>;
  findings: number;
}

const isShared = ({ severity, nodes }: CauseDraft, all: number): boolean =>
  severity !== 'error' && nodes.size >= Math.max(SHARED.nodes, all * SHARED.share);

/** Evaluates all findings in one pass. */
export function findTroubles(source: ViewSource): Troubles {
  const drafts = new Map<string, CauseDraft>();
  const onNodes = new Map<string, Map<CauseDraft, number>>();
  for (const finding of source.records.findings.values()) {
    const { rule, severity } = finding;
    const key = `${severity} ${rule}`;
    const cause = keptFor(drafts, key, () => ({ rule, severity, nodes: new Set<string>(), findings: 0 }));
    cause.findings++;
    for (const node of nodesOfFinding(source, finding)) {
      cause.nodes.add(node);
      const here = keptFor(onNodes, node, () => new Map<CauseDraft, number>());
      here.set(cause, (here.get(cause) ?? 0) + 1);
    }
  }
  const all = source.records.nodes.size;
  const byNode = new Map<string, NodeTrouble>();
  for (const [node, causes] of onNodes) {
    const counts = { error: 0, warning: 0, info: 0 };
    const apart = { error: 0, warning: 0, info: 0 };
    let count = 0;
    for (const [cause, findings] of causes) {
      counts[cause.severity] += findings;
      if (!isShared(cause, all)) apart[cause.severity] += findings;
      count += findings;
    }
    byNode.set(node, { worst: worstOf(counts) ?? 'info', count, counts, apart: worstOf(apart) });
  }
  const causes = [...drafts.values()]
    .map((draft) => ({ ...draft, shared: isShared(draft, all) }))
    .sort(
      (a, b) =>
        SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
        b.nodes.size - a.nodes.size ||
        byCodeUnit(a.rule, b.rule),
    );
  return { byNode, causes };
}
