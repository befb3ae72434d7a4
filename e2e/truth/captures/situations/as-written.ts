/** Looked up as it stands in an Event, an annotation or a config: by other names than an object's own. */
import { Cluster } from '../kit/cluster';
import { asking, entry, ipPool, running, start } from './attaching';
import { claim, claimingPod, nic, slice, startClaims } from './claiming';
import { labPod, startLab } from './lab';
import { found, is, none, type Situation } from './situation';

const VF = 'mellanox.com/mlnx_sriov_rdma';

/** An Event names a network by its config's name, which is not the object's. */
function byConfigName(): Situation {
  const { cluster, node } = start();
  cluster.nad('telco/tenant', {
    cniVersion: '0.3.1',
    name: 'tenantblue-network',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'static' },
  });
  asking(cluster, 'telco/du', node, 'tenant');
  return {
    source: 'k8snetworkplumbingwg/multus-cni (error adding container to network "…": the config’s name)',
    cluster,
    checks: [found('networks[id=net:telco/tenant]')],
    sayings: [{ command: 'lookup', words: 'tenantblue-network', says: /telco\/tenant/ }],
  };
}

/** As the annotation has it: namespace, name and interface. */
function byAnnotation(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '192.168.42.0/24' },
  });
  labPod(cluster, 'shop/a', node, 'shop/lan@data0', [entry('shop/lan', 'data0', '192.168.42.1', '7e:00:00:00:42:01')]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni (the short form of the annotation)',
    cluster,
    checks: [is('interfaces[id=if:shop/a/data0].state', 'reported')],
    sayings: [
      { command: 'lookup', words: 'shop/lan@data0', says: /network shop\/lan/ },
      { command: 'lookup', words: 'default/shop/lan', silentOn: /network shop\/lan/ },
    ],
  };
}

/** A resource that pods ask for: who offers it, and which network is by it. */
function byResource(): Situation {
  const { cluster, node } = startLab({ capacity: { [VF]: '8' } });
  cluster.nad(
    'telco/sriov-net',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': VF },
  );
  asking(cluster, 'telco/du', node, 'sriov-net', { resources: { [VF]: '1' } });
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#189 and others (Insufficient …)',
    cluster,
    checks: [found('networks[id=net:telco/sriov-net]')],
    sayings: [
      { command: 'lookup', words: VF, says: /telco\/sriov-net/ },
      { command: 'lookup', words: VF, says: /w1/ },
    ],
  };
}

/** A link of the hosts: the networks that hang on it. */
function byParent(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0.100',
    ipam: { type: 'whereabouts', range: '192.168.42.0/24' },
  });
  cluster.nad('shop/br', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br-multus', ipam: { type: 'static' } });
  asking(cluster, 'shop/a', node, 'lan,br');
  return {
    source: 'k8snetworkplumbingwg/multus-cni#720 (which networks use the link)',
    cluster,
    checks: [found('networks[id=net:shop/lan]')],
    sayings: [
      { command: 'lookup', words: 'bond0.100', says: /shop\/lan/ },
      { command: 'lookup', words: 'br-multus', says: /shop\/br/ },
    ],
  };
}

/** A claim, and a class of devices. */
function byClaim(): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('pci-0000-00-06-0', 'ens6', kept.mac)]);
  claim(cluster, { key: 'ai/train-nic', pods: ['p1'], device: 'pci-0000-00-06-0', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'train-nic', [node.primary.add().ip], {});
  return {
    source: 'kubernetes-sigs/dranet (kubectl get resourceclaims)',
    cluster,
    checks: [found('pods[id=pod:ai/p1]')],
    sayings: [
      { command: 'lookup', words: 'ai/train-nic', says: /ai\/p1/ },
      { command: 'lookup', words: 'train-nic', says: /ai\/p1/ },
    ],
  };
}

/** A pool of whereabouts by the name of its object. */
function byPool(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'eth1',
    ipam: { type: 'whereabouts', range: '192.168.42.0/24' },
  });
  ipPool(cluster, '192.168.42.0-24', '192.168.42.0/24', { 1: 'shop/a' });
  labPod(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.42.1', '7e:00:00:00:42:01')]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts (kubectl get ippools)',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [{ command: 'lookup', words: '192.168.42.0-24', says: /pool .*192\.168\.42\.0-24/ }],
  };
}

/** InfiniBand’s address, as ip link has it. */
function byInfinibandAddress(): Situation {
  const { cluster, node } = startLab({ capacity: { [VF]: '8' } });
  const mac = '00:00:10:49:fe:80:00:00:00:00:00:00:e4:1d:2d:03:00:aa:bb:cc';
  cluster.nad(
    'hpc/ib',
    { cniVersion: '0.3.1', type: 'ib-sriov', ipam: { type: 'whereabouts', range: '192.168.77.0/24' } },
    { 'k8s.v1.cni.cncf.io/resourceName': VF },
  );
  labPod(cluster, 'hpc/a', node, 'ib', [entry('hpc/ib', 'net1', '192.168.77.1', mac)], { resources: { [VF]: '1' } });
  return {
    source: 'k8snetworkplumbingwg/ib-sriov-cni (twenty octets)',
    cluster,
    checks: [is('interfaces[id=if:hpc/a/net1].mac', null), none('findings[severity=error]')],
    // The record keeps Ethernet’s MACs alone: the answer says what was asked, and no other network’s address.
    sayings: [{ command: 'lookup', words: mac, says: /InfiniBand|20 octets|twenty octets/ }],
  };
}

/** Another plugin than the VPC CNI gives pods addresses of ENIs. */
function ipvlanVpc(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false, maxPods: 110 });
  const second = node.eni({ dev: 1, by: 'other' });
  const held = second.add();
  second.free(3);
  cluster.write('shop/a', node, [held.ip]);
  return {
    source: 'lyft/cni-ipvlan-vpc-k8s#9',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].eni', second.id),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: new RegExp(`shop/a[^]*${second.id}`) }],
  };
}

/** A pod that is well, on a network whose two ranges are one subnet of EC2 each. */
function twoSubnets(): Situation {
  const { cluster, node } = start({ maxPods: 20, os: 'Amazon Linux 2' });
  const kept = node.eni(
    { dev: 1, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } },
    cluster.subnet('10.60.0.0/24'),
  );
  const held = kept.add();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'eth1',
    ipam: {
      type: 'whereabouts',
      ipRanges: [{ range: '10.60.0.0/24', range_start: '10.60.0.16', range_end: '10.60.0.250' }],
    },
  });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', held.ip, kept.mac)]);
  return {
    source: 'aws-samples/eks-install-guide-for-multus (range without the subnet’s own addresses)',
    cluster,
    checks: [none('findings[severity=error]'), none('findings[severity=warning]')],
    sayings: [{ command: 'lookup', words: '10.60.0.1', says: /router/, silentOn: /assign/ }],
  };
}

export const asWritten: Readonly<Record<string, () => Situation>> = {
  'network by the name in its config': byConfigName,
  'network as in an annotation': byAnnotation,
  'resource of devices': byResource,
  'networks by their link': byParent,
  'claim by its name': byClaim,
  'whereabouts pool by its name': byPool,
  'InfiniBand address': byInfinibandAddress,
  'another plugin on ENIs': ipvlanVpc,
  'range within a subnet': twoSubnets,
};
