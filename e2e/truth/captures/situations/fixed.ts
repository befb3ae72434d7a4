/** The same clusters once somebody has put them right: nothing is to be said of them any more. */
import { Cluster } from '../kit/cluster';
import { NETWORKS } from '../kit/pod';
import { running, start } from './attaching';
import { ipamdHas } from './ipamd-list';
import { CUSTOM_NETWORKING, eniConfig, fill, is, NO_ADDRESS, none, OLD, refused, type Situation } from './situation';

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];

/** Recreated pods, a restarted aws-node: the list, EC2 and the pods are one again. The Event of an hour ago is still there. */
function afterARestart(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  fill(cluster, node, node.primary, 4);
  cluster.pod('shop/late', node, node.primary, { createdAt: OLD });
  node.primary.free(4);
  const second = node.eni({ dev: 1, by: 'ipamd' }).free(9);
  ipamdHas(cluster, node, [
    { eni: node.primary, addresses: node.primary.addresses },
    { eni: second, addresses: second.addresses },
  ]);
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1204, #3824 (mended)',
    cluster,
    checks: [...QUIET, is('nodes[name=n1].pools.0.assigned', 5)],
  };
}

/** A target beside the minimum: the pool grows again. */
function aTargetBesideTheMinimum(): Situation {
  const cluster = new Cluster({ env: { MINIMUM_IP_TARGET: '9', WARM_IP_TARGET: '2' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 7);
  node.primary.free(2);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3685 (mended)',
    cluster,
    checks: [...QUIET, is('nodes[name=n1].pools.0.low', false), is('nodes[name=n1].headroom.pods', 20)],
  };
}

/** Max pods says what the ENIs can address. */
function maxPodsThatFit(): Situation {
  const cluster = new Cluster({
    env: CUSTOM_NETWORKING,
  });
  const own = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/18');
  eniConfig(cluster, pods.id, undefined, 'sg-0node');
  const node = cluster.node('n1', own, { type: 'm5.xlarge', maxPods: 44 });
  const first = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, first, 5);
  first.free(9);
  node.eni({ dev: 2, by: 'ipamd' }, pods).free(14);
  return {
    source: 'aws/amazon-vpc-cni-k8s#3238 (mended)',
    cluster,
    checks: [...QUIET, none('findings[rule=max-pods-too-high]')],
  };
}

/** Four of four branch ENIs are held, and nobody waits for another. */
function branchesThatSuffice(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    type: 'r7g.medium',
    maxPods: 9,
    capacity: { 'vpc.amazonaws.com/pod-eni': '4' },
  });
  node.primary.free(3);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  for (let at = 0; at < 4; at += 1) {
    const branch = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });
    cluster.write(`shop/b-${String(at)}`, node, [branch.ip ?? ''], {
      resources: { 'vpc.amazonaws.com/pod-eni': '1' },
      annotations: {
        'vpc.amazonaws.com/pod-eni': JSON.stringify([
          { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: at + 1, subnetCidr: '10.40.0.0/20' },
        ]),
      },
    });
  }
  return {
    source: 'aws/amazon-vpc-cni-k8s#3112 (mended)',
    cluster,
    checks: [...QUIET, is('nodes[name=n1].branch.used', 4)],
  };
}

/** Multus' second ENI is tagged in time, the network is in its subnet, and EC2 knows the address. */
function multusOnItsEni(): Situation {
  const { cluster, node } = start({ maxPods: 20, os: 'Amazon Linux 2' });
  const outer = cluster.subnet('10.41.0.0/24');
  const eni = node.eni({ dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } }, outer);
  const held = eni.add('10.41.0.70');
  cluster.nad('shop/outer', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    mode: 'l2',
    ipam: { type: 'host-local', subnet: '10.41.0.0/24', rangeStart: '10.41.0.70', rangeEnd: '10.41.0.80' },
  });
  running(cluster, 'shop/a', node, 'shop/outer', [
    { name: 'shop/outer', interface: 'net1', ips: [held.ip], mac: eni.mac, dns: {} },
  ]);
  return {
    source: 'aws-samples/eks-install-guide-for-multus#1, eks-automated-ipmgmt-multus-pods#12 (mended)',
    cluster,
    checks: [...QUIET, is('interfaces[id=if:shop/a/net1].eni', eni.id)],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/a/ }],
  };
}

/** The gateway lies in the network, and the network has a pool of its own. */
function gatewayInside(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/mynet', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'host-local', subnet: '172.16.0.0/24' },
  });
  running(cluster, 'shop/gw', node, '[{"name":"mynet","default-route":["172.16.0.1"]}]', [
    { name: 'shop/mynet', interface: 'net1', ips: ['172.16.0.9'], mac: '0a:58:ac:10:00:09', dns: {} },
  ]);
  return { source: 'k8snetworkplumbingwg/multus-cni#483 (mended)', cluster, checks: QUIET };
}

/** The pod asks for the resource of its network, and has a function. */
function deviceAskedFor(): Situation {
  const RESOURCE = 'mellanox.com/mlnx_sriov_netdevice';
  const { cluster, node } = start({ capacity: { [RESOURCE]: '4' } });
  cluster.nad(
    'rook/sriov-in',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE },
  );
  const held = node.primary.add();
  cluster.write('rook/osd-0', node, [held.ip], {
    resources: { [RESOURCE]: '1' },
    annotations: {
      [NETWORKS]: 'sriov-in',
      'k8s.v1.cni.cncf.io/network-status': JSON.stringify([
        { name: 'aws-cni', interface: 'eth0', ips: [held.ip], default: true, dns: {} },
        {
          name: 'rook/sriov-in',
          interface: 'net1',
          mac: '0c:42:a1:00:00:09',
          dns: {},
          'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': '0000:3b:00.3' } },
        },
      ]),
    },
  });
  return { source: 'rook/rook#9653 (mended)', cluster, checks: QUIET };
}

export const fixed: Readonly<Record<string, () => Situation>> = {
  'fixed: aws-node was restarted': afterARestart,
  'fixed: a target next to the minimum': aTargetBesideTheMinimum,
  'fixed: max pods that fit': maxPodsThatFit,
  'fixed: sufficient branch ENIs': branchesThatSuffice,
  'fixed: Multus on its ENI': multusOnItsEni,
  'fixed: gateway inside the network': gatewayInside,
  'fixed: the device is requested': deviceAskedFor,
};
