/** "Bring this into view": a wish of a table, the finder or the details panel, which the picture grants when it is there. */

/** A new object is a new wish, also for the same record. */
export type Reveal = { readonly to: 'fit' } | { readonly to: 'record'; readonly id: string };

export interface Revealer {
  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => Reveal | null;
  readonly ask: (reveal: Reveal) => void;
}

export function createRevealer(first: Reveal | null): Revealer {
  let wish = first;
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: () => wish,
    ask(reveal) {
      wish = reveal;
      for (const listener of [...listeners]) listener();
    },
  };
}
