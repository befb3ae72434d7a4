import { expect, it } from 'vitest';
import { MultiMap } from './multi-map';

it('append has the same result as add, and drops consecutive duplicates', () => {
  const [added, appended] = [new MultiMap(), new MultiMap()];
  for (let index = 0; index < 200; index++) {
    for (const key of [`k${index % 3}`, 'all', 'all']) {
      added.add(key, `id${index}`);
      appended.append(key, `id${index}`);
    }
  }
  for (const key of ['all', 'k0', 'k1', 'k2']) expect([...appended.idsOf(key)]).toEqual([...added.idsOf(key)]);
  appended.remove('all', 'id7');
  expect([appended.hasId('all', 'id7'), [...appended.idsOf('all')].length]).toEqual([false, 199]);
});
