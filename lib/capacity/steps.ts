/** Work on thousands of nodes in steps; the caller decides how many steps run at a time. */

/** Number of items per step. */
const ITEMS_PER_STEP = 16;

/** Maps the items, pausing after each step. */
export function* inSteps<T, R>(items: Iterable<T>, work: (item: T) => R): Generator<undefined, R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(work(item));
    if (results.length % ITEMS_PER_STEP === 0) yield;
  }
  return results;
}

/** Runs all steps at once. */
export function whole<R>(steps: Generator<undefined, R>): R {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}
