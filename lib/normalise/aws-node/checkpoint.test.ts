import { expect, it } from 'vitest';
import { normaliseCheckpoint } from './checkpoint';

const AT = '2026-09-01T12:00:00Z';
const read = (value: unknown) => normaliseCheckpoint(value, 'n1', AT, 1);
const key = { networkName: 'aws-cni', containerID: 'c0ffee', ifName: 'eth0' };

// vpc-cni §2.4
it.each([
  [
    'names pods and when they got the address',
    {
      ...key,
      ipv4: '10.0.0.5',
      allocationTimestamp: 1788256805123456789,
      metadata: { k8sPodNamespace: 'shop', k8sPodName: 'web' },
    },
    { ip: '10.0.0.5', podNamespace: 'shop', podName: 'web', assignedAt: '2026-09-01T10:00:05.123Z' },
  ],
  [
    'names no pod before v1.12',
    { ...key, ipv4: '10.0.0.5', allocationTimestamp: 0, metadata: {} },
    { ip: '10.0.0.5', podNamespace: null, podName: null, assignedAt: null },
  ],
  [
    'has IPv6 addresses',
    { ...key, ipv6: '2001:DB8::1', metadata: { k8sPodNamespace: 'shop', k8sPodName: 'web' } },
    { ip: '2001:db8::1', podNamespace: 'shop', podName: 'web', assignedAt: null },
  ],
])('%s', (_what, entry, assigned) => {
  expect(read({ version: 'vpc-cni-ipam/1', allocations: [entry] })).toEqual({
    node: 'n1',
    readAt: AT,
    cards: [1],
    assigned: [assigned],
  });
});

it('drops an entry without an address', () => {
  const allocations = [{ ...key, ipv4: '' }, null, { ...key, ipv4: 'x' }];
  expect(read({ version: 'vpc-cni-ipam/1', allocations })?.assigned).toEqual([]);
});

it.each([[null], [[]], [{ version: 'vpc-cni-ipam/1' }], [{ allocations: [] }], [{ version: '1', allocations: [] }]])(
  'rejects %j',
  (value) => expect(read(value)).toBeNull(),
);
