import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { gathered } from './gathered';

/** Yields the groups, one per turn of the event loop, and then throws if `failure` is given. */
async function* source(groups: readonly (readonly number[])[], failure?: Error): AsyncGenerator<number> {
  for (const group of groups) {
    yield* group;
    await setImmediate();
    await setImmediate();
  }
  if (failure !== undefined) throw failure;
}

const turn = (): Promise<void> => setImmediate();

async function groupsOf(items: AsyncIterable<number>): Promise<(readonly number[])[]> {
  const groups: (readonly number[])[] = [];
  for await (const group of gathered(items, turn)) groups.push(group);
  return groups;
}

test('what arrives at once is one group', async () => {
  expect(await groupsOf(source([[1, 2, 3], [4], [5, 6]]))).toEqual([[1, 2, 3], [4], [5, 6]]);
});

test('what arrives while the reader is busy is one group', async () => {
  const groups: (readonly number[])[] = [];
  for await (const group of gathered(source([[1], [2], [3, 4], [5]]), turn)) {
    groups.push(group);
    if (groups.length === 1) for (let i = 0; i < 20; i++) await setImmediate();
  }
  expect(groups).toEqual([[1], [2, 3, 4, 5]]);
});

test('an empty source gives no group', async () => {
  expect(await groupsOf(source([]))).toEqual([]);
});

test('a failure is thrown after what arrived before it', async () => {
  const groups: (readonly number[])[] = [];
  const reading = (async () => {
    for await (const group of gathered(source([[1], [2, 3]], new Error('cut')), turn)) groups.push(group);
  })();
  await expect(reading).rejects.toThrow('cut');
  expect(groups).toEqual([[1], [2, 3]]);
});
