import { describe, expect, it } from 'vitest';
import { readNetworkConfig } from './config';

const read = (config: unknown, resourceName: string | null = null) =>
  readNetworkConfig(typeof config === 'string' ? config : JSON.stringify(config), resourceName);

describe('configs that Multus refuses (multus §2.1)', () => {
  const SPEC = 'GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: ';
  const LIST = 'LoadDelegateNetConf: failed with: LoadDelegateNetConfList: ';
  it.each([
    ['{ # comment\n}', `${SPEC}invalid character '#' looking for beginning of object key string`],
    ['{"type":"macvlan",}', `${SPEC}invalid character '}' looking for beginning of object key string`],
    ['[]', `${SPEC}json: cannot unmarshal array into Go value of type map[string]interface {}`],
    ['null', `${SPEC}json: null, on which Multus crashes`],
    [' ', `${SPEC}unexpected end of JSON input`],
    ['{"cniVersion":"0.3.1","device":"ens4"}', `${LIST}delegate must have the 'type' or 'plugin' field`],
    ['{"type":""}', `${LIST}delegate must have the 'type' or 'plugin' field`],
    ['{"plugins":[{"name":"x"}]}', `${LIST}a plugin delegate must have the 'type' field`],
    ['{"plugins":[]}', 'the list of plugins is empty, on which Multus crashes'],
    ['{"plugins":[null]}', 'the first plugin is null, on which Multus crashes'],
    ['{"name":null,"plugins":[{"type":"macvlan"}]}', 'error parsing configuration list: invalid name type <nil>'],
    [
      '{"cniVersion":null,"plugins":[{"type":"macvlan"}]}',
      'error parsing configuration list: invalid cniVersion type <nil>',
    ],
    [
      '{"disableGC":null,"plugins":[{"type":"macvlan"}]}',
      'error parsing configuration list: invalid type <nil> for disableGC',
    ],
    [
      '{"disableCheck":"true","plugins":[{"type":"macvlan"}]}',
      `${LIST}error unmarshalling delegate conflist: json: cannot unmarshal string into Go struct field NetConfList.disableCheck of type bool`,
    ],
    ['{"type":"macvlan","x":1e999}', `${SPEC}json: cannot unmarshal number 1e999 into Go value of type float64`],
    [
      '{"type":"macvlan","dns":{"search":"a"}}',
      'LoadDelegateNetConf: error unmarshalling delegate config: json: cannot unmarshal string into Go struct field DNS.dns.search of type []string',
    ],
    [
      '{"plugins":[{"type":"macvlan"},{"type:":"vrf"}]}',
      "failed to parse plugin config 1: error parsing configuration: missing 'type'",
    ],
    [
      '{"plugins":[{"type":"macvlan"},null]}',
      "failed to parse plugin config 1: error parsing configuration: missing 'type'",
    ],
    [
      '{"Plugins":[{"type":"macvlan"}]}',
      "error parsing configuration list: no 'plugins' key: libcni requires this spelling, in lower case",
    ],
    [
      '{"type":7}',
      'LoadDelegateNetConf: error unmarshalling delegate config: json: cannot unmarshal number into Go struct field PluginConf.type of type string',
    ],
    [
      '{"type":"macvlan","ipam":"dhcp"}',
      'LoadDelegateNetConf: error unmarshalling delegate config: json: cannot unmarshal string into Go struct field PluginConf.ipam of type types.IPAM',
    ],
    [
      '{"plugins":{}}',
      `LoadDelegateNetConf: failed with: LoadDelegateNetConfList: error unmarshalling delegate conflist: json: cannot unmarshal object into Go struct field NetConfList.plugins of type []*types.PluginConf`,
    ],
  ])('%s', (config, error) => {
    const network = read(config);
    expect(network.state).toBe('invalid');
    expect(network.error).toBe(error);
    expect(network.problems).toContain(error);
    expect(network.faults[0]?.severity).toBe('error');
  });

  it('shows the readable part of a chain that libcni refuses, and the typing error in it', () => {
    const network = read({ cniVersion: '0.3.1', plugins: [{ type: 'macvlan', master: 'eth1' }, { 'type:': 'vrf' }] });
    expect(network.parent).toEqual({ kind: 'host-device', value: 'eth1' });
    expect(network.problems).toContain(': key "type:" is not read; did you mean "type"?');
  });
});

