/**
 * Compares our reading of CNI configs with the plugins' own code: we must report an error exactly where they reject, and an
 * accepted config must mean the same to both. Past differences are rows of the tables in `lib/cni`.
 */
import { describe, expect, it } from 'vitest';
import { readNetworkConfig, type NetworkConfig } from '../../lib/cni/config';
import { DNS, ROUTE, type Field, type Fields } from '../../lib/cni/base/fields';
import { ipamOf } from '../../lib/cni/ipam/registry';
import { rangeContains, rangeText } from '../../lib/cni/ipam/range';
import { rangeInName } from '../../lib/cni/ipam/whereabouts-pools';
import { pluginOf } from '../../lib/cni/registry';
import { PROBES } from './build';
import { chance, objectOf, pick, type Hints } from './generate';
import { ask, type Answer } from './probe';

const COUNT = 3000;
const HEAD = { cniVersion: '1.0.0', name: 'net' };

/**
 * Messages about what only the node can reject: an MTU that no link supports, an address that a link does not accept.
 */
const BY_THE_NODE = [/invalid MTU/, /is not a MAC address/, /MTU \d+ is too small/, /is not a valid link name/];

/** A plugin's message about the machine that runs the test. */
const BY_THE_HOST = [
  /^host: /,
  /invalid MTU \d+, must be/,
  /^iptables backend was requested/,
  // Since 0.10, whereabouts also assigns from a network of two addresses.
  /^net mask is too short/,
];

const errorsOf = (config: NetworkConfig, byTheNode: readonly RegExp[]): readonly string[] => [
  ...(config.state === 'invalid' ? [config.error ?? ''] : []),
  ...config.faults
    .filter(({ severity, text }) => severity === 'error' && !byTheNode.some((pattern) => pattern.test(text)))
    .map(({ text }) => text),
];

const read = (config: object): NetworkConfig => readNetworkConfig(JSON.stringify(config), null);

interface Case {
  readonly config: object;
  readonly ours: NetworkConfig;
  readonly real: Answer;
}

/** Every config that only one of the two accepts, with both results. */
const disagreements = (cases: readonly Case[], byTheNode: readonly RegExp[]): readonly string[] =>
  cases.flatMap(({ config, ours, real }) => {
    if (real.error !== undefined && BY_THE_HOST.some((pattern) => pattern.test(real.error ?? ''))) return [];
    const errors = errorsOf(ours, byTheNode);
    return errors.length > 0 === (real.error !== undefined)
      ? []
      : [
          `${JSON.stringify(config)}\n  the plugin: ${real.error ?? 'takes it'}\n  ours: ${errors.join('; ') || 'takes it'}`,
        ];
  });

const both = (cases: readonly Case[]): readonly (Case & { readonly conf: Readonly<Record<string, unknown>> })[] =>
  cases.flatMap((one) =>
    one.real.conf === undefined || errorsOf(one.ours, BY_THE_NODE).length > 0 ? [] : [{ ...one, conf: one.real.conf }],
  );

const MTU = [0, 68, 1500, 9001, -1];
const MACS = ['', '02:00:00:00:00:01', '02-00-00-00-00-01', '0200.0000.0001', '02:00:00:00:00:00:00:01', '02:00', 'x'];
const HINTS: Hints = {
  // Every machine has this link.
  master: ['lo'],
  mtu: MTU,
  mac: MACS,
  hwaddr: MACS,
  device: ['lo', 'eth9'],
  kernelpath: ['/sys/devices/pci0000:00/0000:00:07.0', '/dev/x', 'sys'],
  pciBusID: ['0000:ff:1f.7'],
  deviceID: ['', '0000:ff:1f.7'],
  vlan: [0, 1, 4094, 4095, -1],
  vlanId: [0, 1, 4094, 4095, 4096, -1],
  minID: [0, 1, 5, 4094, 4095, 4096, 4097],
  maxID: [0, 1, 5, 4094, 4095, 4096, 4097],
  id: [0, 1, 4094, 4095, 5000],
  ipMasqBackend: ['iptables', 'nftables'],
  ingressPolicy: ['', 'open', 'same-bridge', 'isolated', 'Open'],
  vrfname: ['blue', ''],
  backend: ['iptables', 'nftables', 'x'],
  conditionsV4: [[], [''], ['-d', '10.0.0.1'], ['!', '-d'], ['ip daddr 10.0.0.1']],
  conditionsV6: [[], ['--sport', '1'], ['ip6 daddr fd00::1']],
  markMasqBit: [0, 13, 31, 32, -1],
  externalSetMarkChain: ['', 'CHAIN'],
  ingressRate: [0, 1000],
  ingressBurst: [0, 1000, 34359738352, 34359738360, 34359738368],
  egressRate: [0, 1000],
  egressBurst: [0, 1000],
  hostPort: [0, 80, -1],
  containerPort: [0, 80, -1],
  bandwidth: [{}, { ingressRate: 1, ingressBurst: 1 }],
  portMappings: [[], [{ hostPort: 80, containerPort: 80 }]],
  configuration_path: [''],
};
const MODES: Readonly<Record<string, readonly unknown[]>> = {
  ipvlan: ['l2', 'l3', 'l3s', '', 'L2', 'bridge'],
  macvlan: ['bridge', 'private', 'vepa', 'passthru', '', 'Bridge', 'l2'],
};

