/** Links of the cluster network while EC2's response is older than the pod, incomplete or missing. */
import { describe, expect, it } from 'vitest';
import type { PodEniEntry, PodFact } from '../../model/facts';
import type { Observation } from '../../model/observation';
import {
  AT,
  awsNode,
  batch,
  cniNode,
  engineOf,
  eni,
  get,
  node,
  ownEni,
  pod,
  status,
  upsert,
} from '../../../e2e/testing/facts';

const PRIMARY = ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5', '10.0.0.6'] });
const BASE: readonly Observation[] = [upsert('node', node()), upsert('pod', awsNode()), upsert('eni', PRIMARY)];
const ETH0 = 'if:default/a/eth0';

const asked = (at: number) => status('ec2/network-interfaces', 'live', at);

// Nothing is concluded until the slower source has been read after the faster one's fact.
describe('EC2 was read before', () => {
  const windows = upsert('node', node('n1', { os: 'windows' }));
  const fargate = upsert('node', node('n1', { computeType: 'fargate', instanceId: null, providerId: null }));
  const auto = upsert('node', node('n1', { computeType: 'auto' }));
  const entry: PodEniEntry = { eniId: 'eni-b', mac: null, privateIp: '10.0.0.99', ipv6: null, vlanId: 1 };
  const empty = upsert('eni', eni('eni-b', { instanceId: null, interfaceType: 'branch', primaryIp: '10.0.0.98' }));
  it.each<[what: string, given: readonly Observation[], more: Partial<PodFact>]>([
    ['secondary addresses and prefixes', BASE, { ips: ['10.0.0.99'] }],
    ['IPv6', BASE, { ips: ['2001:db8::99'] }],
    ['both families', BASE, { ips: ['10.0.0.5', '2001:db8::99'] }],
    ['a branch ENI that is not listed', BASE, { ips: ['10.0.0.99'], podEni: [entry] }],
    ['a branch ENI that has another address', [...BASE, empty], { ips: ['10.0.0.99'], podEni: [entry] }],
    ['Windows', [windows, upsert('eni', PRIMARY)], { ips: ['10.0.0.99'], windowsIp: '10.0.0.99' }],
    ['Fargate', [fargate], { ips: ['10.0.0.99'] }],
    ['Auto Mode', [auto, upsert('eni', PRIMARY)], { ips: ['10.0.0.99'] }],
    [
      'an address on another node',
      [...BASE, upsert('eni', eni('eni-9', { instanceId: 'i-9', secondaryIps: ['10.0.0.99'] }))],
      { ips: ['10.0.0.99'] },
    ],
  ])('the pod had its address: %s', (_what, given, more) => {
    const engine = engineOf(given);
    const last = () => get(engine, 'interfaces', ETH0).addresses.at(-1)?.backed;
    engine.apply(batch([upsert('pod', pod('a', more))], AT + 5000));
    expect(last()).toBe('unknown');
    expect(get(engine, 'interfaces', ETH0).link.evidence).not.toMatch(/does not list|lists it on no/);
    engine.apply(batch([asked(AT + 4999)], AT + 6000));
    expect(last()).toBe('unknown');
    engine.apply(batch([asked(AT + 5000)], AT + 7000));
    expect(last()).toMatch(/none|other-node/);
  });

  it.each<[what: string, before: Observation, after: Observation]>([
    [
      'the node joined',
      upsert('node', node('n2', { instanceId: 'i-2' })),
      upsert('node', node('n1', { instanceId: 'i-0bbbbbbbbbbbbbbbb' })),
    ],
    [
      'the node got another instance with the same name',
      upsert('node', node('n1')),
      upsert('node', node('n1', { instanceId: 'i-0bbbbbbbbbbbbbbbb' })),
    ],
    [
      'the Fargate node reported its address',
      upsert('node', node('n1', { computeType: 'fargate', instanceId: null })),
      upsert('node', node('n1', { computeType: 'fargate', instanceId: null, internalIps: ['10.0.0.99'] })),
    ],
  ])('%s', (_what, before, after) => {
    const agent = upsert('pod', awsNode());
    const own = upsert('eni', ownEni('eni-own', { instanceId: 'i-0bbbbbbbbbbbbbbbb' }));
    const engine = engineOf([before, agent, own, upsert('pod', pod('a', { ips: ['10.0.0.99'] }))]);
    const backed = () => get(engine, 'interfaces', ETH0).addresses[0]?.backed;
    engine.apply(batch([after], AT + 5000));
    expect(backed()).toBe('unknown');
    engine.apply(batch([asked(AT + 4999)], AT + 6000));
    expect(backed()).toBe('unknown');
    engine.apply(batch([asked(AT + 5000)], AT + 7000));
    expect(backed()).toBe('none');
  });

  it('and lists no ENI of the node, not even the primary one: nothing is concluded from that', () => {
    const base = [upsert('node', node()), upsert('pod', awsNode()), upsert('pod', pod('a', { ips: ['10.0.0.99'] }))];
    const engine = engineOf(base);
    expect(get(engine, 'interfaces', ETH0)).toMatchObject({
      addresses: [{ backed: 'unknown' }],
      link: { rule: 'none' },
    });
    expect(get(engine, 'nodes', 'node:n1')).toMatchObject({
      eniSlots: { used: null, free: null },
      pools: [{ total: null, low: null, certainty: 'unknown' }],
      headroom: { pods: null, limitedBy: 'unknown' },
    });
    engine.apply(batch([upsert('eni', ownEni('eni-own', { primaryIp: '10.0.0.4' }))], AT));
    expect(get(engine, 'interfaces', ETH0).addresses[0]?.backed).toBe('none');
    expect(get(engine, 'nodes', 'node:n1')).toMatchObject({ eniSlots: { used: 1 }, pools: [{ total: 0, low: true }] });
  });

  it('ignores a CNINode that refers to the previous instance', () => {
    const OLD = 'i-0cccccccccccccccc';
    const engine = engineOf([
      upsert('cniNode', cniNode('n1', { instanceId: OLD })),
      upsert('eni', eni('eni-old', { instanceId: OLD, secondaryIps: ['10.0.0.77'] })),
      upsert('pod', pod('a', { ips: ['10.0.0.77'] })),
      upsert('pod', awsNode()),
    ]);
    expect(get(engine, 'enis', 'eni-old').node).toBe('node:n1');
    expect(get(engine, 'interfaces', ETH0).addresses[0]?.backed).toBe('eni');
    engine.apply(batch([upsert('node', node()), asked(AT + 1)], AT + 1));
    expect(get(engine, 'enis', 'eni-old').node).toBeNull();
    expect(get(engine, 'interfaces', ETH0).addresses[0]?.backed).toBe('other-node');
  });
});