describe('a config file on the node', () => {
  it.each([null, ''])('%j', (config) => {
    expect(readNetworkConfig(config, null)).toMatchObject({
      state: 'on-node',
      error: null,
      parent: { kind: 'unknown', value: null },
      problems: [],
    });
  });
});

describe('single configs and chains', () => {
  it('"type" takes precedence over "plugins"', () => {
    const network = read({ type: 'macvlan', plugins: [{ type: 'bridge' }] });
    expect(network.plugins).toEqual(['macvlan']);
    expect(network.problems).toEqual(['"type" and "plugins" are both set: "type" wins, the list is not read']);
  });

  it('uses the spelling that Multus, libcni and the plugin use', () => {
    expect(read('{"name":"n","type":"bridge","TYPE":"macvlan"}').plugins).toEqual(['macvlan']);
    expect(read('{"type":"bridge","TYPE":"macvlan"}').plugins).toEqual(['bridge']);
    expect(read('{"name":"n","plugins":[{"type":"bridge","TYPE":"macvlan"}]}').plugins).toEqual(['bridge']);
    expect(read('{"Name":"n","CniVersion":"1.0.0","plugins":[{"type":"macvlan"}]}')).toMatchObject({
      name: null,
      cniVersion: null,
    });
    expect(read('{"Name":"n","CniVersion":"1.0.0","type":"macvlan"}').cniVersion).toBe('1.0.0');
    const parent = { kind: 'host-device', value: 'eth1' };
    expect(read('{"type":"macvlan","master":"eth1","Master":"eth2"}').parent).toEqual(parent);
    expect(read('{"type":"macvlan","MASTER":"eth1","master":null}').parent).toEqual(parent);
  });

  it('a chain without cniVersion writes no status entry', () => {
    const chain = { name: 'n', plugins: [{ type: 'macvlan' }] };
    expect(read(chain).problems[0]).toMatch(/^no "cniVersion": .*no network-status entry/);
    expect(read({ ...chain, cniVersion: '0.3.1' }).problems).toEqual([]);
    expect(read({ type: 'macvlan' }).problems).toEqual([]);
  });

  it('reports a version that no plugin supports, and the cniVersion key', () => {
    expect(read({ cniVersion: '2.0', type: 'macvlan' }).problems[0]).toMatch(
      /^cniVersion "2.0" is not supported by plugins/,
    );
    expect(read({ version: '0.3.1', type: 'macvlan' }).problems).toEqual([
      'macvlan: key "version" is not read; did you mean "cniVersion"?',
    ]);
  });
});

describe('a chain of several plugins', () => {
  it('warns of several plugins that create an interface, and shows the first', () => {
    const network = read({
      cniVersion: '0.3.0',
      plugins: [
        { type: 'host-device', pciBusID: '0000:3b:00.0' },
        { type: 'host-device', pciBusID: '0000:3b:00.1' },
      ],
    });
    expect(network.parent).toEqual({ kind: 'pci', value: '0000:3b:00.0' });
    expect(network.problems).toEqual([
      'several plugins of the chain create an interface (host-device, host-device): only the first is shown',
    ]);
  });

  // Spiderpool's ifacer creates the VLAN that macvlan uses; plugins after the first are chained onto it.
  it.each([
    [
      'before a listed one',
      [
        { type: 'ifacer', interfaces: ['ens1'], vlanID: 9 },
        { type: 'macvlan', master: 'ens1.9' },
      ],
    ],
    ['after a listed one', [{ type: 'macvlan', master: 'ens1.9' }, { type: 'coordinator' }]],
    ['before and after', [{ type: 'ifacer' }, { type: 'macvlan', master: 'ens1.9' }, { type: 'coordinator' }]],
  ])('an unknown plugin, %s, creates no interface', (_, plugins) => {
    const network = read({ cniVersion: '0.3.1', plugins });
    expect(network.parent).toEqual({ kind: 'host-device', value: 'ens1.9' });
    expect(network.problems).toEqual([]);
  });

  it('does not warn of an unlisted plugin later in the chain', () => {
    const network = read({
      cniVersion: '0.3.1',
      plugins: [{ type: 'macvlan', master: 'eth1' }, { type: 'coordinator' }],
    });
    expect(network.mainPlugin).toBe(0);
    expect(network.problems).toEqual([]);
  });

  it('keeps an unknown type, and assumes that it creates an interface', () => {
    const network = read({ cniVersion: '0.3.1', plugins: [{ type: 'tuning' }, { type: 'my-own', x: 1 }] });
    expect(network.plugins).toEqual(['tuning', 'my-own']);
    expect(network.mainPlugin).toBe(1);
    expect(network.problems).toEqual([]);
  });

  it('collects the capabilities of the whole chain that are not false', () => {
    const network = read({
      cniVersion: '0.3.1',
      plugins: [
        { type: 'macvlan', capabilities: { ips: true, mac: false } },
        { type: 'tuning', capabilities: { mac: true } },
      ],
    });
    expect(network.capabilities).toEqual(['ips', 'mac']);
  });

  it('reads the name and version of the config', () => {
    expect(read({ cniVersion: '1.0.0', name: 'n', type: 'macvlan' })).toMatchObject({ cniVersion: '1.0.0', name: 'n' });
  });

  it('returns the resource', () => {
    expect(read({ type: 'sriov' }, 'a/b').resourceName).toBe('a/b');
  });
});

