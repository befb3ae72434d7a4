/**
 * The health of one source record. Reports a change of state or reason at once, and a change of age at most every five
 * seconds, so that ages do not flood the stream.
 */
import type { Status } from '../../model/observation';
import type { SourceRecord, SourceState } from '../../model/records';

export interface Health {
  readonly state: SourceState;
  /** The facts were true at `at` (epoch milliseconds). Earlier times than the last one are ignored. */
  proved(at: number): void;
  /** A new state; `reason` is one sentence for the user, null when there is nothing to say. */
  become(state: SourceState, reason: string | null): void;
}

const AGE_STEP_MS = 5_000;
const LONGEST_REASON = 400;

/** Foreign text on one line, without control characters, cut to 400 characters. */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

export function createHealth(id: string, report: (status: Status) => void): Health {
  let state: SourceState = 'starting';
  let reason: string | null = null;
  let asOf: number | null = null;
  let told = false;
  let toldAsOf = Number.NEGATIVE_INFINITY;

  const tell = (): void => {
    told = true;
    toldAsOf = asOf ?? Number.NEGATIVE_INFINITY;
    report({ op: 'status', source: { id, state, asOf: asOf === null ? null : new Date(asOf).toISOString(), reason } });
  };
  return {
    get state() {
      return state;
    },
    proved(at) {
      if (asOf !== null && at <= asOf) return;
      asOf = at;
      if (told && state === 'live' && at - toldAsOf >= AGE_STEP_MS) tell();
    },
    become(next, why) {
      const said = why === null ? null : oneLine(why);
      if (told && next === state && said === reason) return;
      state = next;
      reason = said;
      tell();
    },
  };
}

/** Worst first. `absent` is last: a kind that is absent does not make the others of its source worse. */
const WORST_FIRST: readonly SourceState[] = ['failing', 'denied', 'stale', 'starting', 'live', 'off', 'absent'];

/**
 * One source record for several watches (`kubernetes/events` has one watch per reason): as bad as the worst, as old as
 * the oldest, absent only if all are. Returns one health per watch.
 */
export function createJointHealth(id: string, members: number, report: (status: Status) => void): Health[] {
  if (members === 1) return [createHealth(id, report)];
  const records = new Map<number, SourceRecord>();
  let told: SourceRecord | null = null;

  const tell = (): void => {
    const states = [...records.values()];
    const present = states.filter(({ state }) => state !== 'absent');
    const considered = present.length > 0 ? present : states;
    const worst = WORST_FIRST.map((state) => considered.find((each) => each.state === state)).find(Boolean);
    if (worst === undefined) return;
    const ages = considered.flatMap(({ asOf }) => (asOf === null ? [] : [asOf])).sort();
    const source: SourceRecord = { id, state: worst.state, asOf: ages[0] ?? null, reason: worst.reason };
    if (told?.state === source.state && told.reason === source.reason) {
      const moved = Date.parse(source.asOf ?? '') - Date.parse(told.asOf ?? '');
      if (source.asOf === told.asOf || moved < AGE_STEP_MS) return;
    }
    told = source;
    report({ op: 'status', source });
  };
  return Array.from({ length: members }, (_, index) =>
    createHealth(id, ({ source }) => {
      records.set(index, source);
      tell();
    }),
  );
}
