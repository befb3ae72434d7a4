import { describe, expect, it } from 'vitest';
import { readNetworkConfig } from '../config';
import { IPAM_PLUGINS } from './registry';
import { rangeText } from './range';

const read = (ipam: object) => {
  const network = readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', type: 'macvlan', ipam }), null);
  return { ...network, ipam: network.ipam ?? expect.unreachable('no ipam') };
};

/** Ranges as written, allocatable ranges, size. */
const summary = (ipam: object) => {
  const { ipam: section, problems } = read(ipam);
  return { ranges: section.ranges, left: section.allocatable.map(rangeText), size: section.size, problems };
};

describe('host-local (multus §2.3)', () => {
  it.each([
    // The gateway is .1 unless set, and the allocator skips it.
    [{ subnet: '10.0.4.0/24' }, ['10.0.4.0/24'], ['10.0.4.2-10.0.4.254'], 253],
    [{ subnet: '10.0.4.0/24', gateway: '10.0.4.254' }, ['10.0.4.0/24'], ['10.0.4.1-10.0.4.253'], 253],
    [
      { subnet: '10.0.4.0/24', rangeStart: '10.0.4.70', rangeEnd: '10.0.4.80' },
      ['10.0.4.70-10.0.4.80'],
      ['10.0.4.70-10.0.4.80'],
      11,
    ],
    [
      { subnet: '10.0.4.0/24', rangeStart: '10.0.4.70', gateway: '10.0.4.72' },
      ['10.0.4.70-10.0.4.254'],
      ['10.0.4.70-10.0.4.71', '10.0.4.73-10.0.4.254'],
      184,
    ],
    [{ subnet: '10.0.4.0/30' }, ['10.0.4.0/30'], ['10.0.4.2'], 1],
    [
      { ranges: [[{ subnet: '10.0.4.0/29' }], [{ subnet: 'fd00::/125' }]] },
      ['10.0.4.0/29', 'fd00::/125'],
      ['10.0.4.2-10.0.4.6', 'fd00::2-fd00::7'],
      11,
    ],
    [{ subnet: 'fd00::/64' }, ['fd00::/64'], ['fd00::2-fd00::ffff:ffff:ffff:ffff'], null],
    [
      { subnet: '10.0.1.0/29', ranges: [[{ subnet: '10.0.2.0/29' }]] },
      ['10.0.1.0/29', '10.0.2.0/29'],
      ['10.0.1.2-10.0.1.6', '10.0.2.2-10.0.2.6'],
      10,
    ],
  ])('%j', (config, ranges, left, size) => {
    expect(summary({ type: 'host-local', ...config })).toEqual({ ranges, left, size, problems: [] });
  });

  it.each([
    [{}, 'host-local: no IP ranges specified'],
    [{ subnet: 'x' }, 'host-local: "subnet": invalid CIDR address: x'],
    [{ subnet: '10.0.0.0/31' }, 'host-local: Network 10.0.0.0/31 too small to allocate from'],
    [{ subnet: '10.0.0.0/24', rangeStart: '10.0.1.1' }, 'host-local: RangeStart 10.0.1.1 not in network 10.0.0.0/24'],
    [{ subnet: '10.0.0.0/24', rangeEnd: '10.0.1.1' }, 'host-local: RangeEnd 10.0.1.1 not in network 10.0.0.0/24'],
    [
      { subnet: '10.0.0.7/24' },
      'host-local: Network has host bits set. For a subnet mask of length 24 the network address is 10.0.0.0',
    ],
    [{ subnet: null }, 'host-local: "subnet": invalid CIDR address: '],
    [{ subnet: '10.0.0.0/24', gateway: 'x' }, 'host-local: "gateway": invalid IP address: x'],
    [{ ranges: [[{ subnet: '10.0.0.0/24' }, { subnet: 'fd00::/64' }]] }, 'host-local: mixed address families'],
    [
      { ranges: [[{ subnet: '10.0.0.0/24' }, { subnet: '10.0.0.0/25' }]] },
      'host-local: subnets 10.0.0.1-10.0.0.254 and 10.0.0.1-10.0.0.126 overlap',
    ],
    [
      { ranges: [[{ subnet: '10.0.0.0/24', range_start: '10.0.0.9' }]] },
      'host-local: key "ranges.range_start" is not read; did you mean "ranges.rangeStart"?',
    ],
    [
      { subnet: '10.0.0.0/24', rangeStart: '10.0.0.9', rangeEnd: '10.0.0.5' },
      'host-local: RangeEnd 10.0.0.5 is before RangeStart 10.0.0.9',
    ],
    [{ ranges: [{ subnet: '10.0.0.0/24' }] }, 'host-local: "ranges" is an object, a list of lists is wanted'],
    [
      { ranges: [[{ subnet: '10.0.0.0/24' }], [{ subnet: '10.0.0.128/25' }]] },
      'host-local: range set 0 overlaps with 1',
    ],
    [{ ranges: [[]] }, 'host-local: empty range set'],
    [{ subnet: '10.0.0.0/24', routes: [{ gw: '10.0.0.1' }] }, 'host-local: a route without "dst"'],
    [
      { subnet: '10.0.0.0/24', routes: [{ dst: '10.0.0.0' }] },
      'host-local: "routes.dst": invalid CIDR address: 10.0.0.0',
    ],
    [{ subnet: '10.0.0.0/24', exclude: [] }, 'host-local: key "exclude" is not read'],
    [{ subnet: '10.0.0.0/24', rangestart: 7 }, 'host-local: "rangeStart" is a number, a string is wanted'],
  ])('%j: %s', (config, problem) => {
    expect(summary({ type: 'host-local', ...config }).problems).toContain(problem);
  });

  it('each node has its own record; subnets, gateways and routes are read', () => {
    expect(
      read({
        type: 'host-local',
        subnet: '10.0.0.0/24',
        routes: [{ dst: '0.0.0.0/0' }, { dst: '10.9.0.1/16', gw: '10.0.0.1' }],
      }).ipam,
    ).toMatchObject({
      scope: 'node',
      subnets: ['10.0.0.0/24'],
      gateways: ['10.0.0.1'],
      routes: [
        { dst: '0.0.0.0/0', gw: null },
        { dst: '10.9.0.0/16', gw: '10.0.0.1' },
      ],
      description: 'addresses by host-local, each node for itself, from 10.0.0.0/24',
    });
  });
});

