import { describe, expect, it } from 'vitest';
import { normaliseEnis } from './enis';

const held = (podName: string, containerID: string): unknown => ({
  Address: '10.0.1.5',
  IPAMKey: { networkName: 'aws-cni', containerID, ifName: '' },
  IPAMMetadata: { k8sPodNamespace: 'shop', k8sPodName: podName },
  AssignedTime: '2026-09-01T11:00:00.123456789Z',
  UnassignedTime: '0001-01-01T00:00:00Z',
});

const card = (addresses: object): unknown => ({
  TotalIPs: -3,
  AssignedIPs: 900,
  ENIs: {
    'eni-1': {
      ID: 'eni-1',
      IsPrimary: true,
      IsTrunk: false,
      IsEFA: false,
      DeviceNumber: 0,
      AvailableIPv4Cidrs: {
        '10.0.1.5/32': { Cidr: { IP: '10.0.1.5', Mask: '/////w==' }, IPAddresses: addresses, IsPrefix: false },
        '10.0.1.16/28': { IPAddresses: {}, IsPrefix: true },
        nonsense: {},
      },
      IPv6Cidrs: { 'fd00::/80': { IPAddresses: null } },
      IsExcludedForPodIPs: true,
    },
  },
});

const eni = {
  id: 'eni-1',
  deviceNumber: 0,
  isPrimary: true,
  isTrunk: false,
  isEfa: false,
  excluded: true,
  cidrs: ['10.0.1.5/32', '10.0.1.16/28', 'fd00::/80'],
  addresses: [
    {
      ip: '10.0.1.5',
      cidr: '10.0.1.5/32',
      assigned: true,
      podNamespace: 'shop',
      podName: 'web-1',
      assignedAt: '2026-09-01T11:00:00.123456789Z',
      unassignedAt: null,
    },
  ],
};

// vpc-cni §4.2
describe('/v1/enis', () => {
  it('is one object up to 1.19', () => {
    const fact = normaliseEnis(card({ '10.0.1.5': held('web-1', 'c1') }), 'node-a', null);
    expect(fact).toEqual({ node: 'node-a', readAt: null, enis: [{ ...eni, card: 0 }] });
  });

  it('is one object per card since 1.20, without container ids since 1.23', () => {
    const fact = normaliseEnis(
      { 0: { TotalIPs: 0, AssignedIPs: 0, ENIs: null }, 3: card({ '10.0.1.5': held('web-1', '') }) },
      'node-a',
      null,
    );
    expect(fact?.enis).toEqual([{ ...eni, card: 3 }]);
  });

  const older = {
    ID: 'eni-2',
    IsPrimary: false,
    DeviceNumber: 2,
    AssignedIPv4Addresses: 1,
    IPv4Addresses: {
      '10.0.1.7': { Address: '10.0.1.7', Assigned: true, UnassignedTime: '0001-01-01T00:00:00Z' },
      '10.0.1.8': { Assigned: false },
      '10.0.1.9': {
        Address: '10.0.1.9',
        IPAMKey: { networkName: '_migrated-from-cri', containerID: 'c', ifName: 'unknown' },
      },
      nonsense: { Assigned: true },
    },
  };
  it.each([
    ['1.6', { TotalIPs: 2, AssignedIPs: 1, ENIIPPools: { 'eni-2': older } }],
    ['1.8', { TotalIPs: 2, AssignedIPs: 1, ENIs: { 'eni-2': older } }],
  ])('lists addresses instead of CIDRs in %s', (_, answer) => {
    const [one] = normaliseEnis(answer, 'n', null)?.enis ?? [];
    expect(one).toMatchObject({
      id: 'eni-2',
      card: 0,
      deviceNumber: 2,
      cidrs: ['10.0.1.7/32', '10.0.1.8/32', '10.0.1.9/32'],
    });
    expect(one?.addresses.map(({ ip, assigned }) => [ip, assigned])).toEqual([
      ['10.0.1.7', true],
      ['10.0.1.8', false],
      ['10.0.1.9', true],
    ]);
  });

  it.each([
    [{ IPAMKey: { networkName: 'aws-cni' } }, true],
    [{ IPAMMetadata: { k8sPodName: 'web-1' } }, true],
    [{ IPAMKey: { networkName: '', containerID: 'left over' }, IPAMMetadata: {} }, true],
    [{ IPAMKey: { networkName: '', containerID: '', ifName: 'eth0' }, IPAMMetadata: {} }, true],
    [{ IPAMKey: { networkName: '_migrated-from-cri', containerID: '', ifName: 'unknown' } }, true],
    [{ IPAMKey: { networkName: '', containerID: '', ifName: '' }, IPAMMetadata: {} }, false],
    [{ IPAMKey: { networkName: '' }, UnassignedTime: '2026-09-01T11:59:50Z' }, false],
  ])('detects an assigned address by any non-zero part of its key: %j', (entry, assigned) => {
    const addresses = normaliseEnis(card({ '10.0.1.5': entry }), 'n', null)?.enis[0]?.addresses;
    expect(addresses?.map((one) => one.assigned)).toEqual([assigned]);
  });

  it.each([null, [], 'x', { error: 'not found' }, { AvailableCommands: [] }, { 0: card({}), x: card({}) }])(
    'rejects %j',
    (value) => {
      expect(normaliseEnis(value, 'n', null)).toBeNull();
    },
  );
});
