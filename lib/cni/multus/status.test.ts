import { describe, expect, it } from 'vitest';
import { parseNetworkStatus } from './status';

const entry = (object: unknown) => {
  const { entries, problems } = parseNetworkStatus(JSON.stringify([object]), null);
  return { entry: entries[0], problems };
};

describe('five states of the annotation (multus §0.5)', () => {
  it.each([
    [null, 'absent', null],
    ['', 'empty', null],
    ['[]', 'valid', null],
    ['[{]', 'invalid', "network-status is not JSON: invalid character ']' looking for beginning of object key string"],
    [' ', 'invalid', 'network-status is not JSON: unexpected end of JSON input'],
    ['{}', 'invalid', 'network-status is not a list but an object'],
    ['null', 'invalid', 'network-status is not a list but null'],
    ['"x"', 'invalid', 'network-status is not a list but a string'],
  ])('%j', (text, state, error) => {
    expect(parseNetworkStatus(text, null)).toMatchObject({ annotation: { state, error }, entries: [] });
  });
});

describe('the old key (§0.6)', () => {
  const list = (name: string) => JSON.stringify([{ name }]);
  const names = (newKey: string | null, oldKey: string | null) =>
    parseNetworkStatus(newKey, oldKey).entries.map(({ name }) => name);

  it('is read only if the new one is absent, and never merged with it', () => {
    expect(names(null, list('old'))).toEqual(['old']);
    expect(names(list('new'), list('old'))).toEqual(['new']);
    expect(names('', list('old'))).toEqual([]);
  });
  it('is empty, not broken, after Multus 3.4 blanked it', () => {
    expect(parseNetworkStatus(null, '').annotation.state).toBe('empty');
  });
});

describe('fields of an entry', () => {
  it('reads everything that Multus writes', () => {
    const { entry: read, problems } = entry({
      name: 'telco/sriov-1',
      interface: 'net1',
      ips: ['10.1.0.7', 'FD00::0007'],
      mac: '20:04:0F:F1:88:01',
      mtu: 1500,
      default: true,
      gateway: ['10.1.0.1'],
      dns: {},
      'device-info': {
        type: 'pci',
        version: '1.1.0',
        pci: { 'pci-address': '0000:86:01.3', 'pf-pci-address': '0000:86:00.0' },
      },
    });
    expect(problems).toEqual([]);
    expect(read).toEqual({
      index: 0,
      name: 'telco/sriov-1',
      interface: 'net1',
      ips: ['10.1.0.7', 'fd00::7'],
      rawMac: '20:04:0F:F1:88:01',
      mac: '20:04:0f:f1:88:01',
      mtu: 1500,
      default: true,
      gateways: ['10.1.0.1'],
      routeWithoutGateway: false,
      device: { type: 'pci', pciAddress: '0000:86:01.3', pfPciAddress: '0000:86:00.0' },
    });
  });

  it('ignores additions by other writers (multus §1.5)', () => {
    const { entry: read, problems } = entry({
      name: 'n',
      interface: 'ib0',
      'default-route': ['192.0.2.1'],
      'infiniband-guid': '80:00:11:22:33:44:55:66',
      dns: { nameservers: 7 },
      anything: {},
    });
    expect(problems).toEqual([]);
    expect(read?.interface).toBe('ib0');
  });

  it('reads an entry with only a name', () => {
    const { entry: read, problems } = entry({ name: 'k8s-pod-network' });
    expect(problems).toEqual([]);
    expect(read).toEqual({
      index: 0,
      name: 'k8s-pod-network',
      interface: null,
      ips: [],
      rawMac: null,
      mac: null,
      mtu: null,
      default: false,
      gateways: [],
      routeWithoutGateway: false,
      device: null,
    });
  });

  it.each([
    ['0', null],
    ['254', null],
    ['', null],
    [' 64:1f:74:32:2e:6d', '64:1f:74:32:2e:6d'],
    ['00:00:00:E3:20:0B', '00:00:00:e3:20:0b'],
    ['80:00:11:22:33:44:55:66', null],
    ['not a mac', null],
  ])('mac %j is %s; the original text is kept', (mac, want) => {
    const { entry: read, problems } = entry({ name: 'n', mac });
    expect(read?.mac).toBe(want);
    expect(read?.rawMac).toBe(mac === '' ? null : mac);
    expect(problems).toEqual([]);
  });

  it('drops prefix lengths, and keeps 0.0.0.0', () => {
    expect(entry({ name: 'n', ips: ['192.0.2.2/24', '2001:DB8::2230/32', '0.0.0.0'] }).entry?.ips).toEqual([
      '192.0.2.2',
      '2001:db8::2230',
      '0.0.0.0',
    ]);
  });

  it('distinguishes a default route without a gateway from none and from one with a gateway', () => {
    expect(parseNetworkStatus('[{"name":"n","gateway":["\\u003cnil\\u003e"]}]', null).entries[0]).toMatchObject({
      gateways: [],
      routeWithoutGateway: true,
    });
    expect(entry({ name: 'n', gateway: ['10.0.0.1', '<nil>'] }).entry).toMatchObject({
      gateways: ['10.0.0.1'],
      routeWithoutGateway: true,
    });
    expect(entry({ name: 'n' }).entry?.routeWithoutGateway).toBe(false);
    expect(entry({ name: 'n', gateway: ['<nil>'] }).problems).toEqual([]);
  });
});

