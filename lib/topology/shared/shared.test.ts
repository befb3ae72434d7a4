/** Records that nodes share: networks, subnets, address pools; and signals. */
import { describe, expect, it } from 'vitest';
import type { EventFact, WhereaboutsPoolFact, WorkloadFact } from '../../model/facts';
import {
  AT,
  awsNode,
  batch,
  engineOf,
  eni,
  entry,
  get,
  iso,
  metrics,
  nad,
  node,
  ownEni,
  pod,
  remove,
  selection,
  status,
  subnet,
  upsert,
} from '../../../e2e/testing/facts';
import { selects } from './selector';

const object = (namespace: string, name: string) => ({
  namespace,
  name,
  uid: `u-${name}`,
  createdAt: null,
  deleting: false,
});

describe('networks', () => {
  it('are what the NAD’s config says', () => {
    const engine = engineOf([
      upsert(
        'nad',
        nad('lan', {
          cniVersion: '0.3.1',
          type: 'ipvlan',
          master: 'eth1',
          mode: 'l2',
          ipam: { type: 'host-local', subnet: '10.1.0.0/29' },
        }),
      ),
    ]);
    expect(get(engine, 'networks', 'net:default/lan')).toMatchObject({
      plugins: ['ipvlan'],
      mainPlugin: 0,
      parent: { kind: 'host-device', value: 'eth1' },
      mode: 'l2',
      ipam: { type: 'host-local', used: 0 },
      missing: false,
      podCount: 0,
      semantics: { leavesNodeOnEni: true, macPolicy: 'parent' },
    });
  });

  it('are missing only while somebody asks and the kind can be read', () => {
    const asks = pod('a', { requested: [selection('gone')] });
    const engine = engineOf([upsert('node', node()), upsert('pod', asks)]);
    expect(get(engine, 'networks', 'net:default/gone')).toMatchObject({ missing: true, podCount: 1, semantics: null });
    engine.apply(batch([status('kubernetes/network-attachment-definitions', 'denied', null)]));
    expect(get(engine, 'networks', 'net:default/gone').missing).toBe(false);
    engine.apply(batch([status('kubernetes/network-attachment-definitions'), upsert('nad', nad('gone', {}))]));
    expect(get(engine, 'networks', 'net:default/gone').missing).toBe(false);
    engine.apply(batch([remove('nad', nad('gone', {})), remove('pod', asks)]));
    expect(engine.replica.records.networks.has('net:default/gone')).toBe(false);
  });

  it('count host-local by the fullest node, since each node keeps its own record', () => {
    const on = (name: string, ips: readonly string[], at: string) =>
      upsert(
        'pod',
        pod(name, {
          node: at,
          requested: [selection('br')],
          reported: [entry('default/br', { interface: 'net1', ips })],
        }),
      );
    const engine = engineOf([
      upsert('node', node('n1')),
      upsert('node', node('n2', { instanceId: 'i-2' })),
      upsert(
        'nad',
        nad('br', { cniVersion: '0.3.1', type: 'bridge', ipam: { type: 'host-local', subnet: '192.168.0.0/29' } }),
      ),
      on('a', ['192.168.0.2'], 'n1'),
      on('b', ['192.168.0.3'], 'n1'),
      on('c', ['192.168.0.2'], 'n2'),
    ]);
    expect(get(engine, 'networks', 'net:default/br')).toMatchObject({ podCount: 3, ipam: { used: 2 } });
    engine.apply(batch([remove('pod', pod('b'))]));
    expect(get(engine, 'networks', 'net:default/br')).toMatchObject({ podCount: 2, ipam: { used: 1 } });
  });

  it('include the cluster network itself', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
    ]);
    expect(get(engine, 'networks', 'cluster')).toMatchObject({ plugins: ['aws-cni'], podCount: 1, missing: false });
  });
});

