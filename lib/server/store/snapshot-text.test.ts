import { expect, it } from 'vitest';
import { CLUSTER, sampleRecords } from '../../../e2e/testing/capture-cluster';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { Store } from './store';
import { snapshotBytes, snapshotText } from './snapshot-text';

it('is of the time of the request, and other work continues while it is written', async () => {
  const store = new Store({ epoch: 'e1', clock: createFakeClock() });
  store.reset(sampleRecords(100, 30), CLUSTER);
  const whole = snapshotText(store);
  const bytes = snapshotBytes(store);
  store.reset(sampleRecords(1, 1), CLUSTER);
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  clearInterval(others);
  expect(Buffer.concat(parts).toString()).toBe(whole);
  expect(parts.length).toBeGreaterThan(10);
  expect(turns).toBeGreaterThan(0);
});