const fieldsOf = (type: string): Fields => {
  const fields = pluginOf(type)?.fields;
  if (fields === undefined || fields === 'any') throw new Error(`no fields of ${type}`);
  return fields;
};

/** Without these, nearly every config is rejected. */
const WORKS: Readonly<Record<string, object>> = {
  vlan: { master: 'lo', ipam: { type: 'dhcp' }, mtu: 0 },
  ipvlan: { ipam: { type: 'dhcp' } },
  vrf: { vrfname: 'blue' },
};

const without = (object: object, ...keys: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));

const IPAMS: readonly unknown[] = [{ type: 'dhcp' }, { type: 'dhcp' }, {}, null, { type: '' }, { type: 7 }, 'x'];

function generated(type: string): readonly object[] {
  const random = chance(type.length * 1000 + type.charCodeAt(0));
  const fields: Fields = { ...fieldsOf(type), dns: DNS };
  const hints = MODES[type] === undefined ? HINTS : { ...HINTS, mode: MODES[type] };
  return Array.from({ length: COUNT }, () => {
    const own = objectOf(random, fields, hints, pick(random, [0.2, 0.4, 0.7]));
    // Only the runtime passes a previous result.
    const config = Object.fromEntries(Object.entries(own).filter(([key]) => !/^prevre/i.test(key)));
    const works = random() < 0.5 ? WORKS[type] : {};
    return { ...HEAD, type, ...(random() < 0.75 ? { ipam: pick(random, IPAMS) } : {}), ...config, ...works };
  });
}

/** The values that both the plugin and the network record contain, ours under the probe's names. */
const COMPARED: Readonly<Record<string, (ours: NetworkConfig, config: object) => Readonly<Record<string, unknown>>>> = {
  ipvlan: (ours) => ({ ...masterOf(ours), mode: ours.mode, mtu: ours.mtu ?? 0 }),
  macvlan: (ours) => ({ ...masterOf(ours), mode: ours.mode, mtu: ours.mtu ?? 0 }),
  vlan: (ours) => ({ ...masterOf(ours), vlan: ours.vlan ?? 0, mtu: ours.mtu ?? 0 }),
  bridge: (ours) => ({
    bridge: ours.parent.value ?? '',
    vlan: ours.vlan ?? 0,
    mtu: ours.mtu ?? 0,
    isDefaultGateway: ours.hasDefaultRoute,
  }),
  ptp: (ours) => ({ mtu: ours.mtu ?? 0 }),
  tap: (ours) => ({ bridge: ours.parent.value ?? '', mtu: ours.mtu ?? 0 }),
  ovs: (ours) => ({
    bridge: ours.parent.value ?? '',
    ...(ours.vlan === null ? {} : { vlan: ours.vlan }),
    mtu: ours.mtu ?? 0,
  }),
};
const masterOf = (ours: NetworkConfig) => ({
  linkInContainer: ours.semantics.linkInContainer,
  ...(ours.parent.kind === 'default-route' || ours.parent.value === null ? {} : { master: ours.parent.value }),
});

const MAIN = ['bridge', 'dummy', 'host-device', 'ipvlan', 'loopback', 'macvlan', 'ovs', 'ptp', 'tap', 'vlan'];
const META = ['bandwidth', 'firewall', 'portmap', 'sbr', 'tuning', 'vrf'];

describe.each(MAIN)('%s', (type) => {
  const configs = generated(type);
  const { answers } = ask(type, configs);
  const cases = configs.map((config, i): Case => ({ config, ours: read(config), real: answers[i] ?? {} }));
  // ovs needs a bridge, which it may find by its device.
  const byTheNode = type === 'ovs' ? [...BY_THE_NODE, /"bridge" is missing/, /invalid VLAN ID/] : BY_THE_NODE;

  it('rejects exactly what the plugin rejects', () => {
    expect(
      disagreements(cases, type === 'macvlan' || type === 'host-device' || type === 'vlan' ? [] : byTheNode).slice(
        0,
        3,
      ),
    ).toEqual([]);
    // The generator must produce enough of both.
    expect(answers.filter(({ error }) => error === undefined || error.startsWith('host: ')).length).toBeGreaterThan(
      COUNT / 20,
    );
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(COUNT / 20);
  });

  it('interprets accepted configs like the plugin', () => {
    const compare = COMPARED[type];
    for (const { config, ours, conf } of both(cases)) {
      if (compare !== undefined) expect(conf, JSON.stringify(config)).toMatchObject(compare(ours, config));
    }
  });
});

