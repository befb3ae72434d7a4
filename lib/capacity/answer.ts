/** A what-if as one JSON answer, for the command line and for agents. */
import type { ViewSource } from '../view/view-source';
import { capacityOf, partsOf } from './capacity';
import { readChanges, type Changes } from './changes';
import { reportOf, type Report } from './totals';
import { assumptions, remarksOf, unknownName, type Remark } from './words';

/** A what-if with everything that is printed for it. */
export interface CapacityAnswer {
  readonly changes: Changes;
  readonly report: Report;
  readonly remarks: readonly Remark[];
  /** The assumptions behind the figures, one sentence each. */
  readonly assumptions: readonly string[];
}

/** `texts`: `KEY=value`, as in the URL. Returns a text with the error, in one line that includes the value, if they are invalid. */
export function answerCapacity(source: ViewSource, texts: readonly string[]): CapacityAnswer | string {
  const changes = readChanges(texts);
  if (typeof changes === 'string') return changes;
  const wrong = unknownName(source, changes);
  if (wrong !== null) return wrong;
  const report = reportOf(capacityOf(source, [partsOf(source.records)]).under(changes), changes.churn);
  return { changes, report, remarks: remarksOf(report), assumptions: assumptions(changes) };
}
