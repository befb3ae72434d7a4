/** Runs a rule that only reads, and determines which changes of records make it run again. */
import { expect, it } from 'vitest';
import type { RecordByTable, Table } from '../../lib/model/records';
import { diffTables } from '../../lib/records/diff';
import { Findings } from '../../lib/findings/evaluate';
import type { Reader } from '../../lib/findings/rule/reader';
import type { Rule, Scope } from '../../lib/findings/rule/rule';
import { NOW, pod, world } from './findings';

type AnyRecord = { [T in Table]: RecordByTable[T] }[Table];

const LATER = 5_000;

/**
 * Runs a rule that only reads. Returns how often it ran after each change: immediately, and by the time that slow reads
 * are due.
 */
function watchReads<S extends Scope>(scope: S, own: RecordByTable[S], reads: (read: Reader) => unknown) {
  let runs = 0;
  const rule: Rule<S> = {
    id: 'reads',
    severity: 'info',
    scope,
    needs: [],
    uses: ['kubernetes/events'],
    check(record, { read }) {
      if (record.id === own.id) {
        runs++;
        reads(read);
      }
      return [];
    },
  };
  const findings = new Findings([rule as Rule]);
  let now = NOW;
  const taken = (): number => {
    const taken = runs;
    runs = 0;
    return taken;
  };
  return (before: readonly AnyRecord[], after: readonly AnyRecord[]) => {
    const replica = world([own, ...before] as readonly AnyRecord[]);
    findings.all(replica, now);
    taken();
    const tables = { ...diffTables(replica.records, world([own, ...after] as readonly AnyRecord[]).records) };
    delete tables.findings;
    replica.apply(tables);
    findings.update(replica, (now += 1));
    const atOnce = taken();
    findings.tick(replica, (now += LATER));
    return { atOnce, later: taken() };
  };
}

interface Read {
  readonly name: string;
  readonly scope?: Scope;
  readonly own?: AnyRecord;
  readonly reads: (read: Reader) => unknown;
  readonly before: readonly AnyRecord[];
  readonly after: readonly AnyRecord[];
  readonly wakes: 'at once' | 'later' | 'not';
}

/** Tests each row: the reads of a check, and the records before and after a change. */
export function reads(rows: readonly Read[]): void {
  it.each(rows.map((row) => [row.name, row] as const))(
    '%s',
    (_name, { scope = 'pods', own = pod(), reads, before, after, wakes }) => {
      const { atOnce, later } = watchReads(scope, own as never, reads)(before, after);
      expect({ atOnce, later }).toEqual({ atOnce: wakes === 'at once' ? 1 : 0, later: wakes === 'later' ? 1 : 0 });
    },
  );
}
