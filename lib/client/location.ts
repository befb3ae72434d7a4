/**
 * The page's state as it stands in the address bar. What a person would want to come back to (view, selection, focus,
 * grouping) is a new entry of the browser's history; what moves all the time (camera, filter, text being typed, theme)
 * rewrites the newest one, at most every `REWRITE_MS`, since browsers refuse floods.
 */
import { formatPageState, parsePageState, type PageState } from '../view/page-state';

export const REWRITE_MS = 200;

const COMES_BACK = ['view', 'selection', 'focus', 'group'] as const satisfies readonly (keyof PageState)[];

/** The part of `window` that is needed. */
export interface Address {
  readonly search: () => string;
  readonly push: (query: string) => void;
  readonly replace: (query: string) => void;
  readonly onPop: (listener: () => void) => () => void;
  readonly setTimer: (run: () => void, ms: number) => () => void;
}

export interface PageLocation {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getState: () => PageState;
  readonly go: (change: Partial<PageState>) => void;
  /** Writes the state as it was read: unknown keys and values leave the address bar. */
  readonly settle: () => void;
  readonly stop: () => void;
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

export function createPageLocation(address: Address): PageLocation {
  const listeners = new Set<() => void>();
  let state = parsePageState(address.search());
  let cancelRewrite: (() => void) | null = null;

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const settle = (): void => {
    cancelRewrite?.();
    cancelRewrite = null;
    if (address.search() !== formatPageState(state)) address.replace(formatPageState(state));
  };
  const stopPop = address.onPop(() => {
    cancelRewrite?.();
    cancelRewrite = null;
    const next = parsePageState(address.search());
    // Going back must not change the colours of the lamp in the room.
    state = { ...next, theme: state.theme };
    tell();
    // An entry of another tab's or an older page's making may hold what this one cannot read; the theme is the room's.
    if (address.search() !== formatPageState(next)) settle();
  });

  return {
    settle() {
      // An address that holds more than can be read is corrected, so that what is copied is what is shown.
      cancelRewrite ??= address.setTimer(settle, REWRITE_MS);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getState: () => state,
    go(change) {
      const next = { ...state, ...change };
      if (equal(next, state)) return;
      const push = COMES_BACK.some((key) => !equal(next[key], state[key]));
      if (push) settle();
      state = next;
      if (push) address.push(formatPageState(state));
      else cancelRewrite ??= address.setTimer(settle, REWRITE_MS);
      tell();
    },
    stop() {
      cancelRewrite?.();
      stopPop();
      listeners.clear();
    },
  };
}
