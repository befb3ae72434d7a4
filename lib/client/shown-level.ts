/** The picture's current level of detail, for the legend; null while there is no picture. */
import type { Level } from '../layout/rack/level';

/** The level with notifications of its changes. */
export interface ShownLevel {
  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => Level | null;
  readonly set: (level: Level | null) => void;
}

/** Nothing is shown at first. */
export function createShownLevel(): ShownLevel {
  let shown: Level | null = null;
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: () => shown,
    set(level) {
      if (level === shown) return;
      shown = level;
      for (const listener of [...listeners]) listener();
    },
  };
}
