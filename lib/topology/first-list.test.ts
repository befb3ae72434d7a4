/** While the first list of pods runs, a node is derived when it appears, at most every ten seconds, and at the end. */
import { expect, it } from 'vitest';
import { signalId } from '../model/ids';
import { PODS } from '../model/source-ids';
import { Engine } from './engine';
import { allLive, AT, awsNode, batch, get, node, ownEni, pod, status, upsert } from '../../e2e/testing/facts';

const WAIT = 10_000;
const IPS = ['10.0.0.5', '10.0.0.6', '10.0.0.7'];

const listing = (): Engine => {
  const engine = new Engine();
  engine.apply(
    batch([
      ...allLive(),
      status(PODS, 'starting', null),
      upsert('node', node()),
      upsert('eni', ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: IPS })),
      upsert('pod', awsNode()),
    ]),
  );
  return engine;
};

const states = (engine: Engine): readonly string[] =>
  get(engine, 'enis', 'eni-1')
    .addresses.slice(1)
    .map(({ state }) => state);

const one = (name: string, ip: string) => upsert('pod', pod(name, { ips: [ip] }));

it('shows listed pods at once, and the slots of their node as unknown or assigned, never as free', () => {
  const engine = listing();
  expect(states(engine)).toEqual(['unknown', 'unknown', 'unknown']);
  engine.apply(batch([one('a', '10.0.0.5')], AT + 1000));
  expect(get(engine, 'interfaces', 'if:default/a/eth0').eni).toBe('eni-1');
  engine.apply(batch([one('b', '10.0.0.6')], AT + 5000));
  expect(states(engine)).toEqual(['unknown', 'unknown', 'unknown']);
  expect(engine.tick(AT + 1000 + WAIT - 1)).toBeNull();
  engine.tick(AT + 1000 + WAIT);
  expect(states(engine)).toEqual(['assigned', 'assigned', 'unknown']);
  expect(engine.nextTickAt).toBeNull();
  engine.apply(batch([one('c', '10.0.0.7')], AT + 12_000));
  expect(states(engine)).toEqual(['assigned', 'assigned', 'unknown']);
  engine.apply(batch([status(PODS, 'live', AT + 13_000)], AT + 13_000));
  expect(states(engine)).toEqual(['assigned', 'assigned', 'assigned']);
  expect(engine.nextTickAt).toBeNull();
});

it('shows a node at once that only its pods name', () => {
  const engine = listing();
  engine.apply(batch([upsert('pod', pod('a', { node: 'n2' }))], AT + 1000));
  expect(get(engine, 'nodes', 'node:n2').podCount).toBeNull();
});

it.each(['live', 'denied'] as const)('derives everything that is pending once pods are %s', (state) => {
  const engine = listing();
  const needing = pod('needing', { podIdentity: true });
  engine.apply(batch([upsert('pod', needing)], AT + 1000));
  engine.apply(batch([status(PODS, state, state === 'live' ? AT + 2000 : null)], AT + 2000));
  expect(engine.replica.records.signals.has(signalId('node:n1', 'pod-identity'))).toBe(true);
});

it('does not delay changes after the list', () => {
  const engine = listing();
  engine.apply(batch([status(PODS, 'live', AT + 1000)], AT + 1000));
  expect(states(engine)).toEqual(['warm', 'warm', 'warm']);
  engine.apply(batch([one('a', '10.0.0.5')], AT + 2000));
  expect(states(engine)).toEqual(['assigned', 'warm', 'warm']);
});
