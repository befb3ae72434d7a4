import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  aFinding,
  aNode,
  anEni,
  anInterface,
  aPod,
  aPool,
  aSource,
  aSubnet,
  recordMaps,
} from '../../../e2e/testing/records';
import { ENIS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import { systemClock } from '../store/clock';
import { Store } from '../store/store';
import { factReadings } from './fact-metrics';
import { addGauges } from './gauges';

type Tables = Parameters<typeof recordMaps>[0];

const AS_OF = '2026-09-01T12:00:00Z';
const sources = [NODES, PODS, ENIS, SUBNETS].map((id) => aSource(id, 'live', { asOf: AS_OF }));

/** The series of a family, `{state="free"} 3`, sorted, for records with every source answered. */
async function series(name: string, tables: Tables): Promise<string[]> {
  const store = new Store({ epoch: 'e', clock: systemClock });
  store.reset(recordMaps({ sources, ...tables }), store.replica.cluster);
  const registry = new Registry();
  addGauges([registry], factReadings(store));
  const text = await registry.metrics();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
    .map((line) => line.slice(name.length))
    .sort();
}

const pools = (...changes: Parameters<typeof aPool>[0][]): Tables => ({
  nodes: [aNode('n', { pools: changes.map((change) => aPool(change)) })],
});
const next = { action: 'attach-eni', count: 1, reason: 'r', blockedBy: null } as const;

describe('subnets', () => {
  const subnet = { cidr: '10.0.0.0/24', zone: 'a', availableAddresses: 51, heldByCluster: 150, freePrefixes: 2 };
  it('counts the addresses by use', async () =>
    expect(await series('ifscope_subnet_addresses', { subnets: [aSubnet('subnet-1', subnet)] })).toEqual([
      '{subnet="subnet-1",zone="a",state="cluster"} 150',
      '{subnet="subnet-1",zone="a",state="free"} 51',
      '{subnet="subnet-1",zone="a",state="others"} 50',
    ]));
  it('has no series for unknown values', async () => {
    const unknown = { ...subnet, availableAddresses: null, heldByCluster: null, freePrefixes: null };
    expect(await series('ifscope_subnet_addresses', { subnets: [aSubnet('subnet-1', unknown)] })).toEqual([]);
    expect(await series('ifscope_subnet_free_prefixes', { subnets: [aSubnet('subnet-1', unknown)] })).toEqual([]);
  });
  it('names the 200 with the least room', async () => {
    const many = Array.from({ length: 300 }, (_, i) => aSubnet(`subnet-${i}`, { ...subnet, availableAddresses: i }));
    const free = await series('ifscope_subnet_free_prefixes', { subnets: many });
    expect(free).toHaveLength(200);
    expect(free.join()).toContain('"subnet-199"');
    expect(free.join()).not.toContain('"subnet-200"');
  });
});

it.each([
  ['met', { short: 0 }],
  ['short', { short: 3, next }],
  ['short', { short: 3, next: null }],
  ['blocked', { short: 3, next: { ...next, blockedBy: 'the subnet is full' } }],
  ['met', { short: 0, next: { ...next, blockedBy: 'the subnet is full' } }],
  ['unknown', { short: null }],
])('counts a pool as %s: %j', async (state, change) => {
  const counted = (await series('ifscope_pools', pools(change))).filter((line) => line.endsWith(' 1'));
  expect(counted).toEqual([`{state="${state}"} 1`]);
});

it('sums the addresses of known pools', async () =>
  expect(
    await series(
      'ifscope_pool_addresses',
      pools({ assigned: 3, warm: 2, cooling: null }, { assigned: null, warm: 4, cooling: null }),
    ),
  ).toEqual(['{state="assigned"} 3', '{state="warm"} 6']));

it.each([
  ['none', 0],
  ['some', 4],
  ['unknown', null],
] as const)('counts a node with %s room for pods', async (room, podsMore) => {
  const nodes = [aNode('n', { headroom: { pods: podsMore, limitedBy: 'unknown' } }), aNode('ghost', { gone: true })];
  const counted = (await series('ifscope_nodes', { nodes })).filter((line) => line.endsWith(' 1'));
  expect(counted).toEqual([`{room="${room}"} 1`]);
});

describe('waiting pods', () => {
  const pending = { phase: 'Pending', node: 'node:n', ips: [] };
  const wanted = anInterface('default', 'p', 'net1', { state: 'requested' });
  it.each([
    ['address', pending, []],
    ['node', { ...pending, node: null }, []],
    ['interface', { ...pending, ips: ['10.0.0.9'] }, [wanted]],
    [null, { ...pending, ips: ['10.0.0.9'] }, []],
    [null, { ...pending, hostNetwork: true }, []],
    [null, { ...pending, deleting: true }, []],
    [null, { ...pending, phase: 'Running' }, [wanted]],
  ])('for %s: %j', async (what, change, interfaces) => {
    const pods = [aPod('default', 'p', change)];
    const counted = (await series('ifscope_pods_waiting', { pods, interfaces })).filter((line) => line.endsWith(' 1'));
    expect(counted).toEqual(what === null ? [] : [`{for="${what}"} 1`]);
  });
});

it('counts leftover ENIs by kind, and all ENIs by management', async () => {
  const tables = { enis: [anEni(null, 'eni-1')], findings: [aFinding('eni-leaked', 'warning', ['eni-1'])] };
  expect(await series('ifscope_enis_leaked', tables)).toEqual(['{kind="branch"} 0', '{kind="eni"} 1']);
  expect(await series('ifscope_enis', tables)).toHaveLength(1);
});

it.each(['ifscope_pools', 'ifscope_nodes', 'ifscope_pods_waiting', 'ifscope_enis_leaked'])(
  'has no %s before its source has answered: missing is not zero',
  async (name) =>
    expect(await series(name, { sources: sources.map((source) => ({ ...source, asOf: null })) })).toEqual([]),
);
