/** One address in several networks: where these are kept apart it is nobody's trouble, and where they are one it is. */
import { Cluster } from '../kit/cluster';
import type { Node } from '../kit/node';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { ipPool, running, start } from './attaching';
import { count, found, is, none, says, type Situation } from './situation';

const onRange = (master: string, ipam: Readonly<Record<string, Json>>): Json => ({
  cniVersion: '0.3.1',
  type: 'macvlan',
  master,
  mode: 'bridge',
  ipam: { type: 'whereabouts', ...ipam },
});

function told(c: Cluster, pod: string, node: Node, network: string, mac: string): void {
  running(c, pod, node, network, [{ name: network, interface: 'net1', ips: ['192.168.2.7'], mac, dns: {} }]);
}

/** `network_name` gives each network a pool of its own for the same range: two VLANs, one address plan. */
function namedNetworks(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/red', onRange('bond0.10', { range: '192.168.2.0/24', network_name: 'red' }));
  cluster.nad('shop/blue', onRange('bond0.20', { range: '192.168.2.0/24', network_name: 'blue' }));
  ipPool(cluster, 'red-192.168.2.0-24', '192.168.2.0/24', { '7': 'shop/a' });
  ipPool(cluster, 'blue-192.168.2.0-24', '192.168.2.0/24', { '7': 'shop/b' });
  told(cluster, 'shop/a', node, 'shop/red', '0a:58:00:00:04:01');
  told(cluster, 'shop/b', node, 'shop/blue', '0a:58:00:00:04:02');
  return {
    source: 'k8snetworkplumbingwg/whereabouts#256, #258',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=ipam-inconsistent]'),
      none('findings[rule=ipam-pool-full]'),
      count('ipPools', 2),
    ],
    sayings: [{ command: 'lookup', words: '192.168.2.7', says: /shop\/a[\s\S]*shop\/b|shop\/b[\s\S]*shop\/a/ }],
  };
}

/** Two ranges that overlap, on one link, and nobody compares them. */
function overlapAllowed(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/wide', onRange('bond0', { range: '192.168.2.0/24', enable_overlapping_ranges: false }));
  cluster.nad('shop/narrow', onRange('bond0', { range: '192.168.2.0/25', enable_overlapping_ranges: false }));
  ipPool(cluster, '192.168.2.0-24', '192.168.2.0/24', { '7': 'shop/a' });
  ipPool(cluster, '192.168.2.0-25', '192.168.2.0/25', { '7': 'shop/b' });
  told(cluster, 'shop/a', node, 'shop/wide', '0a:58:00:00:04:01');
  told(cluster, 'shop/b', node, 'shop/narrow', '0a:58:00:00:04:02');
  return {
    source: 'k8snetworkplumbingwg/whereabouts#133 (enable_overlapping_ranges)',
    cluster,
    checks: [
      says('findings[rule=duplicate-address]', '192\\.168\\.2\\.7'),
      says('findings[rule=duplicate-address]', '(?i)overlap'),
    ],
    sayings: [{ command: 'explain', words: 'address 192.168.2.7 who', says: /shop\/a[\s\S]*shop\/b/ }],
  };
}

/** A fixed address in the middle of what another network hands out. */
function fixedInsideOfARange(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/pool', onRange('bond0', { range: '192.168.2.0/24' }));
  cluster.nad('shop/fixed', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0',
    mode: 'bridge',
    ipam: { type: 'static', addresses: [{ address: '192.168.2.7/24' }] },
  });
  ipPool(cluster, '192.168.2.0-24', '192.168.2.0/24', { '7': 'shop/a' });
  told(cluster, 'shop/a', node, 'shop/pool', '0a:58:00:00:04:01');
  told(cluster, 'shop/b', node, 'shop/fixed', '0a:58:00:00:04:02');
  return {
    source: 'k8snetworkplumbingwg/whereabouts (static beside a range), antrea-io/antrea#7306',
    cluster,
    checks: [
      says('findings[rule=duplicate-address]', 'shop/fixed|static'),
      says('findings[rule=duplicate-address].subjects', 'shop/a.*shop/b|shop/b.*shop/a'),
    ],
    sayings: [{ command: 'explain', words: 'address 192.168.2.7 who', says: /shop\/a[\s\S]*shop\/b/ }],
  };
}

