/** An outcome by instance type, zone and subnet. */
import { byCodeUnit } from '../model/order';
import type { NodeOutcome, Outcome, Side, SubnetOutcome } from './outcome';
import { countLimits, fitBySubnet, NO_FIT, type Limits } from './subnet-fit';

/** A sum over nodes, some of which may be unknown. */
export interface Figure {
  /** Null if there are nodes and none of their values is known. */
  readonly value: number | null;
  /** Nodes that are not in the sum. */
  readonly unknown: number;
}

/** Totals over some nodes. */
export interface Totals {
  readonly nodes: number;
  readonly enis: Figure;
  readonly held: Figure;
  readonly assigned: Figure;
  /** Held but not assigned. */
  readonly spare: Figure;
  readonly fit: Figure;
  /** Number of nodes by what limits their next pod, most nodes first. */
  readonly limits: Limits;
  /** Nodes that need an ENI that cannot be created. */
  readonly lackEni: number;
  /** Nodes whose pool stays below its target. */
  readonly belowTarget: number;
  /** Pods without an address. */
  readonly waiting: number;
  /** EC2 calls per hour. */
  readonly calls: Figure;
}

/** Totals before and after. */
export interface Row {
  /** Instance type or zone; null if not known. */
  readonly key: string | null;
  readonly before: Totals;
  readonly after: Totals;
}

/** A subnet before and after. */
export interface SubnetRow {
  readonly id: string;
  readonly zone: string | null;
  readonly isLost: boolean;
  readonly before: SubnetFigures;
  readonly after: SubnetFigures;
}

/** Null: not known. */
export interface SubnetFigures {
  readonly held: number | null;
  readonly free: number | null;
  readonly blocks: number | null;
  /** How many more pods can get one of its addresses. */
  readonly fit: number | null;
  /** Number of nodes that take addresses from it, by what limits their next pod; null with `fit`. */
  readonly limits: Limits | null;
}

/** The outcome as totals. */
export interface Report {
  readonly all: Row;
  readonly types: readonly Row[];
  readonly zones: readonly Row[];
  readonly subnets: readonly SubnetRow[];
  readonly displaced: number;
  readonly homeless: number;
  /** Nodes whose records are insufficient for a simulation. */
  readonly unreckoned: number;
  /** Pods that fit afterwards on nodes where no pod is placed now, and those nodes. */
  readonly closed: { readonly fit: number; readonly nodes: readonly { readonly id: string; readonly why: string }[] };
  /** Why pools stay below their targets afterwards, most nodes first. */
  readonly reasons: readonly { readonly reason: string; readonly nodes: readonly string[] }[];
}

function figure(values: readonly (number | null)[]): Figure {
  const known = values.filter((value) => value !== null);
  const unknown = values.length - known.length;
  return { value: known.length === 0 && unknown > 0 ? null : known.reduce((sum, one) => sum + one, 0), unknown };
}

function totals(sides: readonly Side[], churn: number): Totals {
  return {
    nodes: sides.length,
    enis: figure(sides.map(({ enis }) => enis)),
    held: figure(sides.map(({ held }) => held)),
    assigned: figure(sides.map(({ assigned }) => assigned)),
    spare: figure(sides.map(({ held, assigned }) => (held === null || assigned === null ? null : held - assigned))),
    fit: figure(sides.map(({ fit }) => fit)),
    limits: countLimits(sides.map(({ limitedBy }) => limitedBy)),
    lackEni: sides.filter(({ lacksEni }) => lacksEni).length,
    belowTarget: sides.filter(({ unmet }) => unmet !== null).length,
    waiting: sides.reduce((sum, { waiting }) => sum + waiting, 0),
    calls: figure(sides.map(({ calls }) => (calls === null ? null : calls * churn))),
  };
}

const sides = (nodes: readonly NodeOutcome[], side: 'before' | 'after'): readonly Side[] =>
  nodes.flatMap((node) => node[side] ?? []);

const rowOf = (key: string | null, nodes: readonly NodeOutcome[], churn: number): Row => ({
  key,
  before: totals(sides(nodes, 'before'), churn),
  after: totals(sides(nodes, 'after'), churn),
});

function rowsBy(
  nodes: readonly NodeOutcome[],
  churn: number,
  keyOf: (node: NodeOutcome) => string | null,
): readonly Row[] {
  return [...Map.groupBy(nodes, keyOf)]
    .sort(([a], [b]) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : 1))
    .map(([key, of]) => rowOf(key, of, churn));
}

/** Record ids of nodes, by the reason. */
function reasonsOf(nodes: readonly NodeOutcome[]): Report['reasons'] {
  const unmet = nodes.flatMap(({ node, after }) =>
    after?.unmet == null ? [] : [{ id: node.id, reason: after.unmet }],
  );
  return [...Map.groupBy(unmet, ({ reason }) => reason)]
    .sort(([a, x], [b, y]) => y.length - x.length || byCodeUnit(a, b))
    .map(([reason, of]) => ({ reason, nodes: of.map(({ id }) => id) }));
}

function closedOf(nodes: readonly NodeOutcome[]): Report['closed'] {
  const closed = nodes.flatMap(({ node, fate, after }) =>
    fate === 'stays' && node.closed !== null && (after?.fit ?? 0) > 0
      ? [{ id: node.id, why: node.closed, fit: after?.fit ?? 0 }]
      : [],
  );
  return {
    fit: closed.reduce((sum, { fit }) => sum + fit, 0),
    nodes: closed.map(({ id, why }) => ({ id, why })),
  };
}

/** `churn`: how often each pod is replaced per hour. */
export function reportOf({ nodes, subnets, displaced, homeless }: Outcome, churn: number): Report {
  const fitBefore = fitBySubnet(sides(nodes, 'before'));
  const fitAfter = fitBySubnet(sides(nodes, 'after'));
  const subnetRow = ({ subnet, isLost, isOpen, free, blocks, held }: SubnetOutcome): SubnetRow => {
    const { id, zone, availableAddresses, freePrefixes, heldByCluster } = subnet;
    const fit = (of: typeof fitBefore, known: number | null): Pick<SubnetFigures, 'fit' | 'limits'> => {
      if (known === null || isOpen) return { fit: null, limits: null };
      const { pods, limits } = of.get(id) ?? NO_FIT;
      return { fit: pods, limits };
    };
    return {
      id,
      zone,
      isLost,
      before: {
        held: heldByCluster,
        free: availableAddresses,
        blocks: freePrefixes,
        ...fit(fitBefore, availableAddresses),
      },
      after: { held, free, blocks, ...fit(fitAfter, free) },
    };
  };
  return {
    all: rowOf(null, nodes, churn),
    types: rowsBy(nodes, churn, ({ node }) => node.type),
    zones: rowsBy(nodes, churn, ({ node }) => node.zone),
    subnets: subnets.map(subnetRow),
    displaced,
    homeless,
    unreckoned: nodes.filter(({ after }) => after?.limitedBy === 'unknown').length,
    closed: closedOf(nodes),
    reasons: reasonsOf(nodes),
  };
}
