import { answerText, applyFilter } from '../../../e2e/testing/queries';
import { describe, expect, test } from 'vitest';
import { createCluster, pool } from '../../../e2e/testing/layout';
import { aSubnet } from '../../../e2e/testing/records';
import { createReplica } from '../../records/replica';
import { NO_FILTER, type Filter } from '../filter';
import type { ViewSource } from '../view-source';
import { filterText, planFilter } from './filter-query';

const UNMANAGED = { state: 'unmanaged', rule: 'no-manage-tag', certainty: 'observed', observed: false } as const;
const OUTSIDE = { state: 'outside', rule: 'card-not-managed', certainty: 'observed', observed: null } as const;
const UNKNOWN = { state: 'unknown', rule: 'unknown', certainty: 'unknown', observed: null } as const;

const NEAR = 'ip-10-8-6-52.internal';
const FAR = 'ip-10-18-6-52.internal';

/**
 * Two nodes whose names contain each other's digits, four ENIs with every kind of management, and a node without data.
 */
function build(): ViewSource {
  const made = createCluster()
    .network('core', 'n6')
    .network('core', 'n6-data')
    .node(NEAR, {
      zone: 'a',
      instanceType: 'm5.large',
      pools: [pool(2, 1, 0, null)],
      headroom: { pods: 0, limitedBy: 'slots' },
      podCount: 2,
      maxPods: 4,
      ready: true,
    })
    .node(FAR, { zone: 'b', instanceType: 'm5.4xlarge', headroom: { pods: 7, limitedBy: 'max-pods' }, ready: null })
    .node('lost', { zone: null, instanceType: null, headroom: { pods: null, limitedBy: 'unknown' }, maxPods: null })
    .eni(NEAR, { id: 'eni-0a1', states: 'paaw', capacity: 3, subnet: 'subnet-1', securityGroups: ['sg-1'] })
    .eni(NEAR, { id: 'eni-0a2', states: 'pa', net: '10.6.0', capacity: 9, subnet: 'subnet-2', management: UNMANAGED })
    .eni(FAR, { id: 'eni-1a1', states: 'p', net: '10.7.0', capacity: null, subnet: 'subnet-1', management: OUTSIDE })
    .eni(FAR, {
      id: 'eni-0b9',
      states: 'p',
      net: '10.8.0',
      capacity: null,
      subnet: null,
      management: UNKNOWN,
      tags: { team: 'core' },
    })
    .pod(NEAR, 'core', 'upf-0', { ips: ['10.0.1.11'], labels: { app: 'upf', team: 'mobile' } })
    .iface('core', 'upf-0', 'eth0', { ip: '10.0.1.11', eni: 'eni-0a1', card: 0 })
    .iface('core', 'upf-0', 'net1', { ip: '10.6.0.11', eni: 'eni-0a2', card: 0, network: 'net:core/n6' })
    .pod(NEAR, 'core-2', 'web-0', { ips: ['10.0.1.12'], phase: 'Pending', labels: {} })
    .iface('core-2', 'web-0', 'eth0', { ip: '10.0.1.12', eni: 'eni-0a1', card: 0, mac: '02:5e:18:a2:0c:44' })
    .pod(FAR, 'shop', 'cart', { hostNetwork: true, labels: { app: 'cart' } })
    .pod(null, 'shop', 'waits', { phase: 'Pending' })
    .iface('shop', 'waits', 'eth0', { state: 'requested' })
    .finding('error', 'eni-leaked', ['eni-0a2'])
    .finding('warning', 'pool-low', [`node:${NEAR}`])
    .finding('warning', 'pod-start-failed', ['pod:core-2/web-0', `node:${NEAR}`]);
  const { records, cluster } = made.build();
  const replica = createReplica();
  const subnets = [
    aSubnet('subnet-1', { cidr: '10.0.0.0/24', availableAddresses: 10, freePrefixes: 0, zone: 'a' }),
    aSubnet('subnet-2', { cidr: '10.6.0.0/24', availableAddresses: 200, freePrefixes: null, zone: 'b' }),
    aSubnet('subnet-3', { cidr: '10.9.0.0/24', availableAddresses: null, freePrefixes: 3, zone: null }),
  ];
  replica.reset({ ...records, subnets: new Map(subnets.map((subnet) => [subnet.id, subnet])) }, cluster);
  return replica;
}

const source = build();

function ids(query: string): readonly string[] {
  const { table, problem } = answerText(source, query);
  return table === null ? [problem] : table.rows.map(({ id }) => id.replace(/^(?:node|pod|if|net):/, '')).sort();
}

