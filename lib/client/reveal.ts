/** "Bring this into view", asked by a table, the finder or the details panel; the picture does so once it is on the page. */

/** Each new object is a new request, even for the same record. */
export type Reveal = { readonly to: 'fit' | 'arrange' } | { readonly to: 'record'; readonly id: string };

/** Passes requests to the picture. */
export interface Revealer {
  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => Reveal | null;
  readonly ask: (reveal: Reveal) => void;
}

/** `first`: the request to start with; null: none. */
export function createRevealer(first: Reveal | null): Revealer {
  let latest = first;
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: () => latest,
    ask(reveal) {
      latest = reveal;
      for (const listener of [...listeners]) listener();
    },
  };
}
