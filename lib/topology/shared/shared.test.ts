/** Network and subnet records. */
import { describe, expect, it } from 'vitest';
import {
  awsNode,
  batch,
  engineOf,
  eni,
  entry,
  get,
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
import type { WorkloadFact } from '../../model/facts';

/** A workload `default/web` that requests `default/lan`. */
const asking = (kind: string, scope: string, more: Partial<WorkloadFact> = {}) =>
  upsert(
    'workload',
    {
      namespace: 'default',
      name: 'web',
      uid: kind,
      createdAt: null,
      deleting: false,
      kind,
      misplaced: [],
      networks: ['default/lan'],
      isRefused: false,
      refusal: null,
      mistyped: [],
      ...more,
    },
    scope,
  );

describe('networks', () => {
  it('are described by the NAD’s config', () => {
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

  it('are missing only while they are requested and the kind can be read', () => {
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

  it('are missing as well if a pod template or an unscheduled pod names them', () => {
    const waits = pod('a', { node: null, requested: [selection('gone')] });
    const engine = engineOf([
      upsert('nad', nad('other', {})),
      upsert('pod', waits),
      asking('Deployment', 'kubernetes/deployments'),
    ]);
    expect(get(engine, 'networks', 'net:default/gone')).toMatchObject({ missing: true, namedBy: [] });
    expect(get(engine, 'networks', 'net:default/lan')).toMatchObject({
      missing: true,
      podCount: 0,
      namedBy: ['the pod template of Deployment default/web'],
    });
    const left = batch([remove('pod', waits), asking('Deployment', 'kubernetes/deployments', { isRefused: true })]);
    engine.apply(left);
    expect([...engine.replica.records.networks.keys()]).toEqual(['net:default/other']);
  });

  it('report host-local usage of the fullest node, since each node keeps its own record', () => {
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
});

describe('networks', () => {
  it.each([
    ['ovn-k8s-cni-overlay', { topology: 'layer2', netAttachDefName: 'default/lan' }, null],
    ['ovn-k8s-cni-overlay', { topology: 'layer2', netAttachDefName: 'red/lan' }, 'default/lan'],
    // The cluster’s own network has no topology, and its name is not compared.
    ['ovn-k8s-cni-overlay', { netAttachDefName: 'red/lan' }, null],
    ['kube-ovn', { provider: 'lan.default.ovn' }, null],
    ['kube-ovn', { provider: 'attachnet.default.ovn' }, 'lan.default.ovn'],
    ['macvlan', { master: 'eth1', ipam: { type: 'kube-ovn', provider: 'lan.default' } }, null],
    ['macvlan', { master: 'eth1', ipam: { type: 'kube-ovn', provider: 'lan.red' } }, 'lan.default'],
  ])('are faulty if their config names another definition: %s %j', (type, config, wanted) => {
    const engine = engineOf([upsert('nad', nad('lan', { cniVersion: '0.3.1', type, ...config }))]);
    const errors = get(engine, 'networks', 'net:default/lan').faults.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ text }) => / must be (\S+):/.exec(text)?.[1])).toEqual(wanted === null ? [] : [wanted]);
  });

  it.each([
    ['layer2', '192.168.100.0/24, fd00:100::/64', ['192.168.100.0/24', 'fd00:100::/64']],
    ['layer3', '10.128.0.0/16/24,fd00::/48/64', ['10.128.0.0/16', 'fd00::/48']],
    ['localnet', '10.9.0.0/24', ['10.9.0.0/24']],
    ['layer2', 'x', undefined],
  ])('of OVN-Kubernetes get their ranges from its subnets: %s %s', (topology, subnets, ranges) => {
    const config = { cniVersion: '0.4.0', type: 'ovn-k8s-cni-overlay', topology, subnets };
    const engine = engineOf([upsert('nad', nad('lan', config))]);
    expect(get(engine, 'networks', 'net:default/lan').ipam?.ranges).toEqual(ranges);
  });

  it('list who names them without a pod on them', () => {
    const engine = engineOf([
      upsert('nad', nad('lan', { type: 'ipvlan' })),
      asking('Deployment', 'kubernetes/deployments'),
      asking('CronJob', 'kubernetes/cronjobs'),
      asking('VirtualMachine', 'kubernetes/virtualmachines'),
      upsert('pod', pod('spoilt', { node: null, mentioned: ['default/lan', 'default/name'] })),
    ]);
    expect(get(engine, 'networks', 'net:default/lan').namedBy).toEqual([
      'the pod template of CronJob default/web',
      'the pod template of Deployment default/web',
      'VirtualMachine default/web',
      'the invalid annotation of pod default/spoilt',
    ]);
  });

  it('provide the Service ranges for the cluster network', () => {
    const services = (name: string, ...cidrs: string[]) =>
      upsert('serviceCidr', { namespace: '', name, uid: name, createdAt: null, deleting: false, cidrs });
    const engine = engineOf([upsert('node', node()), upsert('pod', awsNode())]);
    const ranges = () => get(engine, 'networks', 'cluster').serviceCidrs;
    expect(ranges()).toBeNull();
    engine.apply(batch([services('kubernetes', '172.20.0.0/16'), status('kubernetes/servicecidrs')]));
    expect(ranges()).toEqual(['172.20.0.0/16']);
    engine.apply(batch([services('more', '172.21.0.0/16', '172.20.0.0/16')]));
    expect(ranges()).toEqual(['172.20.0.0/16', '172.21.0.0/16']);
  });
});

describe('the cluster network', () => {
  it('is a network as well', () => {
    const engine = engineOf([
      upsert('node', node()),
      upsert('pod', awsNode()),
      upsert('pod', pod('a', { ips: ['10.0.0.5'] })),
    ]);
    expect(get(engine, 'networks', 'cluster')).toMatchObject({ plugins: ['aws-cni'], podCount: 1, missing: false });
  });
});

describe('subnets', () => {
  it('list their ENIs that have no record', () => {
    const loose = (id: string, more: Parameters<typeof eni>[1]) =>
      upsert('eni', eni(id, { subnet: 'subnet-1', instanceId: null, ...more }));
    const engine = engineOf([
      upsert('subnet', subnet('subnet-1', { cidr: '10.0.0.0/24' })),
      upsert('node', node()),
      upsert('pod', pod('web', { ips: ['10.0.0.8'] })),
      loose('eni-nat', {
        interfaceType: 'nat_gateway',
        description: 'Interface for NAT Gateway nat-0a',
        primaryIp: '10.0.0.9',
      }),
      loose('eni-rds', { requester: 'amazon-rds', primaryIp: '10.0.0.10', secondaryIps: ['10.0.0.11'] }),
      loose('eni-elsewhere', { subnet: 'subnet-2', primaryIp: '10.0.1.9' }),
      // These have records: attached to an instance, with a pod's address, leaked by ipamd, a branch ENI.
      loose('eni-instance', { instanceId: 'i-0bbbbbbbbbbbbbbbb', primaryIp: '10.0.0.12' }),
      loose('eni-pod', { secondaryIps: ['10.0.0.8'] }),
      loose('eni-left', { status: 'available', description: 'aws-K8S-i-0cc' }),
      loose('eni-branch', { interfaceType: 'branch', primaryIp: '10.0.0.13' }),
    ]);
    const others = () => get(engine, 'subnets', 'subnet-1').others.map(({ eni: id, ips }) => [id, ...ips].join(' '));
    expect(others()).toEqual(['eni-nat 10.0.0.9', 'eni-rds 10.0.0.10 10.0.0.11']);
    engine.apply(batch([upsert('pod', pod('db', { ips: ['10.0.0.10'] }))]));
    expect(others()).toEqual(['eni-nat 10.0.0.9']);
    engine.apply(batch([remove('eni', eni('eni-nat'))]));
    expect(others()).toEqual([]);
  });

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
    // A /26 has four blocks; AWS reserves the first four addresses and the last, so two of the blocks are never whole.
    ['empty', {}, undefined, [], 2],
    ['one address takes a block', { primaryIp: '10.0.0.20' }, undefined, [], 1],
    ['two in one block take one', { primaryIp: '10.0.0.20', secondaryIps: ['10.0.0.21'] }, undefined, [], 1],
    ['a prefix takes its block', { ipv4Prefixes: ['10.0.0.32/28'] }, undefined, [], 1],
    ['an explicit reservation takes its blocks', {}, undefined, ['10.0.0.16/28'], 1],
    ['a block that is both reserved and used counts once', { primaryIp: '10.0.0.20' }, undefined, ['10.0.0.16/28'], 1],
    ['overlapping reservations count once', {}, '10.0.0.0/25', ['10.0.0.16/28', '10.0.0.0/26'], 3],
    ['a subnet of one block', {}, '10.0.0.0/28', [], 0],
    ['smaller than a block', {}, '10.0.0.0/29', [], null],
  ] as const)('free /28 blocks: %s', (_what, more, cidr, reservations, wanted) => {
    expect(blocks(more, cidr, reservations)).toBe(wanted);
  });

  // Addresses of other owners in the VPC are only included in EC2's count.
  it.each([
    [3, 0],
    [16, 1],
    [31, 1],
    [120, 2],
    [null, 2],
  ])('have at most as many free /28 blocks as fit into %s free addresses', (availableAddresses, wanted) => {
    const engine = engineOf([upsert('subnet', subnet('subnet-1', { cidr: '10.0.0.0/26', availableAddresses }))]);
    expect(get(engine, 'subnets', 'subnet-1').freePrefixes).toBe(wanted);
  });

  it('keep a prefix reservation available for prefixes', () =>
    expect(blocks({}, '10.0.0.0/26', ['10.0.0.16/28'], 'prefix')).toBe(2));

  it('report the addresses held by this cluster, including primary addresses and prefixes, and nothing without EC2', () => {
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
