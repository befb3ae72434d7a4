import { expect, it } from 'vitest';
import { batch, nodeUpsert } from '../../../e2e/testing/servers/store';
import { createPair } from '../../../e2e/testing/servers/pair';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import { InstancesToAsk } from './instances-to-ask';

it('names the instance of a node whose ENIs are not known once', () => {
  const { collector } = createPair(createFakeClock());
  const instances = new InstancesToAsk(collector.replica);
  const change = (labels: Readonly<Record<string, string>>): string[] => {
    const next = batch(nodeUpsert('a', { instanceId: 'i-1', labels }));
    collector.apply(next);
    return [...instances.after(next)];
  };
  expect(change({})).toEqual(['i-1']);
  expect(change({ changed: 'yes' })).toEqual([]);
});

it('names nothing for a node that is not an instance', () => {
  const { collector } = createPair(createFakeClock());
  const next = batch(nodeUpsert('a'));
  collector.apply(next);
  expect(new InstancesToAsk(collector.replica).after(next)).toEqual(new Set());
});
