/**
 * Keeps the log of changes of this page: notes every delta before it is applied, and tells what changed a few milliseconds at a
 * time, so that a change of ten thousand records holds nothing up.
 */
import { ChangeLog } from '../../view/changes/log';
import type { ClientStore } from '../client-store';
import { noteChanges, toldOf, type Noted } from './collect';

/** Milliseconds of work in one task. */
const SLICE_MS = 8;
/** Notes looked at between two looks at the clock. */
const AT_ONCE = 64;

export interface RecorderWorld {
  /** Milliseconds of any clock that does not jump. */
  readonly now: () => number;
  /** Epoch ms of this browser. */
  readonly clock: () => number;
  /** Runs it in a task of its own. */
  readonly later: (run: () => void) => void;
}

export interface ChangeRecorder {
  readonly log: ChangeLog;
  /** The log changes whenever something was told. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function recordChanges(store: ClientStore, { now, clock, later }: RecorderWorld): ChangeRecorder {
  const log = new ChangeLog();
  const listeners = new Set<() => void>();
  let waiting: Noted[] = [];
  let isRunning = false;
  /** Whether a whole set is there, to which changes can be compared. */
  let isFollowing = false;

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const drain = (): void => {
    const until = now() + SLICE_MS;
    let next = 0;
    while (next < waiting.length && (next === 0 || now() < until)) {
      const slice = waiting.slice(next, next + AT_ONCE);
      log.add(slice.flatMap(toldOf), slice.at(-1)?.at ?? 0);
      next += slice.length;
    }
    waiting = waiting.slice(next);
    isRunning = waiting.length > 0;
    if (isRunning) later(drain);
    tell();
  };
  /** Of a set that still comes, what is new cannot be told from what has not come. */
  const look = (): void => {
    const { replica, revision, clockSkew, isFile } = store.getState();
    if (isFollowing || isFile || revision === 0 || replica.sparse?.complete === false) return;
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
  return {
    log,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