describe('static', () => {
  it('assigns the same addresses to every pod', () => {
    expect(
      read({ type: 'static', addresses: [{ address: '192.168.10.30/24', gateway: '192.168.10.1' }] }),
    ).toMatchObject({
      ipam: {
        scope: 'fixed',
        onlyOnRequest: false,
        ranges: ['192.168.10.30'],
        subnets: ['192.168.10.0/24'],
        gateways: ['192.168.10.1'],
        size: 1,
      },
      problems: ['static: every pod gets the same address: with more than one pod they conflict'],
    });
  });
  it.each([{}, { addresses: [] }])('%j waits for addresses requested by the pod', (config) => {
    expect(read({ type: 'static', ...config })).toMatchObject({
      ipam: { onlyOnRequest: true, size: null, description: 'the address that the pod asks for' },
      problems: [],
    });
  });
  it('requires a prefix length', () => {
    expect(read({ type: 'static', addresses: [{ address: '10.0.0.1' }] }).problems[0]).toBe(
      "static: the 'address' field is expected to be in CIDR notation, got: '10.0.0.1'",
    );
  });
});

describe('whereabouts', () => {
  it.each([
    // Neither the network nor the broadcast address is assigned, in IPv6 as well.
    [{ range: '10.65.0.0/16' }, ['10.65.0.0/16'], ['10.65.0.1-10.65.255.254'], 65_534],
    [{ range: '192.168.2.225/28' }, ['192.168.2.224/28'], ['192.168.2.225-192.168.2.238'], 14],
    [{ range: '10.10.1.80-10.10.1.82/24' }, ['10.10.1.80-10.10.1.82'], ['10.10.1.80-10.10.1.82'], 3],
    [
      { range: '10.0.0.0/24', range_start: '10.0.0.10', range_end: '10.0.0.19' },
      ['10.0.0.10-10.0.0.19'],
      ['10.0.0.10-10.0.0.19'],
      10,
    ],
    [
      { range: '10.0.0.0/28', exclude: ['10.0.0.4/30', '10.0.0.9'] },
      ['10.0.0.0/28'],
      ['10.0.0.1-10.0.0.3', '10.0.0.8', '10.0.0.10-10.0.0.14'],
      9,
    ],
    [{ range: 'fd00::/124' }, ['fd00::/124'], ['fd00::1-fd00::e'], 14],
    [{ range: '010.000.0.0/30' }, ['10.0.0.0/30'], ['10.0.0.1-10.0.0.2'], 2],
    [
      { ipRanges: [{ range: '10.0.0.0/30' }, { range: 'fd00::/126', exclude: ['fd00::1'] }] },
      ['10.0.0.0/30', 'fd00::/126'],
      ['10.0.0.1-10.0.0.2', 'fd00::2'],
      3,
    ],
    [
      { range: '10.1.0.0/30', ipRanges: [{ range: '10.2.0.0/30' }] },
      ['10.1.0.0/30', '10.2.0.0/30'],
      ['10.1.0.1-10.1.0.2', '10.2.0.1-10.2.0.2'],
      4,
    ],
  ])('%j', (config, ranges, left, size) => {
    expect(summary({ type: 'whereabouts', ...config })).toEqual({ ranges, left, size, problems: [] });
  });

  it.each([
    [{ range: 'x' }, 'whereabouts: invalid CIDR x'],
    [{ range: '10.0.1.1-10.0.0.9/24' }, 'whereabouts: invalid range start for CIDR 10.0.0.0/24: 10.0.1.1'],
    [{ range: '10.0.0.0/24', exclude: ['y'] }, 'whereabouts: could not parse exclude range: invalid CIDR address: y'],
    [
      { range: '10.0.0.0/24', exclude: ['10.0.0.1/24'] },
      'whereabouts: "exclude" leaves no address of 10.0.0.0/24: a CIDR excludes its whole block, a single address is /32 or /128',
    ],
    [{ range: '10.0.0.0/24', gateway: 'z' }, "whereabouts: couldn't parse gateway IP: z"],
    [
      { range: '10.0.0.0/24', range_end: '10.0.1.9' },
      'whereabouts: range_end 10.0.1.9 is outside of what 10.0.0.0/24 can give, and ignored',
    ],
    [
      { ipRanges: [{ range: '10.0.0.5-10.0.0.6/24' }, { range: '10.0.0.8-10.0.0.9/24' }] },
      'whereabouts: two ranges are in one subnet: the second address fails with "file exists"',
    ],
    [{ range: '10.0.0.0/32' }, 'whereabouts: 10.0.0.0/32 has no room: whereabouts before 0.10 refuses it'],
    [
      { range: '10.0.0.0/24', node_slice_size: '/22' },
      'whereabouts: node_slice_size /22 does not fit into 10.0.0.0/24',
    ],
    [{ range: '10.0.0.0/24', node_slice_size: 'big' }, 'whereabouts: invalid slice size "big"'],
    [
      { rangeStart: '10.0.0.1', range: '10.0.0.0/24' },
      'whereabouts: key "rangeStart" is not read; did you mean "range_start"?',
    ],
    [
      {},
      'whereabouts: no "range" and no "ipRanges": they may be in a file on the node; otherwise no address is assigned',
    ],
  ])('%j: %s', (config, problem) => {
    expect(summary({ type: 'whereabouts', ...config }).problems).toContain(problem);
  });

  it('reads how its pools are named and sliced', () => {
    const { ipam } = read({
      type: 'whereabouts',
      range: '10.0.0.0/16',
      network_name: 'blue',
      node_slice_size: '/24',
      gateway: '10.0.0.1',
    });
    expect(ipam).toMatchObject({ scope: 'cluster', networkName: 'blue', nodeSliceSize: 24, gateways: ['10.0.0.1'] });
    expect(ipam.description).toBe(
      'addresses from whereabouts, unique in the cluster, from 10.0.0.0/16, a /24 for each node, kept under "blue"',
    );
    expect(read({ type: 'whereabouts', range: '10.0.0.0/16', node_slice_size: '24' }).ipam.nodeSliceSize).toBe(24);
  });
});

describe('other IPAM plugins', () => {
  it('dhcp names no range', () => {
    expect(read({ type: 'dhcp', daemonSocketPath: '/x' })).toMatchObject({
      ipam: { scope: 'external', size: null },
      problems: [],
    });
  });
  it.each(['kube-ovn', 'spiderpool', 'calico-ipam', 'unknown'])('%s is retained', (type) => {
    expect(read({ type, range: '10.0.0.0/24', whatever: {} })).toMatchObject({
      ipam: { type, scope: 'external', ranges: ['10.0.0.0-10.0.0.255'], size: null },
      problems: [],
    });
  });
  it('the list contains no type twice', () => {
    expect(IPAM_PLUGINS.map(({ type }) => type).sort()).toEqual([
      'dhcp',
      'host-local',
      'kube-ovn',
      'static',
      'whereabouts',
    ]);
  });
});
