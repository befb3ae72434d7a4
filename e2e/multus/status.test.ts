// network-status as written by Multus 4.3.0 from plugin results, read into the pod's interfaces (multus §1.5–1.6,
// vpc-cni §5.3 step 7).
import { describe, expect, it } from 'vitest';
import { parseNetworksAnnotation } from '../../lib/cni/multus/networks';
import { parseNetworkStatus } from '../../lib/cni/multus/status';
import { interfaceDrafts } from '../../lib/topology/links/interface-drafts';
import { pod } from '../testing/facts';
import { ask, type Attached } from './ask';

const SANDBOX = '/var/run/netns/cni-1';
const POD_IP = '10.0.19.107';

/** The annotation that Multus writes; null if it writes none. */
function written(attached: readonly Attached[]): string | null {
  const [answer] = ask<string | null>([{ ask: 'status', attached }]);
  if (answer === undefined || !('value' in answer)) throw new Error(JSON.stringify(answer));
  return answer.value;
}

const read = (...attached: readonly Attached[]) => parseNetworkStatus(written(attached), null);

/** The pod's interfaces: name, network, addresses, MAC, and whether each is the default. */
function faces(attached: readonly Attached[], networks: string | null = null, ips: readonly string[] = [POD_IP]) {
  const status = read(...attached);
  expect(status.problems).toEqual([]);
  const { annotation, selections } = parseNetworksAnnotation(networks, 'default');
  const fact = pod('a', { ips, networksAnnotation: annotation, requested: selections, reported: status.entries });
  return interfaceDrafts(fact, 1).map((draft) => [
    draft.name,
    draft.network,
    draft.ips.join(' '),
    draft.mac,
    draft.default,
  ]);
}

const interfaces = (...names: readonly (readonly [name: string, mac: string, inPod: boolean])[]) =>
  names.map(([name, mac, inPod]) => ({ name, mac, ...(inPod ? { sandbox: SANDBOX } : {}) }));

/** The VPC CNI's result (multus §1.6); since 1.20, `mac` of eth0 is the number of its route table. */
const vpc = (
  mac: string,
  more: readonly (readonly [string, string, boolean])[] = [],
  ips: readonly object[] = [],
): Attached => ({
  name: 'aws-cni',
  default: true,
  result: {
    cniVersion: '1.0.0',
    interfaces: interfaces(['eni0123456789a', '', false], ['eth0', mac, true], ...more),
    ips: [{ interface: 1, address: `${POD_IP}/32` }, ...ips],
  },
});
const DUMMY = ['dummy0123456789a', '0', true] as const;
const ETH0 = ['eth0', 'cluster', POD_IP, null, true];

const ipvlan = (name: string, ifname: string, address: string, more: object = {}): Attached => ({
  name,
  result: {
    cniVersion: '0.3.1',
    interfaces: interfaces([ifname, '06:00:00:00:00:0A', true]),
    ips: [{ version: '4', interface: 0, address }],
    ...more,
  },
});

describe('the VPC CNI', () => {
  it('before 1.13: eth0 alone', () => {
    const result = {
      cniVersion: '0.4.0',
      interfaces: interfaces(['eth0', '', true]),
      ips: [{ version: '4', interface: 0, address: `${POD_IP}/32` }],
    };
    expect(faces([{ name: 'aws-cni', default: true, result }])).toEqual([ETH0]);
  });

  it.each(['', '254', '2', '10001'])('eth0 and its bookkeeping interface, which is ignored; %j is no MAC', (mac) => {
    expect(read(vpc(mac, [DUMMY])).entries.map(({ name, interface: face, rawMac }) => [name, face, rawMac])).toEqual([
      ['aws-cni', 'eth0', mac === '' ? null : mac],
      ['aws-cni', 'dummy0123456789a', '0'],
    ]);
    expect(faces([vpc(mac, [DUMMY])])).toEqual([ETH0]);
  });

  it('a pod with security groups: one entry, since the bookkeeping interface has no sandbox', () => {
    const attached = vpc('', [['dummy0123456789a', '7', false]]);
    expect(read(attached).entries).toHaveLength(1);
    expect(faces([attached])).toEqual([ETH0]);
  });

  it('IPv4 egress of an IPv6 cluster: an interface without an address of the pod', () => {
    expect(faces([vpc('254', [DUMMY, ['v4if0', '02:00:00:00:00:0b', true]])])).toEqual([
      ETH0,
      ['v4if0', 'cluster', '', '02:00:00:00:00:0b', false],
    ]);
  });

  it('multi-NIC: each interface with its address', () => {
    const more = [DUMMY, ['mNicIf1', '10101', true]] as const;
    expect(faces([vpc('254', more, [{ interface: 3, address: '10.0.1.7/32' }])])).toEqual([
      ETH0,
      ['mNicIf1', 'cluster', '10.0.1.7', null, false],
    ]);
  });

  it('attributes addresses without an interface to eth0, although Multus lists them under the bookkeeping interface', () => {
    const attached = vpc('254', [DUMMY]);
    const result = { ...(attached.result as object), ips: [{ address: `${POD_IP}/32` }] };
    expect(read({ ...attached, result }).entries.map(({ ips }) => ips)).toEqual([[], [POD_IP]]);
    expect(faces([{ ...attached, result }], null, [])).toEqual([ETH0]);
  });
});

