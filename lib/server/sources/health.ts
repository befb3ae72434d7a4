/**
 * The health of one source record: reports state and reason immediately, ages at most every five seconds, which keeps
 * the stream quiet.
 */
import type { SourceStatus, Status } from '../../model/observation';
import type { SourceState } from '../../model/records';
import { oneLine, type Reason } from './reason';

/** The health of one watch or poll. */
export interface Health {
  readonly state: SourceState;
  /** The facts were true at `at` (epoch milliseconds). Earlier times than the last one are ignored. */
  proved(at: number): void;
  /** The facts have been dropped: they have no age until there are some again. */
  forgot(): void;
  /** Sets the state; `reason`: one sentence for the user, null without one. */
  become(state: SourceState, reason: Reason | null): void;
}

const AGE_STEP_MS = 5_000;

/** Starts in state `starting` and reports nothing before the first `become`. */
export function createHealth(id: string, report: (status: Status) => void): Health {
  let state: SourceState = 'starting';
  let reason: string | null = null;
  let asOf: number | null = null;
  let reported = false;
  let reportedAsOf = Number.NEGATIVE_INFINITY;

  const send = (): void => {
    reported = true;
    reportedAsOf = asOf ?? Number.NEGATIVE_INFINITY;
    report({ op: 'status', source: { id, state, asOf: asOf === null ? null : new Date(asOf).toISOString(), reason } });
  };
  return {
    get state() {
      return state;
    },
    proved(at) {
      if (asOf !== null && at <= asOf) return;
      asOf = at;
      if (reported && state === 'live' && at - reportedAsOf >= AGE_STEP_MS) send();
    },
    forgot() {
      asOf = null;
      reported = false;
    },
    become(next, why) {
      const sentence = why === null ? null : oneLine(why);
      if (reported && next === state && sentence === reason) return;
      state = next;
      reason = sentence;
      send();
    },
  };
}

/** Worst first. `absent` is last: an absent kind does not make its source worse. */
const WORST_FIRST: readonly SourceState[] = [
  'failing',
  'denied',
  'stale',
  'behind',
  'starting',
  'live',
  'off',
  'absent',
];

/**
 * One source record for several watches (Events have one per reason): the worst state, the oldest age, `absent` only if
 * all are. Returns one `Health` per watch.
 */
export function createJointHealth(id: string, members: number, report: (status: Status) => void): Health[] {
  if (members === 1) return [createHealth(id, report)];
  const records = new Map<number, SourceStatus>();
  let reported: SourceStatus | null = null;

  const send = (): void => {
    const states = [...records.values()];
    const present = states.filter(({ state }) => state !== 'absent');
    const considered = present.length > 0 ? present : states;
    const worst = WORST_FIRST.map((state) => considered.find((each) => each.state === state)).find(Boolean);
    if (worst === undefined) return;
    const ages = considered.flatMap(({ asOf }) => (asOf === null ? [] : [asOf])).sort();
    const source: SourceStatus = { id, state: worst.state, asOf: ages[0] ?? null, reason: worst.reason };
    if (reported?.state === source.state && reported.reason === source.reason) {
      const moved = Date.parse(source.asOf ?? '') - Date.parse(reported.asOf ?? '');
      if (source.asOf === reported.asOf || moved < AGE_STEP_MS) return;
    }
    reported = source;
    report({ op: 'status', source });
  };
  return Array.from({ length: members }, (_, index) =>
    createHealth(id, ({ source }) => {
      records.set(index, source);
      send();
    }),
  );
}
