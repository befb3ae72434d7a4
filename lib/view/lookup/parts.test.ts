/** Queries as users type them: a part of a name, a value shared by many records, or a query. */
import { applyFilter } from '../../../e2e/testing/queries';
import { describe, expect, it } from 'vitest';
import { eni, eth0, face, foreignEni, network, node, pod, subnet, world } from '../../../e2e/testing/findings';
import { aFinding } from '../../../e2e/testing/records';
import { NO_FILTER } from '../filter';
import { lookup } from './lookup';
import { MAX_HITS } from './answer';

const A = 'eni-0000000000000000a';
const F = 'eni-0000000000000000f';

const replica = world([
  node({ labels: { 'topology.kubernetes.io/zone': 'eu-west-1a', 'eks.amazonaws.com/nodegroup': 'workers' } }),
  node({ name: 'n2', instanceId: 'i-0b0000000000000b2', instanceType: 'm5.4xlarge', zone: 'eu-west-1b' }),
  eni(A, {
    mac: '02:5e:18:a2:0c:44',
    securityGroups: ['sg-0c3d000000000001', 'sg-0c3d000000000002'],
    addresses: [
      { ip: '10.26.0.4', state: 'primary', interface: null },
      { ip: '10.26.0.21', state: 'assigned', interface: 'if:core/p1/eth0' },
      { ip: '10.26.0.22', state: 'warm', interface: null },
      { ip: '10.26.1.22', state: 'warm', interface: null },
    ],
  }),
  foreignEni({ tags: { 'node.k8s.amazonaws.com/no_manage': 'true', team: 'upf' } }),
  pod('p1', { ips: ['10.26.0.21'], labels: { app: 'upf', 'app.kubernetes.io/name': 'upf', Team: 'Mobile' } }),
  pod('p2', { ips: ['10.26.0.4'], hostNetwork: true, labels: { app: 'upf' } }),
  pod('web-1', { namespace: 'shop', owner: { kind: 'ReplicaSet', name: 'web' } }),
  eth0({ ips: ['10.26.0.21'], mac: '02:5e:18:ff:00:01' }),
  face('net1'),
  network(),
  subnet('subnet-a', { cidr: '10.26.0.0/20', availableAddresses: 3, tags: { Name: 'pods-a' } }),
]);
const leaked = aFinding('eni-leaked', 'warning', [F], { title: 'A leaked ENI' });
replica.reset({ ...replica.records, findings: new Map([[leaked.id, leaked]]) }, replica.cluster);

describe('a part of an address or a MAC', () => {
  it.each<[text: string, asked: string, ids: readonly string[]]>([
    ['10.26.0.', 'range', ['subnet-a', A, 'if:core/p1/eth0', A]],
    ['10.26.1.', 'range', ['subnet-a', A]],
    ['10.26.1', 'range', ['subnet-a', A]],
    ['10.26', 'range', ['subnet-a', A, 'if:core/p1/eth0', A, A]],
    ['02:5e:18', 'mac', [A, 'if:core/p1/eth0']],
    ['025e.18', 'mac', [A, 'if:core/p1/eth0']],
    ['02-5E-18-A', 'mac', [A]],
    ['a2:0c:44', 'mac', [A]],
    ['a20c44', 'mac', [A]],
    ['025e18a20c44', 'mac', [A]],
    ['i-0b00', 'name', ['node:n2']],
    ['subnet-', 'name', ['subnet-a']],
  ])('%s', (text, asked, ids) => {
    const answer = lookup(replica, text);
    expect([answer.asked, answer.hits.map(({ id }) => id)]).toEqual([asked, ids]);
  });

  it.each(['10.99.', '2a:2a:2a', 'ffffff', '300.1.'])('%s without a record gives no hit', (text) =>
    expect(lookup(replica, text)).toMatchObject({ hits: [], groups: [], note: expect.any(String) as string }),
  );
});

