import type { RecordMaps, Severity } from '../../lib/model/records';
import { SeverityIcon } from '../ui/SeverityIcon';

/** The worst severity among findings; null without any. */
export function worstOf(records: RecordMaps, ids: Iterable<string>): Severity | null {
  let worst: Severity | null = null;
  for (const id of ids) {
    const severity = records.findings.get(id)?.severity;
    if (severity === 'error') return severity;
    if (severity === 'warning' || (severity === 'info' && worst === null)) worst = severity;
  }
  return worst;
}

export function FindingCount({ count, worst }: { readonly count: number; readonly worst: Severity | null }) {
  if (worst === null) return <span className="text-text3">none</span>;
  return (
    <span className="flex items-center gap-1.5">
      <SeverityIcon severity={worst} /> {count}
    </span>
  );
}
