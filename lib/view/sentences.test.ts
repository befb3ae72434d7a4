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
  coolingKnownAt: null,
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
  test.each<[Partial<Pool>, number | null, string | null]>([
    [{}, 30, '46 = 34 assigned + 9 warm + 3 cooling'],
    [
      { cooling: null, warm: null },
      30,
      '46 = 34 assigned + 12 free (cooling not known until pods have been watched for a cooldown, 30 s)',
    ],
    [
      { cooling: null, warm: null, coolingKnownAt: '2026-09-01T10:00:12Z' },
      30,
      '46 = 34 assigned + 12 free (cooling not known until pods have been watched for a cooldown, 30 s: 12 s left)',
    ],
    [
      { cooling: null, warm: null, coolingKnownAt: '2026-09-01T09:59:59Z' },
      30,
      '46 = 34 assigned + 12 free (cooling not known until pods have been watched for a cooldown, 30 s: as soon as pods are read again)',
    ],
    [{ cooling: null, warm: null }, null, '46 = 34 assigned + 12 free (cooling not known, nor the cooldown)'],
    [{ assigned: null, available: null, warm: null }, 30, '46 in total; assigned not known'],
    [{ total: null }, 30, null],
  ])('%o', (change, cooldownSeconds, words) => {
    expect(poolArithmetic({ ...pool, ...change }, cooldownSeconds, Date.parse('2026-09-01T10:00:00Z'))).toBe(words);
  });

  test.each<[Partial<Pool>, string]>([
    [{}, '12 addresses must be free, cooling included; 12 are free, enough.'],
    [{ low: true, short: 4, available: 8 }, '12 addresses must be free, cooling included; 8 are free, 4 short.'],
    [
      { low: true, short: 0, target: 5, available: 1 },
      '5 addresses must be free, cooling included; 1 is free, below the target.',
    ],
    [
      { high: true, over: 2, available: 14 },
      '12 addresses must be free, cooling included; 14 are free, 2 more than needed.',
    ],
    [{ target: null }, 'Target not known.'],
    [
      { target: 1, available: null, low: null },
      '1 address must be free, cooling included; the number free is not known.',
    ],
  ])('target of %o', (change, words) => {
    expect(targetSentence({ ...pool, ...change })).toBe(words);
  });

  test.each<[Pool['next'], string]>([
    [null, 'The next action of the VPC CNI is not known.'],
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
      'Nothing possible: below target (WARM_ENI_TARGET=1). Blocked: every slot is taken.',
    ],
  ])('next %o', (next, words) => {
    expect(nextSentence({ ...pool, next })).toBe(words);
  });
});

test.each<[number | null, string]>([
  [null, 'How many more pods fit is not known.'],
  [0, 'No more pods fit: limited by address slots.'],
  [1, 'Room for 1 more pod, limited by address slots.'],
  [7, 'Room for 7 more pods, limited by address slots.'],
])('headroom of %s', (pods, words) => {
  const node = { headroom: { pods, limitedBy: 'slots' } } as Parameters<typeof headroomSentence>[0];
  expect(headroomSentence(node)).toBe(words);
});

test('headroom of a cordoned node is not available to new pods', () => {
  const node = { headroom: { pods: 7, limitedBy: 'slots' }, unschedulable: true } as Parameters<
    typeof headroomSentence
  >[0];
  expect(headroomSentence(node)).toBe(
    'Room for 7 more pods, limited by address slots. The node is cordoned: no new pod is scheduled to it.',
  );
});

test('only max pods is known if another plugin assigns the addresses', () => {
  const node = { headroom: { pods: 105, limitedBy: 'max-pods' }, cni: null, pools: [] } as unknown;
  expect(headroomSentence(node as Parameters<typeof headroomSentence>[0])).toBe(
    'Max pods leaves room for 105 more pods; whether they get an address is not known.',
  );
});

describe('confirmation by EC2', () => {
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
    ['a MAC unrelated to the ENI', { addresses: [address('eni')] }, '02:00:00:00:00:02', { address: 'yes', mac: 'no' }],
    ['nobody', { addresses: [address('none')] }, null, { address: 'no', mac: 'unknown' }],
    ['half of dual stack', { addresses: [address('eni'), address('none')] }, null, { address: 'no', mac: 'unknown' }],
    ['not read yet', { addresses: [address('unknown')] }, null, { address: 'unknown', mac: 'unknown' }],
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
  ['In IPv6 mode each ENI has a /80 prefix, which never runs out; there is no warm pool.', { cni: { mode: 'ipv6' } }],
  ['On Fargate each pod has its own ENI; there is no warm pool.', { computeType: 'fargate' }],
  ['EKS Auto Mode keeps a warm pool, but no API exposes it.', { computeType: 'auto' }],
  ['The node is not an EC2 instance; the VPC CNI assigns no addresses here.', { computeType: 'hybrid' }],
  ['The node is not an EC2 instance; the VPC CNI assigns no addresses here.', { computeType: 'other' }],
  ['On Windows the VPC resource controller assigns addresses; its warm pool is not known.', { os: 'windows' }],
  ['Not known: no VPC CNI was seen on this node, or EC2 could not be read.', {}],
])('no pool: %s', (words, change) => {
  const node = { cni: null, computeType: 'ec2', os: 'linux', ...change } as unknown;
  expect(noPoolSentence(node as Parameters<typeof noPoolSentence>[0])).toBe(words);
});

test.each<[string, object]>([
  ['not attached', { status: 'available', instanceId: null }],
  ['on i-1, not a node of this cluster', { status: 'in-use', instanceId: 'i-1' }],
  ['not on a node of this cluster', { status: 'in-use', instanceId: null }],
])('an ENI without a node is %s', (words, eni) => {
  expect(withoutNode(eni as Parameters<typeof withoutNode>[0])).toBe(words);
});

test.each<[string | null, string]>([
  ['i-0bb', 'It is attached to i-0bb, which is not a node of this cluster.'],
  [null, 'It is not attached, so no VPC CNI manages it.'],
])('an unattached ENI of instance %s', (instanceId, words) => {
  const eni = {
    instanceId,
    management: { state: 'outside', rule: 'unattached', certainty: 'observed', observed: null },
  } as EniRecord;
  expect(managementSentence(eni)).toBe(words);
});
