/**
 * Maintains this page's log of changes: records each delta before it is applied and describes it in slices of a few
 * milliseconds.
 */
import { ChangeLog } from '../view/changes/log';
import { createListeners } from './cell';
import type { ClientStore } from './client-store';
import { noteChanges, describeNoted, type Noted } from './change-collect';

/** Milliseconds of work in one task. */
const SLICE_MS = 8;
/** Notes processed between two checks of the clock. */
const AT_ONCE = 64;

/** Notes that may wait for the next task: in a background tab, a task runs once a minute. */
const MAX_WAITING = 5_000;

/** Clocks and scheduling, passed in for tests. */
export interface RecorderWorld {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Epoch ms of this browser. */
  readonly clock: () => number;
  /** Runs it in a separate task. */
  readonly later: (run: () => void) => void;
}

/** The log and its notifications. */
export interface ChangeRecorder {
  readonly log: ChangeLog;
  /** Notifies after each addition to the log. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Records the store's changes from now on. */
export function recordChanges(store: ClientStore, { now, clock, later }: RecorderWorld): ChangeRecorder {
  const log = new ChangeLog();
  const { subscribe, tell } = createListeners();
  let waiting: Noted[] = [];
  let isRunning = false;
  /** Whether a complete set is present, against which changes can be compared. */
  let isFollowing = false;

  const drain = (): void => {
    const until = now() + SLICE_MS;
    let next = 0;
    while (next < waiting.length && (next === 0 || waiting.length - next > MAX_WAITING || now() < until)) {
      const slice = waiting.slice(next, next + AT_ONCE);
      log.add(slice.flatMap(describeNoted), slice.at(-1)?.at ?? 0);
      next += slice.length;
    }
    waiting = waiting.slice(next);
    isRunning = waiting.length > 0;
    if (isRunning) later(drain);
    tell();
  };
  /** While a set is arriving, new records cannot be distinguished from those not yet received. */
  const look = (): void => {
    const { replica, revision, clockSkew, isFile } = store.getState();
    if (isFollowing || isFile || revision === 0 || replica.partial?.complete === false) return;
    isFollowing = true;
    log.begin(clock() + clockSkew);
    tell();
  };
  store.subscribe(look);
  store.listen({
    delta(replica, delta) {
      if (!isFollowing) return;
      for (const noted of noteChanges(replica, delta)) waiting.push(noted);
      if (isRunning) return;
      isRunning = true;
      later(drain);
    },
    reset: () => void (isFollowing = false),
  });
  look();
  return { log, subscribe };
}