describe.each(META)('%s', (type) => {
  it('rejects exactly what the plugin rejects', () => {
    const configs = generated(type);
    const { answers } = ask(type, configs);
    const cases = configs.map((config, i): Case => {
      const own = without(config, 'cniVersion', 'name');
      const chain = { ...HEAD, plugins: [{ type: 'macvlan' }, own] };
      return { config, ours: read(chain), real: answers[i] ?? {} };
    });
    expect(disagreements(cases, type === 'tuning' ? [/invalid MTU/] : BY_THE_NODE).slice(0, 3)).toEqual([]);
    expect(answers.filter(({ error }) => error === undefined).length).toBeGreaterThan(COUNT / 20);
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(COUNT / 20);
  });
});

const SUBNETS = [
  '10.0.0.0/24',
  '10.0.0.0/28',
  '10.0.0.0/30',
  '10.0.0.0/31',
  '10.0.0.5/24',
  '10.0.1.0/26',
  'fd00::/120',
  'fd00::/64',
  'fd00::/127',
  '010.0.0.0/24',
  'x',
  '',
];
const ENDS = [
  '10.0.0.1',
  '10.0.0.0',
  '10.0.0.5',
  '10.0.0.9',
  '10.0.0.255',
  '10.0.1.7',
  '10.0.1.1',
  'fd00::5',
  'fd00::',
  'fd00::ff',
  '',
  'x',
  '::ffff:10.0.0.9',
  '010.0.0.5',
];
const IPAM_HINTS: Readonly<Record<string, Hints>> = {
  'host-local': { subnet: SUBNETS, rangeStart: ENDS, rangeEnd: ENDS, gateway: ENDS, dataDir: [''], resolvConf: [''] },
  static: { address: ['10.0.0.5/24', 'fd00::5/64', '10.0.0.5', '', '10.0.0.6/24'] },
  dhcp: {},
  whereabouts: {
    range: [
      ...SUBNETS,
      '10.0.0.5-10.0.0.9/24',
      '10.0.0.9-10.0.0.5/24',
      '10.0.1.5-10.0.0.9/24',
      '10.0.0.7-10.0.0.9/28',
      'fd00::5-fd00::9/120',
      '10.0.0.0/32',
      'x-10.0.0.0/24',
      '10.0.0.5-10.0.0.9',
    ],
    range_start: ENDS,
    range_end: ENDS,
    exclude: [
      [],
      ['10.0.0.4/30'],
      ['10.0.0.0/28', '10.0.0.130'],
      ['fd00::8/125'],
      ['x'],
      ['10.0.0.9/32', '10.0.0.10/31'],
      [''],
    ],
    gateway: ['', '10.0.0.1', 'x', '010.0.0.1'],
    network_name: ['', 'blue'],
    kubernetes: [{}],
    address: ['10.0.0.5/24', 'fd00::5/64'],
  },
};

function generatedIpam(type: string): readonly object[] {
  const random = chance(type.length * 77 + 5);
  const plugin = ipamOf(type);
  if (plugin.fields === 'any') throw new Error(`no fields of ${type}`);
  // Since 0.9, or the name of a file on the machine.
  const fields = without(plugin.fields, 'node_slice_size', 'log_file', 'log_level', 'configuration_path') as Fields;
  return Array.from({ length: COUNT }, () => {
    const outer =
      plugin.outer !== undefined && random() < 0.1 ? objectOf(random, plugin.outer, IPAM_HINTS[type] ?? {}, 0.5) : {};
    // Ranges, addresses and requests passed by the runtime are not part of the config.
    const rest = Object.fromEntries(Object.entries(outer).filter(([, value]) => typeof value !== 'object'));
    return {
      ...HEAD,
      cniVersion: pick(random, ['1.0.0', '0.3.1', '0.2.0', '1.1.0']),
      type: 'macvlan',
      master: 'lo',
      ...rest,
      ipam: {
        type,
        ...objectOf(random, fields, IPAM_HINTS[type] ?? {}, pick(random, [0.15, 0.35])),
        ...base(type, random),
      },
    };
  });
}

/** Without a range, nearly every config is rejected. */
function base(type: string, random: () => number): object {
  if (type === 'host-local' && random() < 0.7) return { subnet: pick(random, SUBNETS.slice(0, 3)) };
  if (type === 'whereabouts' && random() < 0.7)
    return { range: pick(random, ['10.0.0.0/24', '10.0.0.0/28', 'fd00::/120']) };
  return {};
}