describe('entries', () => {
  it('distinguishes entries by position: names and defaults may repeat, interfaces may be missing', () => {
    const { entries } = parseNetworkStatus(
      JSON.stringify([
        { name: 'cni0', default: true, ips: ['10.0.0.1'] },
        { name: 'cni0', default: true, ips: ['10.0.0.2'] },
        { name: '', interface: 'eth0' },
        { name: 'aws-cni', interface: 'dummy0123456789a', mac: '0' },
      ]),
      null,
    );
    expect(entries.map(({ index, name, interface: nic, default: d }) => [index, name, nic, d])).toEqual([
      [0, 'cni0', null, true],
      [1, 'cni0', null, true],
      [2, '', 'eth0', false],
      [3, 'aws-cni', 'dummy0123456789a', false],
    ]);
  });
});

describe('device-info', () => {
  it.each([
    [
      { type: 'vdpa', vdpa: { 'pci-address': '04:02.7', 'pf-pci-address': '0000:04:00.0' } },
      'vdpa',
      '0000:04:02.7',
      '0000:04:00.0',
    ],
    [{ type: 'vhost-user', 'vhost-user': { mode: 'client', path: '/x' } }, 'vhost-user', null, null],
    [{ type: 'memif', memif: { role: 'slave', path: '/x', mode: 'ip' } }, 'memif', null, null],
    [{ pci: { 'pci-address': '0000:D8:02.2' } }, 'pci', '0000:d8:02.2', null],
    [{ type: 'new-kind' }, 'new-kind', null, null],
  ])('%j', (info, type, pciAddress, pfPciAddress) => {
    expect(entry({ name: 'n', 'device-info': info })).toEqual({
      entry: expect.objectContaining({ device: { type, pciAddress, pfPciAddress } }) as unknown,
      problems: [],
    });
  });

  it('reads the old key, which is {} in old userspace builds', () => {
    expect(entry({ name: 'n', device: {} })).toMatchObject({ entry: { device: null }, problems: [] });
    expect(entry({ name: 'n', device: { type: 'vhost-user' } }).entry?.device?.type).toBe('vhost-user');
  });

  it('reports unreadable content', () => {
    expect(entry({ name: 'n', 'device-info': 'pci' }).problems).toEqual(['entry 0: "device-info" is not an object']);
    expect(entry({ name: 'n', 'device-info': { type: 'pci', pci: { 'pci-address': 'x' } } })).toMatchObject({
      entry: { device: { type: 'pci', pciAddress: null } },
      problems: ['entry 0: "pci-address" is no PCI address'],
    });
    expect(entry({ name: 'n', 'device-info': { x: 1 } }).problems).toEqual([
      'entry 0: "device-info" does not say its type',
    ]);
  });
});

describe('values of the wrong type are reported, and the rest is kept', () => {
  it('in every field', () => {
    const { entry: read, problems } = entry({
      name: 7,
      interface: [],
      ips: [null, 'x', '10.0.0.1'],
      mac: {},
      mtu: '1500',
      default: 'yes',
      gateway: 'g',
    });
    expect(read).toMatchObject({
      name: '',
      interface: null,
      ips: ['10.0.0.1'],
      mac: null,
      mtu: null,
      default: false,
      gateways: [],
    });
    expect(problems).toEqual([
      'entry 0: "mac" is an object, not a string',
      'entry 0: "gateway" is a string, not a list',
      'entry 0: "default" is not a boolean',
      'entry 0: "name" is a number, not a string',
      'entry 0: "interface" is an array, not a string',
      'entry 0: "ips" holds null',
      'entry 0: "ips" holds "x", which is no address',
      'entry 0: "mtu" is not a positive whole number',
    ]);
  });

  it('skips an element that is not an object, without changing positions', () => {
    const { entries, problems } = parseNetworkStatus('[null,"x",{"name":"a"}]', null);
    expect(entries.map(({ index, name }) => [index, name])).toEqual([[2, 'a']]);
    expect(problems).toEqual(['entry 0: is null, not an object', 'entry 1: is a string, not an object']);
  });

  it('limits the list of problems for a thousand faults', () => {
    const { problems } = parseNetworkStatus(JSON.stringify(Array.from({ length: 1000 }, () => 1)), null);
    expect(problems).toHaveLength(51);
  });
});
