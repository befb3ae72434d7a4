import { expect, test } from 'vitest';
import { loadedOnce } from './loaded-once';

test('loads once, and again after a failure', async () => {
  let loads = 0;
  const load = loadedOnce(() => {
    loads += 1;
    return loads === 1 ? Promise.reject(new Error('offline')) : Promise.resolve(loads);
  });
  await expect(load()).rejects.toThrow('offline');
  expect(await load()).toBe(2);
  expect(await load()).toBe(2);
});