describe.each(['host-local', 'static', 'dhcp', 'whereabouts'])('%s', (type) => {
  const configs = generatedIpam(type);
  const { answers } = ask(type, configs);
  const cases = configs.map((config, i): Case => ({ config, ours: read(config), real: answers[i] ?? {} }));

  it('rejects exactly what the plugin rejects', () => {
    // A network that is too small is rejected up to 0.9 only; a config without a range may have one in a file on the
    // node. whereabouts accepts a config whose `exclude` leaves nothing, and rejects every pod.
    expect(disagreements(cases, [/"exclude" leaves no address/]).slice(0, 3)).toEqual([]);
    expect(answers.filter(({ error }) => error === undefined).length).toBeGreaterThan(COUNT / 20);
    expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(COUNT / 20);
  });

  it('assigns the same addresses', () => {
    let compared = 0;
    for (const { config, ours, conf } of both(cases)) {
      const { ipam } = ours;
      if (!Array.isArray(conf['addresses']) || ours.problems.some((text) => text.includes('addresses outside')))
        continue;
      const addresses = new Set(conf['addresses'] as readonly string[]);
      const text = JSON.stringify(config);
      compared++;
      if (conf['truncated'] === true) {
        for (const ip of addresses)
          expect(
            ipam?.allocatable.some((range) => rangeContains(range, ip)),
            `${ip} ${text}`,
          ).toBe(true);
        continue;
      }
      const missing = [...addresses].filter(
        (ip) => ipam?.allocatable.some((range) => rangeContains(range, ip)) !== true,
      );
      expect(missing, `${text} ${ipam?.allocatable.map(rangeText).join(' ') ?? ''}`).toEqual([]);
      expect(ipam?.size ?? 0, `${text} ${ipam?.allocatable.map(rangeText).join(' ') ?? ''}`).toBe(addresses.size);
    }
    if (type !== 'dhcp') expect(compared).toBeGreaterThan(COUNT / 20);
  });

  if (type === 'whereabouts') {
    it('names its pools in the same way', () => {
      for (const { config, ours, conf } of both(cases)) {
        const prefix = ours.ipam?.networkName == null ? '' : `${ours.ipam.networkName}-`;
        const names = new Set(ours.ipam?.subnets.map((range) => `${prefix}${rangeInName(range) ?? ''}`));
        expect(names, JSON.stringify(config)).toEqual(new Set(conf['pools'] as readonly string[]));
      }
    });
  }
});

/** Our table of a plugin's fields, in the format in which the probe prints Go's. */
function shapeOf(field: Field): unknown {
  if (field === ROUTE) return 'route';
  if (Array.isArray(field)) return [shapeOf(field[0] as Field)];
  if (typeof field === 'object') {
    return Object.fromEntries(Object.entries(field as Fields).map(([key, inner]) => [key, shapeOf(inner)]));
  }
  return field;
}

/** Decoded by every plugin, and compared for all of them (`types.NetConf`). */
const COMMON = ['cniVersion', 'name', 'type', 'capabilities', 'ipam', 'dns', 'prevResult', 'cni.dev/valid-attachments'];

const withoutCommon = (shape: unknown): Record<string, unknown> => without(shape as object, ...COMMON);

describe('the fields of the tables equal those of the plugins', () => {
  it.each([...MAIN, ...META])('%s', (type) => {
    const { shape } = ask(type, []);
    // An empty `args` accepts any object.
    const own = withoutCommon(shape);
    const args = JSON.stringify(own['args']) === '{}' ? { args: {} } : {};
    expect({ ...(shapeOf(fieldsOf(type)) as object), ...args }).toEqual(own);
  });

  it.each(['host-local', 'static', 'dhcp'])('%s', (type) => {
    const { shape } = ask(type, []);
    const { ipam, ...outer } = shape as { readonly ipam: Readonly<Record<string, unknown>> };
    const own = without(ipam, 'name', 'type', 'Name');
    const plugin = ipamOf(type);
    // Derived from the two texts beside them, never from JSON.
    const [entry] = (own['addresses'] ?? []) as readonly object[];
    const address = without(entry ?? {}, 'Address', 'Version');
    const written = type === 'static' ? { ...own, addresses: [address] } : own;
    expect(shapeOf(plugin.fields === 'any' ? {} : plugin.fields)).toEqual(written);
    const around = JSON.parse(JSON.stringify(withoutCommon(outer)).replaceAll('"ip.IP"', '"string"')) as object;
    expect(plugin.outer === undefined ? {} : shapeOf(plugin.outer)).toEqual(around);
  });

  it('every built plugin is compared', () => {
    expect([...MAIN, ...META, 'host-local', 'static', 'dhcp', 'whereabouts'].sort()).toEqual([...PROBES].sort());
  });
});
