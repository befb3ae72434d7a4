/** Fabrics of training and telco machines: shared RDMA, InfiniBand, userspace ports, functions without a kernel link. */
import type { Json } from '../kit/types';
import { asking, entry, ipPool, multusSays, running, start } from './attaching';
import { hostLinks, labPod, startLab } from './lab';
import { count, found, is, none, refused, says, silentOn, type Situation } from './situation';

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];
const resource = (name: string) => ({ 'k8s.v1.cni.cncf.io/resourceName': name });
const SHARED = 'rdma/rdma_shared_device_a';

/** One card is shared by sixty-three pods, each with a macvlan on it: none has it alone. */
function sharedRdma(): Situation {
  const { cluster, node } = startLab({ capacity: { [SHARED]: '63' } });
  cluster.nad(
    'ai/rdma-net',
    {
      cniVersion: '0.3.1',
      name: 'rdma-net',
      type: 'macvlan',
      master: 'enp1s0f0',
      mode: 'bridge',
      mtu: 9000,
      ipam: { type: 'whereabouts', range: '192.168.10.0/24' },
    },
    resource(SHARED),
  );
  ipPool(cluster, '192.168.10.0-24', '192.168.10.0/24', { '1': 'ai/rank-0', '2': 'ai/rank-1' });
  for (const at of [0, 1])
    labPod(
      cluster,
      `ai/rank-${String(at)}`,
      node,
      'rdma-net',
      [entry('ai/rdma-net', 'net1', `192.168.10.${String(at + 1)}`, `0a:58:c0:a8:0a:0${String(at + 1)}`)],
      { resources: { [SHARED]: '1' } },
    );
  return {
    source: 'Mellanox/k8s-rdma-shared-dev-plugin#297, #185',
    cluster,
    checks: [
      count('interfaces[network=net:ai/rdma-net]', 2),
      is('interfaces[id=if:ai/rank-1/net1].hostNic', 'nic:w1/enp1s0f0'),
      is('ipPools[id=pool:kube-system/192.168.10.0-24].used', 2),
      none('findings[rule=host-device-conflict]'),
      none('findings[rule=device-exhausted]'),
      ...QUIET,
    ],
  };
}

/** Addresses of InfiniBand have twenty octets: that is no MAC, and nothing is wrong with it. */
function ipoib(): Situation {
  const { cluster, node } = startLab({ capacity: { [SHARED]: '63' } });
  cluster.nad(
    'ai/ipoib',
    {
      cniVersion: '0.3.1',
      name: 'ipoib',
      type: 'ipoib',
      master: 'ibs1f0',
      ipam: { type: 'whereabouts', range: '192.168.5.0/24' },
    },
    resource(SHARED),
  );
  ipPool(cluster, '192.168.5.0-24', '192.168.5.0/24', { '1': 'ai/rank-0' });
  labPod(
    cluster,
    'ai/rank-0',
    node,
    'ipoib',
    [entry('ai/ipoib', 'net1', '192.168.5.1', '00:00:10:87:fe:80:00:00:00:00:00:00:98:03:9b:03:00:8e:b7:4a')],
    { resources: { [SHARED]: '1' } },
  );
  return {
    source: 'Mellanox/ipoib-cni, Mellanox/k8s-rdma-shared-dev-plugin#53',
    cluster,
    checks: [
      is('interfaces[id=if:ai/rank-0/net1].mac', null),
      is('interfaces[id=if:ai/rank-0/net1].ips', ['192.168.5.1']),
      is('networks[id=net:ai/ipoib].ipam.type', 'whereabouts'),
      none('findings[rule=network-config-invalid]'),
      none('findings[rule=duplicate-mac]'),
      ...QUIET,
    ],
  };
}

/** macvlan does not go on top of InfiniBand: the kernel says "invalid argument". */
function macvlanOnInfiniband(): Situation {
  const { cluster, node } = startLab();
  hostLinks(cluster, node, [{ name: 'ib1', type: 'infiniband', state: 'up' }]);
  cluster.nad('ai/rdma-ib1', {
    cniVersion: '0.3.1',
    name: 'rdma-ib1',
    type: 'macvlan',
    master: 'ib1',
    mode: 'bridge',
    ipam: {},
  });
  asking(cluster, 'ai/rank-0', node, 'rdma-ib1');
  refused(cluster, 'ai/rank-0', multusSays('ai/rank-0', 'rdma-ib1', 'failed to create macvlan: invalid argument'));
  return {
    source: 'Mellanox/network-operator#1017, Mellanox/k8s-rdma-shared-dev-plugin#95',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/rank-0]', 'failed to create macvlan: invalid argument'),
      silentOn('findings[subjects~pod:ai/rank-0]', '(?i)ipamd|out of addresses'),
      none('findings[rule=parent-interface-missing]'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/rank-0 address', says: /invalid argument/ }],
  };
}

