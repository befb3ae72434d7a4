import { expect, it } from 'vitest';
import { batch, nodeUpsert } from '../../../e2e/testing/servers/store';
import { createEngine } from '../../topology/engine';
import { Store } from '../store/store';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { InstancesToAsk } from './instances-to-ask';

it('names the instance of a node whose ENIs are not known once', () => {
  const store = new Store({ epoch: 'e', engine: createEngine(), findings: null, clock: createFakeClock() });
  const instances = new InstancesToAsk(store.replica);
  const change = (labels: Readonly<Record<string, string>>): string[] => {
    const next = batch(nodeUpsert('a', { instanceId: 'i-1', labels }));
    store.apply(next);
    return [...instances.after(next)];
  };
  expect(change({})).toEqual(['i-1']);
  expect(change({ changed: 'yes' })).toEqual([]);
});

it('names nothing for a node that is not an instance', () => {
  const store = new Store({ epoch: 'e', engine: createEngine(), findings: null, clock: createFakeClock() });
  const next = batch(nodeUpsert('a'));
  store.apply(next);
  expect(new InstancesToAsk(store.replica).after(next)).toEqual(new Set());
});