const GROUPS: readonly (readonly [text: string, groups: readonly string[]])[] = [
  [
    '10.26.0.',
    [
      '1 interface matches ip:10.26.0.',
      '2 pods match ip:10.26.0.',
      '1 ENI matches ip:10.26.0.',
      '1 subnet matches ip:10.26.0.',
    ],
  ],
  [
    '10.26.0.0/24',
    [
      '1 interface matches ip:10.26.0.0/24',
      '2 pods match ip:10.26.0.0/24',
      '1 ENI matches ip:10.26.0.0/24',
      '1 subnet matches ip:10.26.0.0/24',
    ],
  ],
  ['net1', ['1 interface named net1']],
  ['m5.4xlarge', ['1 node of type m5.4xlarge']],
  ['eu-west-1b', ['1 node in eu-west-1b']],
  ['sg-0c3d', ['1 ENI with security group sg-0c3d: eni-0000000000000000a']],
  ['no_manage', ['1 ENI with “no_manage”']],
  ['team=upf', ['1 ENI with “team=upf”']],
  ['pods-a', ['1 subnet with “pods-a”']],
  ['workers', ['1 node in node group workers']],
  ['eks.amazonaws.com/nodegroup=workers', ['1 node with label eks.amazonaws.com/nodegroup=workers']],
  ['shop', ['1 pod in namespace shop']],
  ['app=upf', ['2 pods with label app=upf']],
  ['app', ['2 pods with a label app']],
  ['team', ['1 pod with a label team']],
  ['upf', ['2 pods with label app=upf', '1 pod with label app.kubernetes.io/name=upf']],
  ['mobile', ['1 pod with label Team=Mobile']],
  ['kubernetes.io/na', ['1 pod with label app.kubernetes.io/name=upf']],
  ['label:app=upf', ['2 interfaces match label:app=upf', '2 pods match label:app=upf']],
  ['eni-leaked', ['1 finding of rule eni-leaked']],
  ['warning', ['1 finding of severity warning']],
  ['ns:core', ['2 interfaces match ns:core', '2 pods match ns:core', '1 network matches ns:core']],
  ['state:warm', ['1 ENI matches state:warm']],
  ['free<5', ['1 subnet matches free<5']],
  ['finding:eni-leaked', ['1 finding matches finding:eni-leaked']],
  ['pod -ns:core', ['1 pod matches -ns:core']],
  ['node', ['2 nodes']],
];

describe('a value shared by several records is counted', () => {
  it.each(GROUPS)('%s', (text, groups) =>
    expect(lookup(replica, text).groups.map((group) => group.text)).toEqual(expect.arrayContaining([...groups])),
  );

  it.each(GROUPS)('%s: each count equals the length of the table that its query lists', (text) => {
    const { groups } = lookup(replica, text);
    expect(groups.length).toBeGreaterThan(0);
    for (const { query, total } of groups) {
      const result = applyFilter(replica, { ...NO_FILTER, text: query });
      expect([query, result === null ? null : result.total - result.hides]).toEqual([query, total]);
    }
  });

  it('reports octets with which no address begins', () =>
    expect(lookup(replica, '10.99.').note).toBe('no known address begins with 10.99.'));
});

describe('a query', () => {
  it('lists the first matches, or reports that there are none', () => {
    expect(lookup(replica, 'ns:core').hits.map(({ id }) => id)).toEqual(['if:core/p1/eth0', 'if:core/p1/net1']);
    expect(lookup(replica, 'state:warm').hits.map(({ id }) => id)).toEqual([A]);
    expect(lookup(replica, 'ns:nowhere')).toMatchObject({ asked: 'query', note: 'nothing matches ns:nowhere' });
    expect(lookup(replica, 'node room:99')).toMatchObject({ note: 'no nodes match room:99' });
  });

  it('that cannot be parsed is reported with the part and the remedy', () => {
    expect(lookup(replica, 'managed:perhaps')).toMatchObject({
      asked: 'query',
      hits: [],
      note: 'managed:perhaps: managed is one of yes, no, unknown',
    });
  });

  it('is not a query if a record has that id', () => {
    expect(lookup(replica, 'pod:core/p1')).toMatchObject({ asked: 'name', hits: [{ id: 'pod:core/p1' }, {}, {}] });
  });
});

it('counts very many similar names, and lists the first ones', () => {
  const many = world(Array.from({ length: 3_000 }, (_, index) => pod(`web-${index}`)));
  const { hits, total } = lookup(many, 'web-');
  expect([hits.length, total, hits[0]?.id]).toEqual([MAX_HITS, 3_000, 'pod:core/web-0']);
});