describe('subnets', () => {
  const blocks = (
    more: Parameters<typeof eni>[1],
    cidr = '10.0.0.0/26',
    reservations: readonly string[] = [],
    type = 'explicit',
  ) => {
    const engine = engineOf([
      upsert('subnet', subnet('subnet-1', { cidr })),
      upsert('eni', eni('eni-1', more)),
      ...reservations.map((range, i) =>
        upsert('subnetReservation', { id: `scr-${i}`, subnet: 'subnet-1', cidr: range, type }),
      ),
    ]);
    return get(engine, 'subnets', 'subnet-1').freePrefixes;
  };

  it.each([
    // A /26 has four blocks; AWS keeps the first four addresses and the last, so two of them are never whole.
    ['empty', {}, undefined, [], 2],
    ['one address takes a block', { primaryIp: '10.0.0.20' }, undefined, [], 1],
    ['two in one block take one', { primaryIp: '10.0.0.20', secondaryIps: ['10.0.0.21'] }, undefined, [], 1],
    ['a prefix takes its block', { ipv4Prefixes: ['10.0.0.32/28'] }, undefined, [], 1],
    ['an explicit reservation takes its blocks', {}, undefined, ['10.0.0.16/28'], 1],
    ['what is both reserved and taken counts once', { primaryIp: '10.0.0.20' }, undefined, ['10.0.0.16/28'], 1],
    ['overlapping reservations count once', {}, '10.0.0.0/25', ['10.0.0.16/28', '10.0.0.0/26'], 3],
    ['a subnet of one block', {}, '10.0.0.0/28', [], 0],
    ['smaller than a block', {}, '10.0.0.0/29', [], null],
  ] as const)('free /28 blocks: %s', (_what, more, cidr, reservations, wanted) => {
    expect(blocks(more, cidr, reservations)).toBe(wanted);
  });

  it('a prefix reservation stays free for prefixes', () =>
    expect(blocks({}, '10.0.0.0/26', ['10.0.0.16/28'], 'prefix')).toBe(2));

  it('say what this cluster holds, primaries and prefixes included; nothing without EC2', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('subnet', subnet()),
      upsert(
        'eni',
        ownEni('eni-1', { primaryIp: '10.0.0.4', secondaryIps: ['10.0.0.5'], ipv4Prefixes: ['10.0.0.32/28'] }),
      ),
    ]);
    expect(get(engine, 'subnets', 'subnet-1').heldByCluster).toBe(18);
    engine.apply(batch([remove('eni', ownEni('eni-1'))]));
    expect(get(engine, 'subnets', 'subnet-1').heldByCluster).toBe(0);
    engine.apply(batch([status('ec2/network-interfaces', 'denied', null)]));
    expect(get(engine, 'subnets', 'subnet-1')).toMatchObject({ heldByCluster: null, freePrefixes: null });
  });
});