describe('networks next to the VPC CNI', () => {
  it('a request and its entry', () => {
    expect(faces([vpc('254', [DUMMY]), ipvlan('default/a', 'net1', '10.1.0.7/24')], 'a')).toEqual([
      ETH0,
      ['net1', 'net:default/a', '10.1.0.7', '06:00:00:00:00:0a', false],
    ]);
  });

  it('one network twice: matched by interface', () => {
    const attached = [vpc(''), ipvlan('default/a', 'net1', '10.1.0.7/24'), ipvlan('default/a', 'net2', '10.1.0.8/24')];
    expect(faces(attached, 'a,a').map(([name, , ips]) => [name, ips])).toEqual([
      ['eth0', POD_IP],
      ['net1', '10.1.0.7'],
      ['net2', '10.1.0.8'],
    ]);
  });

  it.each([
    ['no interfaces in the result', { cniVersion: '0.3.1', ips: [{ version: '4', address: '10.1.0.7/24' }] }, 0],
    ['a chain without cniVersion: a result of the oldest form', { cniVersion: '0.2.0', ip4: { ip: '10.1.0.7/24' } }, 0],
    ['one interface, on the host', { cniVersion: '0.3.1', interfaces: [{ name: 'cali1' }] }, 1],
    ['two interfaces, both on the host', { cniVersion: '0.3.1', interfaces: [{ name: 'a' }, { name: 'b' }] }, 0],
  ])('%s: %3$i entries, and the request stays unanswered', (_, result, entries) => {
    const status = read({ name: 'default/a', result });
    expect(status.entries).toHaveLength(entries);
    if (entries === 1) expect(status.entries[0]).toMatchObject({ interface: null, mac: null });
  });

  it('is not written if no plugin names an interface', () => {
    expect(written([{ name: 'default/a', result: { cniVersion: '0.3.1' } }])).toBeNull();
    expect(read({ name: 'default/a', result: { cniVersion: '0.3.1' } }).annotation.state).toBe('absent');
  });
});

describe('gateways', () => {
  const routes = (...list: readonly object[]) =>
    read(ipvlan('default/a', 'net1', '10.1.0.7/24', { routes: list })).entries[0];

  it.each([
    ['with a gateway', { dst: '0.0.0.0/0', gw: '10.1.0.1' }, ['10.1.0.1'], false],
    ['without one', { dst: '0.0.0.0/0' }, [], true],
    ['ignores the mask', { dst: '0.0.0.0/1', gw: '10.1.0.1' }, ['10.1.0.1'], false],
    ['IPv6', { dst: '::/0', gw: 'FE80::1' }, ['fe80::1'], false],
    ['ignores other routes', { dst: '10.2.0.0/16', gw: '10.1.0.1' }, [], false],
  ])('%s', (_, route, gateways, routeWithoutGateway) => {
    expect(routes(route)?.gateways).toEqual(gateways);
    expect(routes(route)?.routeWithoutGateway).toBe(routeWithoutGateway);
  });
});

describe('the default interface', () => {
  const two = (ips: readonly object[]): readonly boolean[] =>
    read({
      name: 'ovn-kubernetes',
      default: true,
      result: { cniVersion: '1.0.0', interfaces: interfaces(['ovn-udn1', '', true], ['eth0', '', true]), ips },
    }).entries.map((entry) => entry.default);

  it.each([
    [
      'is the interface whose address has a gateway',
      [{ interface: 1, address: '10.0.0.5/24', gateway: '10.0.0.1' }],
      [false, true],
    ],
    ['is otherwise the first in the pod', [{ interface: 1, address: '10.0.0.5/24' }], [true, false]],
    [
      'is none if no interface has that gateway',
      [{ interface: 7, address: '10.0.0.5/24', gateway: '10.0.0.1' }],
      [false, false],
    ],
  ])('%s', (_, ips, want) => expect(two(ips)).toEqual(want));
});

describe('device-info and MTU', () => {
  it('is copied to the entry', () => {
    const pci = { 'pci-address': '0000:D8:02.2', 'pf-pci-address': '0000:d8:00.0', 'vhost-net': '/dev/vhost-net' };
    const attached = {
      ...ipvlan('default/a', 'net1', '10.1.0.7/24'),
      deviceInfo: { type: 'pci', version: '1.1.0', pci },
    };
    const result = { cniVersion: '1.1.0', interfaces: [{ name: 'net1', mac: '', mtu: 9001, sandbox: SANDBOX }] };
    expect(read({ ...attached, result }).entries[0]).toMatchObject({
      mtu: 9001,
      device: { type: 'pci', pciAddress: '0000:d8:02.2', pfPciAddress: '0000:d8:00.0' },
    });
  });

  it.each(['vdpa', 'vhost-user', 'memif'])('%s', (type) => {
    const attached = { ...ipvlan('default/a', 'net1', '10.1.0.7/24'), deviceInfo: { type } };
    expect(read(attached).entries[0]?.device).toEqual({ type, pciAddress: null, pfPciAddress: null });
  });
});

it('hostile names are returned unchanged', () => {
  const name = '</script>"\\\u2028\n😀';
  expect(read(ipvlan(name, 'net1', '10.1.0.7/24')).entries[0]?.name).toBe(name);
});
