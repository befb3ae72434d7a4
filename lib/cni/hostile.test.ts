/** All text from the cluster may be hostile: it is parsed, or rejected with a problem, never slowly and never with a crash. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNetworkConfig } from './config';
import { parseDefaultNetwork } from './multus/default-network';
import { parseNetworksAnnotation } from './multus/networks';
import { parseNetworkStatus } from './multus/status';
import { PLUGINS } from './registry';

const READERS = {
  networks: (text: string) => parseNetworksAnnotation(text, 'shop'),
  'default network': (text: string) => parseDefaultNetwork(text),
  status: (text: string) => parseNetworkStatus(text, null),
  config: (text: string) => readNetworkConfig(text, 'a/b'),
};
const readers = Object.entries(READERS);

const MEGABYTE = 1_000_000;
const fill = (unit: string): string => unit.repeat(Math.ceil(MEGABYTE / unit.length)).slice(0, MEGABYTE);
const many = (count: number, make: (i: number) => unknown): string =>
  JSON.stringify(Array.from({ length: count }, (_, i) => make(i)));

const MEGABYTES: Readonly<Record<string, string>> = {
  names: fill('abc,'),
  'one name': fill('a'),
  commas: fill(','),
  blanks: fill(' '),
  'blanks and a name': `${fill(' ')}a`,
  slashes: fill('/'),
  signs: fill('@'),
  dashes: fill('a-'),
  dots: fill('1.'),
  colons: fill('a:'),
  'open lists': fill('['),
  'open objects': fill('{"a":'),
  'deep lists': '['.repeat(500_000) + ']'.repeat(500_000),
  'quotes that never close': `[{"name":"${fill('\\"')}`,
  backslashes: `["${fill('\\')}`,
  escapes: `["${fill('\\u0041')}"]`,
  'replacement characters': fill('\ufffd'),
  '10,000 entries': many(10_000, (i) => ({
    name: `n${i}`,
    interface: `net${i}`,
    ips: [`10.0.${i >> 8}.${i & 255}`],
    mac: '02:00:00:00:00:01',
  })),
  '10,000 requests': many(10_000, (i) => ({ name: `n${i}`, ips: [`10.0.${i >> 8}.${i & 255}/24`] })),
  'nothing but null': many(200_000, () => null),
  'a key repeated without end': `[{${Array.from({ length: 60_000 }, () => '"ips":["10.0.0.1"]').join(',')}}]`,
  'a long list, written over again and again': `[{"ips":[${Array.from({ length: 40_000 }, () => '"10.0.0.1"').join(',')}]${',"ips":[null]'.repeat(30_000)}}]`,
  'a map that grows key by key': `[{${Array.from({ length: 25_000 }, (_, i) => `"cni-args":{"k${i}":1}`).join(',')}}]`,
  'capabilities that grow key by key': `{"name":"n","type":"macvlan"${Array.from({ length: 25_000 }, (_, i) => `,"capabilities":{"k${i}":true}`).join('')}}`,
  'numbers without end': `[{"cni-args":{"x":[${fill('1,')}1]}}]`,
  'one entry with many addresses': JSON.stringify([
    { name: 'n', ips: Array.from({ length: 60_000 }, (_, i) => `10.${i >> 8}.${i & 255}.1`) },
  ]),
  'one entry with many bad addresses': JSON.stringify([
    { name: 'n', ips: Array.from({ length: 60_000 }, (_, i) => `x${i}`) },
  ]),
  'many keys': JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`key${i}`, i]))),
  'a plugin with many keys': JSON.stringify({
    type: 'macvlan',
    ...Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`maste${i}`, i])),
  }),
  'a chain without end': JSON.stringify({
    cniVersion: '0.3.1',
    plugins: Array.from({ length: 40_000 }, () => ({ type: 'macvlan' })),
  }),
  'a chain of strangers': JSON.stringify({
    cniVersion: '0.3.1',
    plugins: Array.from({ length: 40_000 }, (_, i) => ({ type: `t${i}` })),
  }),
  'many host-local ranges': JSON.stringify({
    type: 'macvlan',
    ipam: {
      type: 'host-local',
      ranges: Array.from({ length: 20_000 }, (_, i) => [{ subnet: `10.${i >> 8}.${i & 255}.0/24` }]),
    },
  }),
  'many excludes': JSON.stringify({
    type: 'macvlan',
    ipam: {
      type: 'whereabouts',
      range: '10.0.0.0/8',
      exclude: Array.from({ length: 50_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/30`),
    },
  }),
  'many ranges with excludes': JSON.stringify({
    type: 'macvlan',
    ipam: {
      type: 'whereabouts',
      ipRanges: Array.from({ length: 10_000 }, (_, i) => ({
        range: `10.${i >> 8}.${i & 255}.0/24`,
        exclude: [`10.${i >> 8}.${i & 255}.4/30`],
      })),
    },
  }),
  'many routes': JSON.stringify({
    type: 'macvlan',
    ipam: {
      type: 'host-local',
      subnet: '10.0.0.0/8',
      routes: Array.from({ length: 30_000 }, (_, i) => ({ dst: `10.${i >> 8}.${i & 255}.0/24` })),
    },
  }),
  'many links': JSON.stringify({
    type: 'bond',
    mode: '1',
    links: Array.from({ length: 50_000 }, (_, i) => ({ name: `net${i}` })),
  }),
  'a long master': JSON.stringify({ type: 'ipvlan', master: fill('eth.') }),
  'a long range': JSON.stringify({ type: 'ipvlan', ipam: { type: 'whereabouts', range: fill('0') } }),
};

// Takes 5 to 40 ms each on an idle machine. Only non-linear work must fail, so this measures processor time, which is less
// affected by a busy machine, with a wide bound: one quadratic step over a megabyte takes minutes.
const CPU_BOUND_MS = 1000;
const cpuMs = (): number => process.cpuUsage().user / 1000;

it('reports a list that is too long to read, and counts nothing in it', () => {
  const network = readNetworkConfig(MEGABYTES['many excludes'] ?? '', null);
  expect(network.problems).toEqual(['whereabouts: "exclude" has 50000 elements, of which the first 4096 are read']);
  expect(network.ipam).toMatchObject({ ranges: ['10.0.0.0/8'], size: null, allocatable: [] });
});

it.each([
  [10_000, 'valid'],
  [10_001, 'invalid'],
])('%i networks are %s', (count, state) => {
  for (const text of ['a,'.repeat(count - 1), many(count, () => ({ name: 'a' }))]) {
    const { annotation, selections } = parseNetworksAnnotation(text, 'shop');
    expect(annotation.state).toBe(state);
    expect(selections).toHaveLength(state === 'valid' ? count : 0);
  }
});

it('keeps the first 20,000 addresses, wherever they are', () => {
  const ips = Array.from({ length: 15_000 }, (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
  const { entries, problems } = parseNetworkStatus(
    JSON.stringify([
      { name: 'a', ips },
      { name: 'b', ips },
    ]),
    null,
  );
  expect(entries.map((entry) => entry.ips.length)).toEqual([15_000, 5_000]);
  expect(problems).toEqual(['network-status has more than 20000 addresses, of which the first are read']);
});

it('keeps the first 10,000 status entries', () => {
  const { annotation, entries, problems } = parseNetworkStatus(
    many(10_001, () => ({ name: 'a' })),
    null,
  );
  expect(annotation.state).toBe('valid');
  expect(entries).toHaveLength(10_000);
  expect(problems).toEqual(['network-status has 10001 entries, of which the first 10000 are read']);
});

describe.each(readers)('%s: a megabyte', (_, read) => {
  it.each(Object.keys(MEGABYTES))('of %s', (name) => {
    const text = MEGABYTES[name] ?? '';
    const start = cpuMs();
    read(text);
    expect(cpuMs() - start).toBeLessThan(CPU_BOUND_MS);
  });
});

/** Checks that a result is JSON-safe, and that its texts for people are short. */
function check(name: string, text: string, result: unknown): void {
  if (name === 'networks' || name === 'status') {
    const { annotation } = result as ReturnType<typeof parseNetworksAnnotation>;
    expect(annotation.error === null).toBe(annotation.state !== 'invalid');
    JSON.stringify(result);
  }
  if (name === 'config') {
    const network = result as ReturnType<typeof readNetworkConfig>;
    expect(network.state === 'invalid' ? network.error : 'none').not.toBeNull();
    if (network.mainPlugin !== null) expect(network.mainPlugin).toBeLessThan(network.plugins.length);
    expect(network.faults.length).toBeLessThan(60);
    expect(network.problems.join('').length).toBeLessThan(20_000 + text.length);
  }
}

