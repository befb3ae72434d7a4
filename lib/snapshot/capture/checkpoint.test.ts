/** ipamd's checkpoint files in captures: which node they belong to, and what they prove (vpc-cni §2.4). */
import { describe, expect, it } from 'vitest';
import { nodeObject, podObject } from '../../../e2e/testing/objects';
import type { IpamdCheckpointFact } from '../../model/facts';
import { readCapture } from './read';

const INSTANCE = 'i-0123456789abcdef0';
const list = (...items: readonly unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items });
const other = nodeObject({
  metadata: { name: 'node-b', uid: 'b' },
  spec: { providerID: 'aws:///a/i-0bbbbbbbbbbbbbbbb' },
});
const podOn = (node: string, name: string, ip: string): unknown =>
  podObject({
    metadata: { name, namespace: 'shop', uid: name },
    spec: { nodeName: node },
    status: { phase: 'Running', podIPs: [{ ip }] },
  });
const file = (...ips: readonly string[]): object => ({
  version: 'vpc-cni-ipam/1',
  allocations: ips.map((ipv4) => ({
    networkName: 'aws-cni',
    containerID: 'c0ffee',
    ifName: 'eth0',
    ipv4,
    allocationTimestamp: 1788256805000000000,
    metadata: { k8sPodNamespace: 'shop', k8sPodName: 'web' },
  })),
});

function read(files: Readonly<Record<string, object>>) {
  const capture = readCapture(Object.entries(files).map(([path, value]) => ({ path, text: JSON.stringify(value) })));
  const facts = capture.batches.flatMap(({ observations }) =>
    observations.flatMap((one) =>
      one.op === 'replaceAll' && one.kind === 'ipamdCheckpoint' ? one.facts.map(([, fact]) => fact) : [],
    ),
  ) as unknown as readonly IpamdCheckpointFact[];
  const state = capture.batches
    .flatMap(({ observations }) => observations)
    .find((one) => one.op === 'status' && one.source.id === 'aws-node/enis');
  return { facts, problems: capture.problems, state: state?.op === 'status' ? state.source.state : null };
}

describe('a checkpoint is of', () => {
  const both = { 'nodes.json': list(nodeObject(), other) };
  const pods = { 'pods.json': list(podOn('node-a', 'a', '10.0.0.8'), podOn('node-b', 'b', '10.0.0.9')) };

  it.each<[string, Readonly<Record<string, object>>, string]>([
    ['the node that the file is named after', { ...both, 'node-a.ipam.json': file('10.0.0.8') }, 'node-a'],
    ['the node of its folder', { ...both, 'node-a/ipam.json': file('10.0.0.8') }, 'node-a'],
    [
      'the instance of its archive',
      { ...both, [`eks_${INSTANCE}_x.tar.gz/ipamd/ipam.json`]: file('10.0.0.8') },
      'node-a',
    ],
    ['the node whose pods have its addresses', { ...both, ...pods, 'ipam.json': file('10.0.0.9') }, 'node-b'],
    ['the only node', { 'nodes.json': list(nodeObject()), 'ipam.json': file('10.0.0.9') }, 'node-a'],
  ])('%s', (_what, files, node) => {
    const { facts, problems, state } = read(files);
    expect([facts.map((one) => one.node), problems, state]).toEqual([[node], [], 'live']);
    expect(JSON.stringify(facts)).not.toContain('c0ffee');
  });

  it('no node, without evidence', () => {
    expect(read({ ...both, 'ipam.json': file('10.0.0.9') }).problems).toEqual([
      'ipam.json: no node of the capture has this name or instance id, or pods with these addresses',
    ]);
  });
});

it('one file per card: merged into one checkpoint', () => {
  const { facts } = read({
    'nodes.json': list(nodeObject()),
    'node-a/ipam.json': file('10.0.0.8'),
    'node-a/ipam-nic-2.json': file('10.0.2.8'),
  });
  expect(facts).toHaveLength(1);
  expect(facts[0]?.cards.toSorted()).toEqual([0, 2]);
  expect(facts[0]?.assigned.map(({ ip }) => ip).toSorted()).toEqual(['10.0.0.8', '10.0.2.8']);
});
