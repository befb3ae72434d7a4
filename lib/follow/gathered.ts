/**
 * The items of a source in groups: everything that arrived before the reader was ready. `nextTurn` resolves once input
 * that has already arrived was read, so that a group that arrives at once is not split.
 *
 * The source is read ahead of the reader. It must end or fail soon after the reader has stopped.
 */
export async function* gathered<T>(
  source: AsyncIterable<T>,
  nextTurn: () => Promise<void>,
): AsyncGenerator<readonly T[], void> {
  let waiting: T[] = [];
  const state = { isOver: false, wake: (): void => undefined };
  const reading = (async () => {
    try {
      for await (const item of source) {
        waiting.push(item);
        state.wake();
      }
    } finally {
      state.isOver = true;
      state.wake();
    }
  })();
  // A failure is thrown below, after what arrived before it.
  reading.catch(() => undefined);
  for (;;) {
    if (waiting.length === 0 && !state.isOver) await new Promise<void>((resolve) => (state.wake = resolve));
    if (!state.isOver) await nextTurn();
    if (waiting.length === 0) break;
    const group = waiting;
    waiting = [];
    yield group;
  }
  await reading;
}