const KEYS = [
  ...[
    'name',
    'namespace',
    'interface',
    'interfaceRequest',
    'ips',
    'mac',
    'default-route',
    'cni-args',
    'portMappings',
    'bandwidth',
  ],
  ...[
    'default',
    'mtu',
    'gateway',
    'dns',
    'device-info',
    'device',
    'pci',
    'pci-address',
    'type',
    'plugins',
    'ipam',
    'capabilities',
  ],
  ...['ranges', 'subnet', 'rangeStart', 'range', 'exclude', 'ipRanges', 'addresses', 'address', 'routes', 'dst', 'gw'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Name', 'TYPE', ' type', 'type:', ''],
  ...new Set(PLUGINS.flatMap((plugin) => (plugin.fields === 'any' ? [] : Object.keys(plugin.fields)))),
];
const TEXTS = [
  ...PLUGINS.map(({ type }) => type),
  ...[
    'host-local',
    'static',
    'dhcp',
    'whereabouts',
    '10.0.0.0/24',
    '10.0.0.9-10.0.0.5/24',
    'fd00::/64',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.1',
  ],
  ...[
    '02:00:00:00:00:01',
    '254',
    '<nil>',
    '<script>alert(1)</script>',
    '\u0000',
    '\ud800',
    '\ufffd',
    '‮',
    'eth0:1',
    '/',
    '-',
    '0.3.1',
    'true',
    '',
  ],
];
const leaf = fc.oneof(
  fc.constantFrom<unknown>(...TEXTS, null, true, false, 0, -1, 1.5, 4096, 2 ** 60, 1e308),
  fc.string({ maxLength: 6 }),
);
const hostile = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 6 })
      .map((pairs) => Object.fromEntries(pairs)),
  ),
})).value;
const config = fc
  .tuple(
    fc.constantFrom(...PLUGINS.map(({ type }) => type), 'stranger'),
    fc.array(fc.tuple(fc.constantFrom(...KEYS), hostile), { maxLength: 8 }),
  )
  .map(([type, pairs]) => ({ ...Object.fromEntries(pairs), type }));