describe('addresses', () => {
  const ipam = (section: unknown, type = 'ipvlan') => read({ type, master: 'eth1', ipam: section });

  it('none, {} and a section without type give none', () => {
    expect(ipam(undefined, 'macvlan')).toMatchObject({ ipam: null, problems: [] });
    expect(ipam({}, 'macvlan')).toMatchObject({ ipam: null, problems: [] });
    expect(ipam({ subnet: '10.0.0.0/24' }, 'macvlan')).toMatchObject({
      ipam: null,
      problems: ['macvlan: "ipam" has no "type": no address is given'],
    });
  });

  it('a default route comes from a route or from the plugin itself', () => {
    const routed = (dst: string) =>
      ipam({ type: 'host-local', subnet: '10.0.0.0/24', routes: [{ dst }] }).hasDefaultRoute;
    expect(routed('0.0.0.0/0')).toBe(true);
    expect(routed('::/0')).toBe(true);
    expect(routed('10.1.0.0/16')).toBe(false);
    expect(read({ type: 'bridge', isDefaultGateway: true }).hasDefaultRoute).toBe(true);
    expect(read({ type: 'flannel', delegate: { isDefaultGateway: true } }).hasDefaultRoute).toBe(true);
  });

  it('warns of addresses on a userspace interface, which cannot have any', () => {
    const network = read({ type: 'userspace', host: {}, ipam: { type: 'host-local', subnet: '10.0.0.0/24' } });
    expect(network.faults).toContainEqual({
      severity: 'info',
      text: 'addresses are taken from the pool, but a userspace interface cannot carry them: the application must',
    });
  });
});

it.each(['host-local', 'whereabouts', 'static', 'dhcp'])('an IPAM plugin as the network: %s', (type) => {
  const { faults } = readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', type, ipam: { type: 'static' } }), null);
  expect(faults).toContainEqual({
    severity: 'warning',
    text: expect.stringContaining('creates no interface') as string,
  });
});

describe('order of problems', () => {
  it('errors come first', () => {
    const { faults } = read({
      type: 'ipvlan',
      foo: 1,
      mode: 'x',
      ipam: { type: 'static', addresses: [{ address: '10.0.0.1/24' }] },
    });
    expect(faults.map(({ severity }) => severity)).toEqual(['error', 'warning', 'info']);
  });
});

it.each(['multus', 'multus-shim'])(
  'rejects a network of type %s, which nests Multus (cni-route-override#22)',
  (type) => {
    const text = JSON.stringify({
      cniVersion: '0.3.1',
      type,
      delegates: [{ type: 'route-override' }, { type: 'macvlan', master: 'eth1' }],
    });
    expect(readNetworkConfig(text, null).problems).toContainEqual(expect.stringContaining('"plugins"'));
  },
);

it.each(['tuning', 'sbr', 'route-override'])(
  'rejects a chain with %s before the plugin that creates the interface',
  (type) => {
    const main = { type: 'macvlan', master: 'eth1' };
    const of = (plugins: readonly object[]) =>
      readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', name: 'x', plugins }), null).faults;
    expect(of([{ type }, main])).toContainEqual({
      severity: 'error',
      text: `${type} requires the result of the plugin that creates the interface, but comes before it: move it after that plugin`,
    });
    expect(of([main, { type }]).filter(({ severity }) => severity === 'error')).toEqual([]);
  },
);