describe('whereabouts pools', () => {
  const pool = (more: Partial<WhereaboutsPoolFact> = {}): WhereaboutsPoolFact => ({
    ...object('kube-system', '10.1.0.0-24'),
    range: '10.1.0.0/24',
    allocations: [
      { offset: '5', podRef: 'default/a', ifname: 'net1' },
      { offset: '6', podRef: 'default/gone', ifname: null },
    ],
    problems: [],
    ...more,
  });
  const lan = upsert(
    'nad',
    nad('lan', { cniVersion: '0.3.1', type: 'ipvlan', ipam: { type: 'whereabouts', range: '10.1.0.0/24' } }),
  );
  const reservation = (ip: string) => ({ ...object('kube-system', ip), ip, podRef: 'default/a', ifname: null });
  const reserve = (ip: string) => upsert('whereaboutsReservation', reservation(ip));

  it('join allocations with pods, reservations and networks; offsets count from the network address', () => {
    const engine = engineOf([
      lan,
      upsert('pod', pod('a')),
      upsert('whereaboutsPool', pool()),
      reserve('10.1.0.5'),
      reserve('10.1.0.9'),
      reserve('10.2.0.1'),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24')).toMatchObject({
      range: '10.1.0.0/24',
      networks: ['net:default/lan'],
      used: 2,
      allocations: [
        { ip: '10.1.0.5', pod: 'pod:default/a', interface: 'if:default/a/net1', live: true, reserved: true },
        { ip: '10.1.0.6', pod: 'pod:default/gone', interface: null, live: false, reserved: false },
      ],
      orphanReservations: ['10.1.0.9'],
      problems: [],
    });
    expect(get(engine, 'networks', 'net:default/lan').ipam?.used).toBe(2);
  });

  it('follow the life of a pod with one entry, not with the whole list', () => {
    const engine = engineOf([upsert('pod', pod('a')), upsert('whereaboutsPool', pool())]);
    const change = engine.apply(batch([upsert('pod', pod('a', { phase: 'Failed' }))]));
    expect(change?.tables.ipPools?.patch).toEqual([
      {
        id: 'pool:kube-system/10.1.0.0-24',
        set: {},
        allocations: {
          put: [{ ip: '10.1.0.5', pod: 'pod:default/a', interface: 'if:default/a/net1', live: false, reserved: false }],
          drop: [],
        },
      },
    ]);
  });

  it('of overlapping ranges share their reservations: an orphan is one that no pool has an allocation for', () => {
    const inner = pool({
      ...object('kube-system', '10.1.0.0-28'),
      range: '10.1.0.0/28',
      allocations: [{ offset: '9', podRef: 'default/a', ifname: null }],
    });
    const engine = engineOf([upsert('whereaboutsPool', pool()), upsert('whereaboutsPool', inner), reserve('10.1.0.9')]);
    const orphans = () =>
      ['10.1.0.0-24', '10.1.0.0-28'].map(
        (name) => get(engine, 'ipPools', `pool:kube-system/${name}`).orphanReservations,
      );
    expect(orphans()).toEqual([[], []]);
    // The outer pool's record follows the inner one's allocations.
    engine.apply(batch([upsert('whereaboutsPool', { ...inner, allocations: [] })]));
    expect(orphans()).toEqual([['10.1.0.9'], ['10.1.0.9']]);
    engine.apply(batch([remove('whereaboutsPool', inner)]));
    engine.apply(batch([remove('whereaboutsReservation', reservation('10.1.0.9'))]));
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24').orphanReservations).toEqual([]);
  });

  it('keep a record for each network name: equal addresses of two do not meet', () => {
    const blue = pool({ ...object('kube-system', 'blue-10.1.0.0-24'), allocations: [] });
    const named = nad('blue', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: { type: 'whereabouts', range: '10.1.0.0/24', network_name: 'blue' },
    });
    const engine = engineOf([
      lan,
      upsert('nad', named),
      upsert('whereaboutsPool', pool()),
      upsert('whereaboutsPool', blue),
      reserve('10.1.0.5'),
      upsert('whereaboutsReservation', {
        ...object('kube-system', 'blue-10.1.0.6'),
        ip: '10.1.0.6',
        podRef: 'default/a',
        ifname: null,
      }),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24')).toMatchObject({
      networks: ['net:default/lan'],
      allocations: [
        { ip: '10.1.0.5', reserved: true },
        { ip: '10.1.0.6', reserved: false },
      ],
      orphanReservations: [],
    });
    expect(get(engine, 'ipPools', 'pool:kube-system/blue-10.1.0.0-24')).toMatchObject({
      networks: ['net:default/blue'],
      orphanReservations: ['10.1.0.6'],
    });
    expect(get(engine, 'networks', 'net:default/lan').ipam?.used).toBe(2);
    expect(get(engine, 'networks', 'net:default/blue').ipam?.used).toBe(0);
  });

  it('are as large as the part of the networks’ ranges that lies in them, excludes taken off', () => {
    const two = nad('two', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: {
        type: 'whereabouts',
        ipRanges: [{ range: '10.1.0.10-10.1.0.19/24', exclude: ['10.1.0.12/31'] }, { range: 'fd00::/120' }],
      },
    });
    const other = nad('other', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: { type: 'whereabouts', range: '10.1.0.0/24', range_start: '10.1.0.18', range_end: '10.1.0.20' },
    });
    const engine = engineOf([
      upsert('nad', two),
      upsert('nad', other),
      upsert('whereaboutsPool', pool()),
      upsert('whereaboutsPool', pool({ ...object('kube-system', 'fd00---120'), range: 'fd00::/120', allocations: [] })),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24').size).toBe(9);
    expect(get(engine, 'ipPools', 'pool:kube-system/fd00---120').size).toBe(254);
    expect(get(engine, 'networks', 'net:default/two').ipam?.size).toBe(8 + 254);
  });

  it('do not judge what cannot be read', () => {
    const engine = engineOf([
      upsert('whereaboutsPool', pool()),
      status('kubernetes/pods', 'denied', null),
      status('kubernetes/overlappingrangeipreservations', 'absent', null),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24').allocations[0]).toMatchObject({
      live: null,
      reserved: null,
    });
  });

  it('keep what cannot be', () => {
    const engine = engineOf([
      upsert(
        'whereaboutsPool',
        pool({
          allocations: [
            { offset: '999', podRef: 'x', ifname: null },
            { offset: '1', podRef: 'x', ifname: 'net1' },
          ],
        }),
      ),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/10.1.0.0-24')).toMatchObject({
      used: 1,
      allocations: [{ ip: '10.1.0.1', pod: null, interface: null }],
      problems: [expect.stringContaining('999')],
    });
  });

  it('of node slices are summed in the pool that is cut', () => {
    const sliced = nad('s', {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      ipam: { type: 'whereabouts', range: '10.1.0.0/24', node_slice_size: '/28' },
    });
    const engine = engineOf([
      upsert('nad', sliced),
      upsert('nodeSlicePool', {
        ...object('kube-system', 'slices'),
        range: '10.1.0.0/24',
        sliceSize: '/28',
        allocations: [{ node: 'n1', range: '10.1.0.16/28' }],
      }),
      upsert('whereaboutsPool', pool({ ...object('kube-system', 'n1-10.1.0.16-28'), range: '10.1.0.16/28' })),
    ]);
    expect(get(engine, 'ipPools', 'pool:kube-system/slices')).toMatchObject({
      networks: ['net:default/s'],
      used: 2,
      // Sixteen slices, each without its first and last address.
      size: 224,
    });
    expect(get(engine, 'networks', 'net:default/s').ipam).toMatchObject({ used: 2, size: 224 });
    expect(get(engine, 'ipPools', 'pool:kube-system/n1-10.1.0.16-28')).toMatchObject({
      networks: ['net:default/s'],
      size: 14,
    });
    // The cut pool's record follows its slices.
    engine.apply(
      batch([
        upsert(
          'whereaboutsPool',
          pool({ ...object('kube-system', 'n1-10.1.0.16-28'), range: '10.1.0.16/28', allocations: [] }),
        ),
      ]),
    );
    expect(get(engine, 'ipPools', 'pool:kube-system/slices').used).toBe(0);
  });
});

