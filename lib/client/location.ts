/**
 * The page's state in the URL. State that users return to (view, selection, focus, grouping, order, folded groups,
 * colours) creates an entry in the browser's history; state that changes continuously (camera, filter, typed text,
 * theme) rewrites the newest entry, at most every `REWRITE_MS`, because browsers limit the rate.
 */
import { createListeners } from './cell';
import { formatPageState, parsePageState, type PageState } from '../view/page-state';

/** Minimum time between two rewrites of the URL, in milliseconds. */
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
  readonly onPop: (listener: () => void) => void;
  readonly setTimer: (run: () => void, ms: number) => () => void;
}

/** The page's state and its address. */
export interface PageLocation {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getState: () => PageState;
  readonly go: (change: Partial<PageState>) => void;
  /** Rewrites the URL from the parsed state, which drops unknown keys and values. */
  readonly settle: () => void;
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
  address.onPop(() => {
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
      // The URL is corrected, so that a copied link shows the same.
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
  };
}
