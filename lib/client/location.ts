/**
 * The page's state in the address bar. What people want to come back to (view, selection, focus, grouping, order, folded groups and colours) makes a new
 * entry in the browser's history; what changes all the time (camera, filter, typed text, theme) rewrites the newest one, at
 * most every `REWRITE_MS`, since browsers limit the rate.
 */
import { createListeners } from './cell';
import { formatPageState, parsePageState, type PageState } from '../view/page-state';

/** Minimum time between two rewrites of the address, in milliseconds. */
export const REWRITE_MS = 200;

const HISTORY_KEYS = [
  'view',
  'selection',
  'focus',
  'group',
  'order',
  'folded',
  'colour',
] as const satisfies readonly (keyof PageState)[];

/** The part of `window` that is used. */
export interface Address {
  readonly search: () => string;
  readonly push: (query: string) => void;
  readonly replace: (query: string) => void;
  readonly onPop: (listener: () => void) => () => void;
  readonly setTimer: (run: () => void, ms: number) => () => void;
}

/** The page's state and its address. */
export interface PageLocation {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getState: () => PageState;
  readonly go: (change: Partial<PageState>) => void;
  /** Rewrites the address from the state as read, which drops unknown keys and values. */
  readonly settle: () => void;
  readonly stop: () => void;
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Reads the state from the address and follows it. */
export function createPageLocation(address: Address): PageLocation {
  const { subscribe, tell } = createListeners();
  let state = parsePageState(address.search());
  let cancelRewrite: (() => void) | null = null;

  const settle = (): void => {
    cancelRewrite?.();
    cancelRewrite = null;
    if (address.search() !== formatPageState(state)) address.replace(formatPageState(state));
  };
  const stopPop = address.onPop(() => {
    cancelRewrite?.();
    cancelRewrite = null;
    const next = parsePageState(address.search());
    // Going back must not change the theme.
    state = { ...next, theme: state.theme };
    tell();
    // A history entry of an older page may contain values that this one cannot read, or another theme.
    if (address.search() !== formatPageState(next)) settle();
  });

  return {
    settle() {
      // The address is corrected, so that a copied link shows the same.
      cancelRewrite ??= address.setTimer(settle, REWRITE_MS);
    },
    subscribe,
    getState: () => state,
    go(change) {
      const next = { ...state, ...change };
      if (equal(next, state)) return;
      const push = HISTORY_KEYS.some((key) => !equal(next[key], state[key]));
      if (push) settle();
      state = next;
      if (push) address.push(formatPageState(state));
      else cancelRewrite ??= address.setTimer(settle, REWRITE_MS);
      tell();
    },
    stop() {
      cancelRewrite?.();
      stopPop();
    },
  };
}
