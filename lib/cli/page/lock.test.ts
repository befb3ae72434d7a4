import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withLock } from './lock';

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-lock-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string): string => path.join(folder, name);

it('allows one holder at a time, and reports waiting once', async () => {
  const events: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const entered = Promise.withResolvers<undefined>();
  const waits = Promise.withResolvers<undefined>();
  const one = withLock(
    file('one'),
    () => events.push('one waits'),
    async () => {
      entered.resolve(undefined);
      await first.promise;
      events.push('one is done');
    },
  );
  await entered.promise;
  const two = withLock(
    file('one'),
    () => {
      events.push('two waits');
      waits.resolve(undefined);
    },
    () => Promise.resolve(events.push('two is done')),
  );
  await waits.promise;
  first.resolve(undefined);
  await Promise.all([one, two]);
  expect(events).toEqual(['two waits', 'one is done', 'two is done']);
  expect(existsSync(file('one'))).toBe(false);
});

it('is released after work that failed', async () => {
  const failing = withLock(
    file('two'),
    () => undefined,
    () => Promise.reject(new Error('no')),
  );
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(file('two'))).toBe(false);
});

it('takes over from a process that has died', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(file('three'), String(pid));
  await expect(
    withLock(
      file('three'),
      () => undefined,
      () => Promise.resolve('done'),
    ),
  ).resolves.toBe('done');
});

it.each([
  ['whose process ID is now used by another process', String(process.pid), 11 * 60],
  ['that ended before it wrote its process ID', '', 11],
])('takes over from a process %s', async (_, content, seconds) => {
  writeFileSync(file('five'), content);
  const then = Date.now() / 1000 - seconds;
  utimesSync(file('five'), then, then);
  await expect(
    withLock(
      file('five'),
      () => undefined,
      () => Promise.resolve('done'),
    ),
  ).resolves.toBe('done');
});

it('does nothing if the lock file cannot be written', async () => {
  const nowhere = path.join(folder, 'missing', 'four');
  await expect(
    withLock(
      nowhere,
      () => undefined,
      () => Promise.resolve('done'),
    ),
  ).resolves.toBe('done');
});
