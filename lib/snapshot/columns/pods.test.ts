import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aPod } from '../../../e2e/testing/records';
import type { PodRecord } from '../../model/records';
import { rememberingParser } from './alike';
import { NodeList } from './nodes';
import { packPod, PODS_ALIKE, unpackPod } from './pods';

const NODES = new NodeList([]);

function packed(pod: PodRecord): string {
  return PODS_ALIKE.pack(packPod(pod, NODES)).like;
}

const labelled = (name: string, owner: string, labels: PodRecord['labels']): PodRecord =>
  aPod('shop', name, { uid: '', labels, owner: { kind: 'ReplicaSet', name: owner } });

it('labels that repeat the names of the workload become one text for all workloads', () => {
  const of = (app: string): string =>
    packed(labelled(`${app}-5d8c7-x`, `${app}-5d8c7`, { app, 'app.kubernetes.io/name': app })).replaceAll(app, '');
  expect(of('checkout')).toBe(of('billing'));
  expect(packed(labelled('checkout-5d8c7-x', 'checkout-5d8c7', { app: 'checkout' })).split('checkout')).toHaveLength(2);
});

it('pods of a workload share one labels object', () => {
  const parse = rememberingParser();
  const [one, other] = ['web-5d8c7-a', 'web-5d8c7-b'].map((name) => {
    const row = PODS_ALIKE.pack(packPod(labelled(name, 'web-5d8c7', { app: 'web' }), NODES));
    return unpackPod(PODS_ALIKE.unpack(row, parse), NODES);
  });
  expect(one?.labels).toEqual({ app: 'web' });
  expect(one?.labels).toBe(other?.labels);
});

it('any labels are restored unchanged, in their order', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('checkout', 'checkout-5d8c7', 'shop', '\uE0000;', '\uE000!', '__proto__', '"', ''),
  );
  fc.assert(
    fc.property(fc.option(fc.array(fc.tuple(hostile, hostile)), { nil: null }), (entries) => {
      const labels = entries === null ? null : (Object.fromEntries(entries) as Record<string, string>);
      const pod = labelled('checkout-5d8c7-x', 'checkout-5d8c7', labels);
      const row = PODS_ALIKE.unpack(PODS_ALIKE.pack(packPod(pod, NODES)), rememberingParser());
      const back = unpackPod(row, NODES);
      expect(back).toEqual(pod);
      expect(Object.keys(back.labels ?? {})).toEqual(Object.keys(labels ?? {}));
    }),
    { seed: 20261129, numRuns: 500 },
  );
});