describe.each(readers)('%s: arbitrary input', (name, read) => {
  it('of any shape, with any type in any field', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostile,
          config,
          fc.array(config, { maxLength: 3 }).map((plugins) => ({ cniVersion: '1.0.0', plugins })),
        ),
        (value) => {
          const text = JSON.stringify(value);
          check(name, text, read(text));
        },
      ),
      { seed: 21, numRuns: 3000 },
    );
  });
  it('of any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: fc.constantFrom('[', '{', '"', ',', '/', '@', 'a', ' ', ':', '}', ']') }),
        ),
        (text) => {
          check(name, text, read(text));
        },
      ),
      { seed: 22, numRuns: 2000 },
    );
  });
  it('of a truncated text', () => {
    fc.assert(
      fc.property(hostile, fc.double({ min: 0, max: 1, noNaN: true }), (value, part) => {
        const whole = JSON.stringify([value]);
        const text = whole.slice(0, Math.floor(whole.length * part));
        check(name, text, read(text));
      }),
      { seed: 23, numRuns: 1000 },
    );
  });
  it('is deterministic', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual(read(text));
      }),
      { seed: 24, numRuns: 300 },
    );
  });
});

it('text from the cluster cannot change a prototype', () => {
  const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"type":"macvlan"}';
  for (const [, read] of readers) read(`[${evil}]`);
  readNetworkConfig(evil, null);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
