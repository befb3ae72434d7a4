/** Values that tell of their changes, as React's `useSyncExternalStore` wants them. */

/** Those who want to know. */
export interface Listeners {
  /** Returns how to leave. */
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

/** A value with notifications of its changes; an equal object is another value. */
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