/** Tenants with primary networks of their own have the same addresses: OVN-Kubernetes keeps them apart. */
function primaryNetworksOfTenants(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4', daemon: false, withoutEc2: true });
  const subnet = cluster.subnet('172.18.0.0/24');
  const node = cluster.node('worker-1', subnet, { ipamd: false, instance: false, type: null, maxPods: 250 });
  for (const [at, tenant] of ['blue', 'green'].entries()) {
    cluster.nad(`${tenant}/tenant`, {
      cniVersion: '1.0.0',
      name: `${tenant}_tenant`,
      type: 'ovn-k8s-cni-overlay',
      topology: 'layer2',
      role: 'primary',
      subnets: '10.20.0.0/16',
      netAttachDefName: `${tenant}/tenant`,
    });
    const own = `10.244.1.${String(6 + at)}`;
    cluster.write(`${tenant}/app`, node, [own], {
      annotations: {
        [STATUS]: JSON.stringify([
          { name: 'ovn-kubernetes', interface: 'eth0', ips: [own], mac: `0a:58:0a:f4:01:0${String(6 + at)}`, dns: {} },
          {
            name: 'ovn-kubernetes',
            interface: 'ovn-udn1',
            ips: ['10.20.0.5'],
            mac: '0a:58:0a:14:00:05',
            gateway: ['10.20.0.1'],
            default: true,
            dns: {},
          },
        ]),
      },
    });
  }
  return {
    source: 'ovn-kubernetes okep-5193-user-defined-networks (overlapping pod subnets)',
    cluster,
    checks: [
      none('findings[rule=duplicate-address]'),
      none('findings[rule=duplicate-mac]'),
      none('findings[rule=default-route-conflict]'),
      none('findings[rule=network-unused]'),
      none('findings[rule=network-status-missing]'),
      found('interfaces[pod=pod:blue/app][name=ovn-udn1]'),
    ],
    sayings: [{ command: 'lookup', words: '10.20.0.5', says: /blue\/app[\s\S]*green\/app/ }],
  };
}

/** Kube-OVN as the cluster's own CNI, and as a further network beside it: nothing of it is AWS'. */
function kubeOvn(): Situation {
  const cluster = new Cluster({ multus: 'v3.9.2', daemon: false, withoutEc2: true });
  const subnet = cluster.subnet('172.18.0.0/24');
  const node = cluster.node('k8s-1', subnet, {
    ipamd: false,
    instance: false,
    type: null,
    maxPods: 110,
    os: 'Ubuntu 22.04',
  });
  cluster.nad('default/attachnet', {
    cniVersion: '0.3.0',
    type: 'kube-ovn',
    server_socket: '/run/openvswitch/kube-ovn-daemon.sock',
    provider: 'attachnet.default.ovn',
  });
  cluster.write('shop/vm', node, ['10.233.64.2'], {
    annotations: {
      [NETWORKS]: 'default/attachnet',
      [STATUS]: JSON.stringify([
        { name: 'kube-ovn', interface: 'eth0', ips: ['10.233.64.2'], mac: '00:00:00:65:2C:54', default: true, dns: {} },
        { name: 'default/attachnet', interface: 'net1', ips: ['172.17.0.3'], mac: '00:00:00:0A:DB:26', dns: {} },
      ]),
    },
  });
  return {
    source: 'kubeovn/kube-ovn#3618, #601',
    cluster,
    checks: [
      is('interfaces[id=if:shop/vm/net1].state', 'reported'),
      is('interfaces[id=if:shop/vm/net1].eni', null),
      is('nodes[name=k8s-1].headroom.pods', null),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [
      { command: 'lookup', words: '172.17.0.3', says: /shop\/vm/ },
      { command: 'lookup', words: '00:00:00:0a:db:26', says: /shop\/vm/ },
    ],
  };
}

export const isolated: Readonly<Record<string, () => Situation>> = {
  'two named networks of one range': namedNetworks,
  'two ranges that overlap': overlapAllowed,
  'fixed address inside of a range': fixedInsideOfARange,
  'primary networks of tenants': primaryNetworksOfTenants,
  'Kube-OVN beside itself': kubeOvn,
};