describe('signals', () => {
  const event = (name: string, more: Partial<EventFact> = {}): EventFact => ({
    ...object('default', name),
    reason: 'FailedCreatePodSandBox',
    involved: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'uid-default-a' },
    message: name,
    count: 2,
    firstAt: iso(AT - 2000),
    lastAt: iso(AT),
    ...more,
  });

  it('sum events by subject and reason', () => {
    const engine = engineOf([
      upsert('pod', pod('a')),
      upsert('event', event('e1')),
      upsert('event', event('e2', { count: 3, firstAt: iso(AT - 9000), lastAt: iso(AT + 1000) })),
      upsert('event', event('e3', { involved: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'older' } })),
      upsert('event', event('e4', { involved: { kind: 'ConfigMap', namespace: 'default', name: 'a', uid: '' } })),
    ]);
    expect([...engine.replica.records.signals.values()]).toEqual([
      {
        id: 'sig:pod:default/a/FailedCreatePodSandBox',
        subject: 'pod:default/a',
        kind: 'FailedCreatePodSandBox',
        count: 5,
        firstAt: iso(AT - 9000),
        lastAt: iso(AT + 1000),
        text: 'e2',
      },
    ]);
    engine.apply(batch([remove('event', event('e1')), remove('event', event('e2'))]));
    expect(engine.replica.records.signals.size).toBe(0);
  });

  it('go with their subject and come with it', () => {
    const engine = engineOf([upsert('event', event('e1'))]);
    expect(engine.replica.records.signals.size).toBe(0);
    engine.apply(batch([upsert('pod', pod('a'))]));
    expect(engine.replica.records.signals.size).toBe(1);
    engine.apply(batch([remove('pod', pod('a'))]));
    expect(engine.replica.records.signals.size).toBe(0);
  });

  it('tell counters that rose between two readings, not what they were before', () => {
    const read = (at: number, refused: number, throttled: number) =>
      upsert(
        'awsNodeMetrics',
        metrics('n1', {
          readAt: iso(at),
          values: { awscni_no_available_ip_addresses: refused },
          apiErrors: { 'AttachNetworkInterface/RequestLimitExceeded': throttled },
        }),
      );
    const engine = engineOf([upsert('node', node()), read(AT, 7, 0)]);
    const kinds = () =>
      [...engine.replica.records.signals.values()].map(({ kind, count, text }) => [kind, count, text]);
    expect(kinds()).toEqual([]);
    engine.apply(batch([read(AT + 60_000, 9, 3)]));
    expect(kinds().sort()).toEqual([
      [
        'metric:awscni_aws_api_error_count/AttachNetworkInterface/RequestLimitExceeded',
        3,
        expect.stringContaining('from 0 to 3'),
      ],
      ['metric:awscni_no_available_ip_addresses', 2, expect.stringContaining('from 7 to 9')],
    ]);
    // A restart sets counters back: that is no rise, and the old one is forgotten in time.
    engine.apply(batch([read(AT + 120_000, 1, 3)]));
    expect(kinds()).toHaveLength(2);
    engine.apply(batch([read(AT + 1_200_000, 1, 3)]));
    expect(kinds()).toEqual([]);
  });

  it('tell each pod of a workload that carries its annotation in the wrong place', () => {
    const workload = (more: Partial<WorkloadFact> = {}) =>
      upsert('workload', {
        ...object('default', 'web'),
        kind: 'Deployment',
        annotationOnWorkload: 'lan',
        annotationOnTemplate: false,
        ...more,
      });
    const own = pod('a', { owner: { kind: 'ReplicaSet', name: 'web-6b7f9c8d5' } });
    const engine = engineOf([
      upsert('pod', own),
      upsert('pod', pod('b', { owner: { kind: 'ReplicaSet', name: 'web-api-6b7f9c8d5' } })),
      workload(),
    ]);
    expect([...engine.replica.records.signals.values()]).toMatchObject([
      {
        subject: 'pod:default/a',
        kind: 'annotation-on-workload',
        text: 'Deployment default/web carries k8s.v1.cni.cncf.io/networks: lan',
      },
    ]);
    engine.apply(batch([upsert('pod', { ...own, name: 'c', uid: 'c' })]));
    expect(engine.replica.records.signals.size).toBe(2);
    engine.apply(batch([workload({ annotationOnTemplate: true })]));
    expect(engine.replica.records.signals.size).toBe(0);
  });
});