/** Two functions that are bound to vfio-pci: a PCI address each, neither address nor MAC. */
function userspaceFunctions(): Situation {
  const name = 'intel.com/intel_sriov_dpdk';
  const { cluster, node } = startLab({ capacity: { [name]: '8' } });
  cluster.nad(
    'telco/dpdk',
    { cniVersion: '0.3.1', name: 'dpdk', type: 'sriov', vlan: 1000, trust: 'on', spoofchk: 'off' },
    resource(name),
  );
  const vf = (at: number): Json => ({
    name: 'telco/dpdk',
    interface: `net${String(at)}`,
    dns: {},
    'device-info': { type: 'pci', version: '1.0.0', pci: { 'pci-address': `0000:18:02.${String(at)}` } },
  });
  labPod(cluster, 'telco/du', node, 'dpdk,dpdk', [vf(1), vf(2)], { resources: { [name]: '2' } });
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin docs/dpdk, sriov-cni README (userspace driver)',
    cluster,
    checks: [
      count('interfaces[network=net:telco/dpdk]', 2),
      is('interfaces[id=if:telco/du/net1].device.pciAddress', '0000:18:02.1'),
      is('interfaces[id=if:telco/du/net2].ips', []),
      is('interfaces[id=if:telco/du/net2].mac', null),
      ...QUIET,
    ],
  };
}

/** A port of vhost-user: a socket, no link and no address. */
function vhostUser(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('telco/vpp', {
    cniVersion: '0.3.1',
    type: 'userspace',
    name: 'vpp',
    kubeconfig: '/etc/cni/net.d/multus.d/multus.kubeconfig',
    host: {
      engine: 'ovs-dpdk',
      iftype: 'vhostuser',
      netType: 'bridge',
      vhost: { mode: 'client' },
      bridge: { bridgeName: 'br-dpdk' },
    },
    container: { engine: 'vpp', iftype: 'vhostuser', netType: 'interface', vhost: { mode: 'server' } },
    ipam: {},
  });
  labPod(cluster, 'telco/vnf', node, 'vpp', [
    {
      name: 'telco/vpp',
      interface: 'net1',
      dns: {},
      'device-info': {
        type: 'vhost-user',
        version: '1.0.0',
        'vhost-user': { mode: 'server', path: '/var/lib/cni/usrspcni/net1' },
      },
    },
  ]);
  return {
    source: 'intel/userspace-cni-network-plugin (README), k8snetworkplumbingwg/device-info-spec',
    cluster,
    checks: [
      is('interfaces[id=if:telco/vnf/net1].device.type', 'vhost-user'),
      is('interfaces[id=if:telco/vnf/net1].ips', []),
      none('findings[rule=network-config-invalid]'),
      ...QUIET,
    ],
  };
}

/** Further addresses of the kept ENI come as a /28: an ipvlan with one of its addresses is reachable. */
function prefixOnAKeptEni(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  const prefix = kept.prefix();
  const held = kept.fromPrefix();
  cluster.nad('telco/ipvlan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'whereabouts', range: prefix.cidr },
  });
  running(cluster, 'telco/a', node, 'ipvlan', [entry('telco/ipvlan', 'net1', held.ip, kept.mac)]);
  return {
    source:
      'aws-samples/eks-automated-ipmgmt-multus-pods (prefix assigned to the Multus ENI), EC2: AssignPrivateIpAddresses with Ipv4Prefixes',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      is('interfaces[id=if:telco/a/net1].addresses.0.backed', 'eni'),
      is('interfaces[id=if:telco/a/net1].link.certainty', 'observed'),
      none('findings[rule=address-not-on-eni]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /telco\/a/ }],
  };
}

