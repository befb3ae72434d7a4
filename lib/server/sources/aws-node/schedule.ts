/**
 * Whose metrics are read next. Every second turn goes to what is on screen, in the order given; the turns between go to
 * whoever has waited longest, so that a large screen cannot starve the rest.
 */
export interface Target {
  /** Node name; the fact's key. */
  readonly node: string;
  /** The aws-node pod on it, in kube-system. */
  readonly pod: string;
}

export interface Schedule {
  /** The next target whose last read began `everyMs` ago or longer; null: nobody is due. */
  next(targets: readonly Target[], now: number): Target | null;
  /** When somebody becomes due. */
  dueAt(targets: readonly Target[]): number;
  /** Forgets nodes that are no longer targets, and names them. */
  forget(targets: readonly Target[]): string[];
}

export function createSchedule(everyMs: number): Schedule {
  const begun = new Map<string, number>();
  let turn = 0;
  const begunAt = ({ node }: Target): number => begun.get(node) ?? Number.NEGATIVE_INFINITY;

  return {
    next(targets, now) {
      const due = targets.filter((target) => now - begunAt(target) >= everyMs);
      const [first] = due;
      if (first === undefined) return null;
      const chosen = turn++ % 2 === 0 ? first : due.reduce((a, b) => (begunAt(b) < begunAt(a) ? b : a));
      begun.set(chosen.node, now);
      return chosen;
    },
    dueAt: (targets) => Math.min(...targets.map(begunAt)) + everyMs,
    forget(targets) {
      const wanted = new Set(targets.map(({ node }) => node));
      const gone = [...begun.keys()].filter((node) => !wanted.has(node));
      for (const node of gone) begun.delete(node);
      return gone;
    },
  };
}
