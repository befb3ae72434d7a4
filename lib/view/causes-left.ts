import { findTroubles, type Cause } from './troubles';
import type { ViewSource } from './view-source';

/** The causes of some findings, counted like those of all. */
export function causesLeft({ records, ...source }: ViewSource, left: ReadonlySet<string>): readonly Cause[] {
  const findings = new Map([...records.findings].filter(([id]) => left.has(id)));
  return findTroubles({ ...source, records: { ...records, findings } }).causes;
}