/** Two networks in L3 mode on one ENI: the same parent, the same kind of interface, different ranges. */
function twoOnOneEni(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  const [one, two] = [kept.add(), kept.add()];
  for (const name of ['n2', 'n3'])
    cluster.nad(`telco/${name}`, {
      cniVersion: '0.3.1',
      type: 'ipvlan',
      master: 'eth1',
      mode: 'l2',
      ipam: { type: 'static' },
      capabilities: { ips: true },
    });
  running(cluster, 'telco/a', node, 'n2,n3', [
    entry('telco/n2', 'net1', one.ip, kept.mac),
    entry('telco/n3', 'net2', two.ip, kept.mac),
  ]);
  return {
    source: 'aws-samples/eks-install-guide-for-multus (two NADs on one interface)',
    cluster,
    checks: [
      is('interfaces[id=if:telco/a/net1].eni', kept.id),
      is('interfaces[id=if:telco/a/net2].eni', kept.id),
      // All ipvlans of a parent have its MAC.
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=ipvlan-macvlan-conflict]'),
      ...QUIET,
    ],
  };
}

/** The default route goes over the further network, as the pod asks: then eth0 has none. */
function defaultRouteAsAsked(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  const held = kept.add();
  cluster.nad('telco/n6', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'static' },
    capabilities: { ips: true },
  });
  running(cluster, 'telco/upf', node, `[{"name":"n6","ips":["${held.ip}/20"],"default-route":["10.40.0.1"]}]`, [
    { name: 'telco/n6', interface: 'net1', ips: [held.ip], mac: kept.mac, dns: {}, gateway: ['10.40.0.1'] },
  ]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni docs/how-to-use.md (default-route), multi-net-spec §4.1.2.1.9',
    cluster,
    checks: [is('interfaces[id=if:telco/upf/net1].eni', kept.id), ...QUIET],
  };
}

/** Policy routing: the chain puts the further interface's default route into a table of its own. */
function routesBySource(): Situation {
  const { cluster, node } = start({ maxPods: 20 });
  const kept = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
  const held = kept.add();
  cluster.nad('telco/n6', {
    cniVersion: '0.3.1',
    name: 'n6',
    plugins: [
      {
        type: 'ipvlan',
        master: 'eth1',
        mode: 'l2',
        ipam: {
          type: 'static',
          addresses: [{ address: `${held.ip}/20`, gateway: '10.40.0.1' }],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'sbr' },
    ],
  });
  running(cluster, 'telco/upf', node, 'n6', [
    { name: 'telco/n6', interface: 'net1', ips: [held.ip], mac: kept.mac, dns: {}, gateway: ['10.40.0.1'] },
  ]);
  return {
    source: 'containernetworking/plugins plugins/meta/sbr (moves the routes of the interface into a table of its own)',
    cluster,
    checks: [
      is('interfaces[id=if:telco/upf/net1].eni', kept.id),
      none('findings[rule=default-route-conflict]'),
      ...QUIET,
    ],
  };
}

/** On one link macvlan and ipvlan exclude each other. */
function macvlanBesideIpvlan(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/mac', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1', ipam: {} });
  cluster.nad('shop/ip', { cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: { type: 'dhcp' } });
  labPod(cluster, 'shop/a', node, 'mac', [entry('shop/mac', 'net1', '192.168.1.5', '0a:58:c0:a8:01:05')]);
  asking(cluster, 'shop/b', node, 'ip');
  refused(cluster, 'shop/b', multusSays('shop/b', 'ip', 'failed to create ipvlan: device or resource busy'));
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1039, containernetworking/plugins#258 (rx_handler of the parent)',
    cluster,
    checks: [
      found('findings[rule=ipvlan-macvlan-conflict]'),
      says('findings[rule=ipvlan-macvlan-conflict]', 'eth1'),
      silentOn('findings[subjects~pod:shop/b]', '(?i)ipamd'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/b address', says: /eth1/ }],
  };
}

export const fabric: Readonly<Record<string, () => Situation>> = {
  'RDMA that pods share': sharedRdma,
  IPoIB: ipoib,
  'macvlan on InfiniBand': macvlanOnInfiniband,
  'functions for userspace': userspaceFunctions,
  'vhost-user': vhostUser,
  'prefix on an unmanaged ENI': prefixOnAKeptEni,
  'two networks on one ENI': twoOnOneEni,
  'default route as requested': defaultRouteAsAsked,
  'routes by source': routesBySource,
  'macvlan beside ipvlan': macvlanBesideIpvlan,
};
