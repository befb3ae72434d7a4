/**
 * Decides which node's metrics are read next. Every second turn goes to the targets on screen, in the given order; the
 * other turns go to the target that has waited longest, so that a large screen cannot starve the rest.
 */
export interface Target {
  /** Node name; the fact's key. */
  readonly node: string;
  /** The aws-node pod on it, in kube-system. */
  readonly pod: string;
}

/** The order of reads. */
export interface Schedule {
  /** The next target whose last read started at least `everyMs` ago; null when none is due. */
  next(targets: readonly Target[], now: number): Target | null;
  /** When the next target becomes due, epoch milliseconds. */
  dueAt(targets: readonly Target[]): number;
  /** Forgets nodes that are no longer targets, and returns them. */
  forget(targets: readonly Target[]): string[];
}

/** `everyMs`: milliseconds between two reads of one node. */
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
