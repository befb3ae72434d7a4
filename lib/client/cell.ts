/** Values that notify of changes, as React's `useSyncExternalStore` requires. */

/** A set of listeners. */
export interface Listeners {
  /** Returns a function that unsubscribes. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly tell: () => void;
}

/** Starts without listeners. Listeners may be removed or added while they are being called. */
export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell() {
      for (const listener of [...listeners]) listener();
    },
  };
}

/** A value that notifies of its changes; an equal object counts as another value. */
export interface Cell<T> {
  readonly subscribe: Listeners['subscribe'];
  readonly get: () => T;
  readonly set: (value: T) => void;
}

export function createCell<T>(value: T): Cell<T> {
  const { subscribe, tell } = createListeners();
  let current = value;
  return {
    subscribe,
    get: () => current,
    set(next) {
      if (next === current) return;
      current = next;
      tell();
    },
  };
}
