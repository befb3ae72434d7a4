import { findTroubles, type Cause } from './troubles';
import type { ViewSource } from './view-source';

/** The causes of some findings, counted like those of all. */
export function causesLeft(source: ViewSource, left: ReadonlySet<string>): readonly Cause[] {
  // By name: a view of a set without muted findings inherits them.
  const { records, indexes, cluster, partial } = source;
  const findings = new Map([...records.findings].filter(([id]) => left.has(id)));
  return findTroubles({
    ...{ indexes, cluster, records: { ...records, findings } },
    ...(partial === undefined ? {} : { partial }),
  }).causes;
}