describe('the matches of a query', () => {
  test.each<[query: string, found: readonly string[]]>([
    ['node', [NEAR, FAR, 'lost'].sort()],
    // Whole parts of a name.
    ['node node:8-6-52', [NEAR]],
    ['node node:6-52', [NEAR, FAR].sort()],
    ['node node:6-5', []],
    ['node node:6-5*', [NEAR, FAR].sort()],
    [`node node:"${NEAR}"`, [NEAR]],
    ['node node:"8-6-52"', []],
    ['node -node:8-6-52', [FAR, 'lost'].sort()],
    ['node 8-6-52', [NEAR, FAR].sort()],
    // An unknown value is neither zero nor any other value.
    ['node room:0', [NEAR]],
    ['room<=7', [FAR, NEAR]],
    ['room>=0', [FAR, NEAR]],
    ['room:unknown', ['lost']],
    ['-room:0', [FAR, 'lost'].sort()],
    ['node room:0,7', [FAR, NEAR]],
    ['ready:yes', [NEAR, 'lost'].sort()],
    ['ready:unknown', [FAR]],
    ['node pods>=50%', [NEAR]],
    ['node pods<50%', [FAR]],
    ['node type:m5.large', [NEAR]],
    ['node type:m5.*', [FAR, NEAR]],
    ['node subnet:subnet-2', [NEAR]],
    ['node finding:eni-leaked', [NEAR]],
    ['node finding:none', [FAR, 'lost'].sort()],
    ['eni managed:no', ['eni-0a2', 'eni-1a1']],
    ['eni managed:yes', ['eni-0a1']],
    ['eni managed:unknown', ['eni-0b9']],
    ['eni -managed:no', ['eni-0a1', 'eni-0b9']],
    ['why:card-not-managed', ['eni-1a1']],
    ['eni eni:0a', ['eni-0a1', 'eni-0a2']],
    ['eni eni:a1', []],
    ['eni free:0', ['eni-0a1']],
    ['eni free>0', ['eni-0a2']],
    ['eni free:unknown', ['eni-0b9', 'eni-1a1']],
    ['eni free>=88%', ['eni-0a2']],
    ['eni warm:1', ['eni-0a1']],
    ['eni state:warm,unclaimed', ['eni-0a1']],
    ['eni tag:team=core', ['eni-0b9']],
    ['eni tag:core', ['eni-0b9']],
    ['eni ip:10.6.0.0/16', ['eni-0a2']],
    ['eni node:8-6-52 subnet:subnet-1', ['eni-0a1']],
    ['subnet free<5%', ['subnet-1']],
    ['subnet free<3', []],
    ['subnet free>100', ['subnet-2']],
    ['subnet free:unknown', ['subnet-3']],
    ['subnet used>90%', ['subnet-1']],
    ['blocks:0', ['subnet-1']],
    ['subnet ip:10.6.0.9', ['subnet-2']],
    ['subnet node:18-6-52', ['subnet-1']],
    ['network net:n6', ['core/n6', 'core/n6-data']],
    ['network net:"core/n6"', ['core/n6']],
    ['network node:8-6-52', ['core/n6']],
    ['ns:core', ['core/upf-0/eth0', 'core/upf-0/net1']],
    ['ns:core*', ['core-2/web-0/eth0', 'core/upf-0/eth0', 'core/upf-0/net1']],
    ['label:app=upf', ['core/upf-0/eth0', 'core/upf-0/net1']],
    ['label:APP=UPF net:n6', ['core/upf-0/net1']],
    ['label:mobile', ['core/upf-0/eth0', 'core/upf-0/net1']],
    ['-label:app', ['core-2/web-0/eth0', 'shop/waits/eth0']],
    ['pod label:app', ['core/upf-0', 'shop/cart']],
    ['pod label:app=*', ['core/upf-0', 'shop/cart']],
    ['pod label:ap', []],
    ['pod -label:app', ['core-2/web-0', 'shop/waits']],
    ['pod label:app -label:app=upf', ['shop/cart']],
    ['pod label:app phase:Running', ['core/upf-0', 'shop/cart']],
    ['pod app=upf', ['core/upf-0']],
    ['app=upf', ['core/upf-0/eth0', 'core/upf-0/net1']],
    ['NET:N6', ['core/upf-0/net1']],
    ['net:cluster ns:core', ['core/upf-0/eth0']],
    ['pod:upf', ['core/upf-0/eth0', 'core/upf-0/net1']],
    ['pod:core/upf-0 net:n6', ['core/upf-0/net1']],
    ['ip:10.0.1.12', ['core-2/web-0/eth0']],
    ['ip:10.6.', ['core/upf-0/net1']],
    ['ip:10.0', ['core-2/web-0/eth0', 'core/upf-0/eth0']],
    ['mac:5e:18', ['core-2/web-0/eth0']],
    ['a2:0c:44', ['core-2/web-0/eth0']],
    ['state:requested', ['shop/waits/eth0']],
    ['-ns:core,core-2', ['shop/waits/eth0']],
    ['-node:8-6-52', ['shop/waits/eth0']],
    ['severity:error ns:core', ['core/upf-0/net1']],
    ['phase:pending', ['core-2/web-0', 'shop/waits']],
    ['pod host:yes', ['shop/cart']],
    ['pod node:8-6-52', ['core-2/web-0', 'core/upf-0']],
    ['finding:error', ['f:eni-leaked/eni-0a2']],
    ['finding node:8-6-52', ['f:eni-leaked/eni-0a2', 'f:pod-start-failed/pod:core-2/web-0', `f:pool-low/node:${NEAR}`]],
    ['finding ns:core-2', ['f:pod-start-failed/pod:core-2/web-0']],
  ])('%s', (query, found) => expect(ids(query)).toEqual(found));
});

