import type { Severity } from '../../lib/model/records';
import { SeverityIcon } from '../ui/SeverityIcon';

/** A number of findings in the colour of the worst severity. */
export function FindingCount({ count, worst }: { readonly count: number; readonly worst: Severity | null }) {
  if (worst === null) return <span className="text-text3">none</span>;
  return (
    <span className="flex items-center gap-1.5">
      <SeverityIcon severity={worst} /> {count}
    </span>
  );
}