describe('label selectors', () => {
  const labels = { app: 'web', tier: '' };
  const one = (key: string, operator: string, values: readonly string[] = []) => ({
    matchLabels: {},
    matchExpressions: [{ key, operator, values }],
  });
  it.each([
    ['empty selects all', { matchLabels: {}, matchExpressions: [] }, true],
    ['equal', { matchLabels: { app: 'web' }, matchExpressions: [] }, true],
    ['unequal', { matchLabels: { app: 'db' }, matchExpressions: [] }, false],
    ['In', one('app', 'In', ['db', 'web']), true],
    ['In, absent', one('x', 'In', ['web']), false],
    ['NotIn', one('app', 'NotIn', ['web']), false],
    ['NotIn, absent', one('x', 'NotIn', ['web']), true],
    ['Exists, empty value', one('tier', 'Exists'), true],
    ['DoesNotExist', one('app', 'DoesNotExist'), false],
    ['a key of the prototype', one('constructor', 'Exists'), false],
    ['unknown operator', one('app', 'Gt', ['1']), false],
    ['NotIn without values', one('app', 'NotIn'), false],
    [
      'a label that is not there, by a key of the prototype',
      { matchLabels: { toString: 'x' }, matchExpressions: [] },
      false,
    ],
  ])('%s', (_what, selector, wanted) => expect(selects(selector, labels)).toBe(wanted));
});
