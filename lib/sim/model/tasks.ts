/** Tasks ordered by due time, then by scheduling, so that runs are repeatable. A task may schedule others; only `runDue` runs any. */
export interface Tasks {
  schedule(at: number, run: () => void): void;
  /** Runs everything due by that time (epoch milliseconds); returns how many tasks ran. */
  runDue(now: number): number;
  readonly size: number;
}

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (a: Task, b: Task): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A queue of tasks by time. */
export function createTasks(): Tasks {
  const heap: Task[] = [];
  let order = 0;

  const push = (task: Task): void => {
    let child = heap.push(task) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(task, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = task;
  };

  const pop = (): Task | undefined => {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let parent = 0;
    for (;;) {
      let child = parent * 2 + 1;
      let next = heap[child];
      const right = heap[child + 1];
      if (next !== undefined && right !== undefined && before(right, next)) {
        next = right;
        child += 1;
      }
      if (next === undefined || !before(next, last)) break;
      heap[parent] = next;
      parent = child;
    }
    heap[parent] = last;
    return top;
  };

  return {
    schedule(at, run) {
      push({ at, order: order++, run });
    },
    runDue(now) {
      let ran = 0;
      for (let top = heap[0]; top !== undefined && top.at <= now; top = heap[0]) {
        pop();
        top.run();
        ran += 1;
      }
      return ran;
    },
    get size() {
      return heap.length;
    },
  };
}
