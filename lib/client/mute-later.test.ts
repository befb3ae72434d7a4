import { expect, test } from 'vitest';
import { aFinding, aNode, recordMaps } from '../../e2e/testing/records';
import { createReplica } from '../records/replica';
import { DEFAULTS } from '../view/page-state';
import { ClientStore } from './client-store';
import { muteLater } from './mute-later';

test('if the code for muting cannot be loaded, the next change loads it again', async () => {
  const replica = createReplica();
  const findings = [aFinding('max-pods-too-high', 'warning', ['node:a'])];
  replica.reset(recordMaps({ nodes: [aNode('a')], findings }), replica.cluster);
  const store = new ClientStore();
  store.reset({ replica, epoch: 'e', version: 1, rest: Promise.resolve() } as never);
  const muted = ['max-pods-too-high=known'];
  const location = { getState: () => ({ ...DEFAULTS, muted }), subscribe: () => () => undefined };
  const loads: Promise<unknown>[] = [];
  muteLater(store, location, () => {
    const load = loads.length === 0 ? Promise.reject(new Error('offline')) : import('./muting');
    loads.push(load);
    return load;
  });
  await Promise.allSettled(loads);
  expect(store.getState().replica.records.findings.size).toBe(1);
  store.touch();
  await Promise.all(loads.slice(1));
  expect(store.getState().replica.records.findings.size).toBe(0);
  expect(loads.length).toBe(2);
});
