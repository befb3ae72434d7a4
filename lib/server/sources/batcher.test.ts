import { describe, expect, it } from 'vitest';
import { createManualTimers } from '../../../e2e/testing/servers/manual-timers';
import { createRecorder } from '../../../e2e/testing/servers/recorder';
import type { Batch, Observation } from '../../model/observation';
import { createBatcher } from './batcher';

const put = (key: string): Observation =>
  ({ op: 'upsert', kind: 'pod', scope: 'kubernetes/pods', key, fact: { uid: key } }) as unknown as Observation;

function start() {
  const timers = createManualTimers();
  const batches: Batch[] = [];
  const busy: (() => void)[] = [];
  const batcher = createBatcher(createRecorder().context(timers.now), timers, 50, (batch, applied) => {
    batches.push(batch);
    busy.push(applied ?? (() => undefined));
  });
  return { timers, batches, busy, batcher };
}

describe('a batcher with a busy receiver', () => {
  it('sends what has accumulated as one batch once the receiver is done with the previous one', async () => {
    const { timers, batches, busy, batcher } = start();
    batcher.add(put('a'));
    await timers.fire('gather');
    for (let n = 0; n < 20_000; n++) batcher.add(put(`p${n % 10}`));
    expect(timers.labels).not.toContain('gather');
    expect(batches).toHaveLength(1);
    busy[0]?.();
    await timers.fire('gather');
    expect(batches[1]?.observations).toHaveLength(10);
  });

  it('blocks senders until the receiver is done or the batcher is closed', async () => {
    const { busy, batcher } = start();
    const done: string[] = [];
    const send = async (key: string): Promise<void> => {
      await batcher.deliver([put(key)]);
      done.push(key);
    };
    const first = send('a');
    const second = send('b');
    await Promise.resolve();
    expect(done).toEqual([]);
    busy[0]?.();
    await first;
    expect(done).toEqual(['a']);
    batcher.close();
    await second;
  });
});
