import { describe, expect, test } from 'vitest';
import type { EniRecord, InterfaceRecord, Pool } from '../model/records';
import {
  backing,
  headroomSentence,
  managementSentence,
  nextSentence,
  noPoolSentence,
  poolArithmetic,
  targetSentence,
  withoutNode,
} from './sentences';

const pool: Pool = {
  card: 0,
  total: 46,
  assigned: 34,
  available: 12,
  cooling: 3,
  warm: 9,
  target: 12,
  short: 0,
  over: 0,
  low: false,
  high: false,
  next: { action: 'none', count: null, reason: 'the target is met', blockedBy: null },
  certainty: 'observed',
};

describe('pool arithmetic', () => {
  test.each<[Partial<Pool>, string | null]>([
    [{}, '46 = 34 assigned + 9 warm + 3 cooling'],
    [{ cooling: null, warm: null }, '46 = 34 assigned + 12 free (how many of them are cooling is not known)'],
    [{ assigned: null, available: null, warm: null }, '46 in all; how many are assigned is not known'],
    [{ total: null }, null],
  ])('%o', (change, words) => {
    expect(poolArithmetic({ ...pool, ...change })).toBe(words);
  });

  test.each<[Partial<Pool>, string]>([
    [{}, '12 addresses must be free (cooling counts); 12 are free, enough.'],
    [{ low: true, short: 4, available: 8 }, '12 addresses must be free (cooling counts); 8 are free, 4 short.'],
    [
      { high: true, over: 2, available: 14 },
      '12 addresses must be free (cooling counts); 14 are free, 2 more than asked for.',
    ],
    [{ target: null }, 'Target not known.'],
    [
      { target: 1, available: null, low: null },
      '1 address must be free (cooling counts); how many are free is not known.',
    ],
  ])('target of %o', (change, words) => {
    expect(targetSentence({ ...pool, ...change })).toBe(words);
  });

  test.each<[Pool['next'], string]>([
    [null, 'What the VPC CNI does next is not known.'],
    [pool.next, 'Nothing to do: the target is met.'],
    [
      { action: 'add-addresses', count: 1, reason: 'below WARM_IP_TARGET.', blockedBy: 'the node is cordoned' },
      'Add 1 address to an attached ENI: below WARM_IP_TARGET. Blocked: the node is cordoned.',
    ],
    [
      { action: 'attach-eni', count: null, reason: 'attached ENIs are full', blockedBy: null },
      'Attach another ENI: attached ENIs are full.',
    ],
    [
      { action: 'none', count: 0, reason: 'below target (WARM_ENI_TARGET=1)', blockedBy: 'every slot is taken' },
      'Nothing can be done: below target (WARM_ENI_TARGET=1). Blocked: every slot is taken.',
    ],
  ])('next %o', (next, words) => {
    expect(nextSentence({ ...pool, next })).toBe(words);
  });
});

test.each<[number | null, string]>([
  [null, 'How many more pods fit is not known.'],
  [0, 'No more pods: address slots stop it.'],
  [1, '1 more pod gets an address; then address slots stop it.'],
  [7, '7 more pods get an address; then address slots stop it.'],
])('headroom of %s', (pods, words) => {
  const node = { headroom: { pods, limitedBy: 'slots' } } as Parameters<typeof headroomSentence>[0];
  expect(headroomSentence(node)).toBe(words);
});

test('where another plugin hands out the addresses, max pods is all that is known of the room', () => {
  const node = { headroom: { pods: 105, limitedBy: 'max-pods' }, cni: null, pools: [] } as unknown;
  expect(headroomSentence(node as Parameters<typeof headroomSentence>[0])).toBe(
    'The node’s own max pods leaves room for 105 more pods; whether they get an address is not known.',
  );
});

describe('what EC2 confirms', () => {
  const record = (change: Partial<InterfaceRecord>): InterfaceRecord =>
    ({ network: 'net:core/ipvlan-n6', mac: '02:00:00:00:00:01', addresses: [], ...change }) as InterfaceRecord;
  const address = (backed: InterfaceRecord['addresses'][number]['backed']): InterfaceRecord['addresses'][number] => ({
    ip: '10.0.0.4',
    family: 4,
    backed,
    eni: null,
  });

  test.each<[string, Partial<InterfaceRecord>, string | null, ReturnType<typeof backing>]>([
    ['address and MAC', { addresses: [address('eni')] }, '02:00:00:00:00:01', { address: 'yes', mac: 'yes' }],
    ['a MAC of its own', { addresses: [address('eni')] }, '02:00:00:00:00:02', { address: 'yes', mac: 'no' }],
    ['nobody', { addresses: [address('none')] }, null, { address: 'no', mac: 'unknown' }],
    ['half of dual stack', { addresses: [address('eni'), address('none')] }, null, { address: 'no', mac: 'unknown' }],
    ['not asked yet', { addresses: [address('unknown')] }, null, { address: 'unknown', mac: 'unknown' }],
    ['no address', {}, null, { address: 'unknown', mac: 'unknown' }],
    [
      'eth0, whose MAC is the veth’s',
      { network: 'cluster', addresses: [address('eni')] },
      'x',
      { address: 'yes', mac: 'not-applicable' },
    ],
  ])('%s', (_, change, eniMac, verdict) => {
    expect(backing(record(change), eniMac)).toEqual(verdict);
  });
});

test.each<[string, object]>([
  ['In IPv6 mode one /80 prefix per ENI never runs out; there is no warm pool.', { cni: { mode: 'ipv6' } }],
  ['On Fargate each pod has an ENI of its own; there is no warm pool.', { computeType: 'fargate' }],
  ['EKS Auto Mode keeps a pool that no API shows: it is not known.', { computeType: 'auto' }],
  ['The node is no EC2 instance: the VPC CNI hands out nothing here.', { computeType: 'hybrid' }],
  ['The node is no EC2 instance: the VPC CNI hands out nothing here.', { computeType: 'other' }],
  ['On Windows the VPC resource controller hands out addresses: its pool is not known.', { os: 'windows' }],
  ['Not known: no VPC CNI is seen on this node, or EC2 is not readable.', {}],
])('no pool: %s', (words, change) => {
  const node = { cni: null, computeType: 'ec2', os: 'linux', ...change } as unknown;
  expect(noPoolSentence(node as Parameters<typeof noPoolSentence>[0])).toBe(words);
});

test.each<[string, object]>([
  ['attached to nothing', { status: 'available', instanceId: null }],
  ['on i-1, no node of this cluster', { status: 'in-use', instanceId: 'i-1' }],
  ['on no node of this cluster', { status: 'in-use', instanceId: null }],
])('an ENI without a node of ours is %s', (words, eni) => {
  expect(withoutNode(eni as Parameters<typeof withoutNode>[0])).toBe(words);
});

test.each<[string | null, string]>([
  ['i-0bb', 'It is attached to i-0bb, which is no node of this cluster.'],
  [null, 'It is attached to nothing, so no node’s VPC CNI looks at it.'],
])('an unattached ENI of instance %s', (instanceId, words) => {
  const eni = {
    instanceId,
    management: { state: 'outside', rule: 'unattached', certainty: 'observed', observed: null },
  } as EniRecord;
  expect(managementSentence(eni)).toBe(words);
});
