import { expect, it } from 'vitest';
import { batch, nodeUpsert } from '../../../e2e/testing/servers/store';
import { createPair } from '../../../e2e/testing/servers/pair';
import { createFakeClock } from '../../../e2e/testing/servers/fake-clock';
import {
  allLive,
  AT,
  awsNode,
  batch as factBatch,
  node,
  ownEni,
  pod,
  replaceAll,
  status,
  upsert,
} from '../../../e2e/testing/facts';
import type { Observation } from '../../model/observation';
import { InstancesToDescribe } from './instances-to-describe';

it('names the instance of a node with unknown ENIs once', () => {
  const { collector } = createPair(createFakeClock());
  const instances = new InstancesToDescribe(collector.replica);
  const change = (labels: Readonly<Record<string, string>>): string[] => {
    const next = batch(nodeUpsert('a', { instanceId: 'i-1', labels }));
    collector.apply(next);
    return [...instances.after(next)];
  };
  expect(change({})).toEqual(['i-1']);
  expect(change({ changed: 'yes' })).toEqual([]);
});

it('names no instance for a node that is not an instance', () => {
  const { collector } = createPair(createFakeClock());
  const next = batch(nodeUpsert('a'));
  collector.apply(next);
  expect(new InstancesToDescribe(collector.replica).after(next)).toEqual(new Set());
});

it('names the instance of an address without an ENI again if an ENI had it meanwhile', () => {
  const { collector } = createPair(createFakeClock());
  const instances = new InstancesToDescribe(collector.replica);
  const change = (observations: readonly Observation[], at: number): string[] => {
    const next = factBatch(observations, at);
    collector.apply(next);
    return [...instances.after(next)];
  };
  const listed = (secondaryIps: readonly string[]): readonly Observation[] => [
    replaceAll('eni', [ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps })]),
  ];
  const asked = (at: number) => status('ec2/network-interfaces', 'live', at);
  const web = upsert('pod', pod('web', { ips: ['10.0.0.5'] }));
  expect(change([...allLive(), upsert('node', node()), upsert('pod', awsNode()), ...listed([])], AT)).toEqual([]);
  // EC2 was read before the pod was seen.
  expect(change([web], AT + 1000)).toHaveLength(1);
  expect(change([web], AT + 2000)).toEqual([]);
  expect(change([...listed(['10.0.0.5']), asked(AT + 3000)], AT + 3000)).toEqual([]);
  // The pod's new address is newer than EC2's answer.
  expect(change([upsert('pod', pod('web', { ips: ['10.0.0.6'] }))], AT + 4000)).toHaveLength(1);
});