// The kubelet came back under another name, and the object of the first one stays.
it.each([
  ['the Ready one has the ENIs', { ready: true }, { ready: false, createdAt: '2026-08-31T12:00:00Z' }, 'n1'],
  ['if none is Ready, the youngest', { ready: null }, { ready: null, createdAt: '2999-08-31T12:00:00Z' }, 'n0'],
])('of two nodes with the same instance, %s', (_what, one, other, owner) => {
  const engine = engineOf([...BASE, upsert('node', node('n1', one)), upsert('node', node('n0', other))]);
  expect(get(engine, 'enis', 'eni-0').node).toBe(`node:${owner}`);
});

// The first poll shows its pages as they arrive.
it('links the known ENIs of a partly read node, and concludes nothing about the others', () => {
  const pods = [
    upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
    upsert('pod', pod('b', { uid: 'uid-b', ips: ['10.0.0.99'] })),
  ];
  const engine = engineOf([status('ec2/network-interfaces', 'starting', null), ...BASE, ...pods]);
  const backed = (name: string) => get(engine, 'interfaces', `if:default/${name}/eth0`).addresses[0]?.backed;
  expect([backed('a'), backed('b')]).toEqual(['eni', 'unknown']);
  expect(get(engine, 'nodes', 'node:n1')).toMatchObject({ eniSlots: { used: null, free: null } });
  // The missing page fails, so the response is still incomplete.
  engine.apply(batch([status('ec2/network-interfaces', 'stale', null)], AT + 1000));
  expect([backed('a'), backed('b')]).toEqual(['eni', 'unknown']);
  expect(get(engine, 'nodes', 'node:n1')).toMatchObject({ eniSlots: { used: null, free: null } });
  engine.apply(batch([asked(AT + 5000)], AT + 6000));
  expect([backed('a'), backed('b')]).toEqual(['eni', 'none']);
  expect(get(engine, 'nodes', 'node:n1')).toMatchObject({ eniSlots: { used: 1 } });
});