describe('the records of other kinds that pass a filter', () => {
  const left = (text: string, facets: Partial<Filter> = {}) => {
    const result = applyFilter(source, { ...NO_FILTER, ...facets, text });
    if (result === null) throw new Error('no result');
    const { shown, nodes, enis, subnets, networks, pods, findings } = result;
    return Object.fromEntries(
      Object.entries({ shown, nodes, enis, subnets, networks, pods, findings }).map(([kind, found]) => [
        kind,
        [...found].sort(),
      ]),
    );
  };
  test('an ENI: its interfaces, their pods and networks, its node and subnet, findings on it', () =>
    expect(left('eni managed:no node:8-6-52')).toEqual({
      shown: ['if:core/upf-0/net1'],
      nodes: [`node:${NEAR}`],
      enis: ['eni-0a2'],
      subnets: ['subnet-2'],
      networks: ['net:core/n6'],
      pods: ['pod:core/upf-0'],
      findings: ['f:eni-leaked/eni-0a2'],
    }));
  test('a node: all that is on it', () =>
    expect(left('room:0')).toMatchObject({
      nodes: [`node:${NEAR}`],
      enis: ['eni-0a1', 'eni-0a2'],
      subnets: ['subnet-1', 'subnet-2'],
      pods: ['pod:core-2/web-0', 'pod:core/upf-0'],
    }));
  test('a subnet: the ENIs in it, and their interfaces', () =>
    expect(left('subnet subnet:subnet-2')).toMatchObject({
      shown: ['if:core/upf-0/net1'],
      nodes: [`node:${NEAR}`],
      subnets: ['subnet-2'],
    }));
  test('a key of every kind: matching records, and records with a matching interface', () => {
    const { nodes, networks, subnets } = left('ns:core');
    expect({ nodes, networks, subnets }).toEqual({
      nodes: [`node:${NEAR}`],
      networks: ['cluster', 'net:core/n6', 'net:core/n6-data'],
      subnets: ['subnet-1', 'subnet-2'],
    });
    // The node has no interface.
    expect(left('node:18-6-52')).toMatchObject({ nodes: [`node:${FAR}`], enis: ['eni-0b9', 'eni-1a1'], shown: [] });
  });
  test('a finding: the records that it names, but not the subnets of a node that it names', () =>
    expect(left('', { severities: ['warning'] })).toMatchObject({
      nodes: [`node:${NEAR}`],
      subnets: [],
      findings: ['f:pod-start-failed/pod:core-2/web-0', `f:pool-low/node:${NEAR}`],
    }));
  test('the query’s kind is counted, and each part counts what it hides by itself', () => {
    const { counted, total, hides, parts, share } =
      applyFilter(source, { ...NO_FILTER, text: 'eni managed:no node:8-6-52' }) ?? {};
    expect({ counted, total, hides, parts, share }).toEqual({
      counted: 'ENIs',
      total: 4,
      hides: 3,
      parts: [
        { label: 'managed:no', hides: 2 },
        { label: 'node:8-6-52', hides: 2 },
      ],
      share: 1,
    });
  });
  test('free slots match on the selected ENIs', () => {
    expect(applyFilter(source, { ...NO_FILTER, text: 'eni managed:yes' })?.freeOn).toEqual(new Set(['eni-0a1']));
    expect(applyFilter(source, { ...NO_FILTER, text: 'ns:core' })?.freeOn).toBeNull();
  });
});

test('facets and text are one query', () => {
  const filter: Filter = {
    namespaces: ['core'],
    networks: ['net:core/n6', 'cluster'],
    states: ['assigned'],
    severities: ['error'],
    rules: ['eni-leaked'],
    text: 'upf',
  };
  expect(filterText(filter)).toBe(
    'ns:"core" net:"core/n6","cluster" state:assigned severity:error rule:"eni-leaked" upf',
  );
  expect(planFilter({ ...NO_FILTER, namespaces: ['core'], text: 'subnet free<5%' }).problem).toBe(
    'ns:core: subnets have no ns; leave it out, or ask for interfaces, pods, networks or findings',
  );
  expect(planFilter(NO_FILTER)).toEqual({ plan: null, problem: null });
});
