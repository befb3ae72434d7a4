/** One cause behind many interfaces, and links whose state is that of the link below. */
import { entry } from './attaching';
import { bondOfTwo, hostLinks, labPod, startLab } from './lab';
import { count, found, is, none, says, silentOn, type Situation } from './situation';

const PODS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];

/** A DaemonSet or Deployment on macvlan in a cloud: only the network needs a change. */
function manyOnMacvlan(): Situation {
  const { cluster, node } = startLab({ providerId: 'hcloud://4711' });
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'enp7s0',
    ipam: { type: 'whereabouts', range: '10.8.0.0/24' },
  });
  for (const [at, name] of PODS.entries())
    labPod(cluster, `shop/${name}`, node, 'lan', [
      entry('shop/lan', 'net1', `10.8.0.${String(at + 5)}`, `2e:00:00:00:01:0${at.toString(16)}`),
    ]);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1209, posted with a DaemonSet',
    cluster,
    checks: [
      count('findings[rule=macvlan-on-eni]', 1),
      says('findings[rule=macvlan-on-eni]', '11 more interfaces'),
      found('findings[rule=macvlan-on-eni][subjects~if:shop/a/net1]'),
    ],
  };
}

function manyBonds(): Situation {
  const { cluster, node } = startLab();
  bondOfTwo(cluster, 'sriov', { mode: '802.3ad' });
  for (const [at, name] of ['a', 'b', 'c'].entries())
    labPod(cluster, `shop/${name}`, node, 'left,right,bond-net@bond0', [
      entry('shop/left', 'net1', null, `2e:00:00:00:0${String(at)}:01`),
      entry('shop/right', 'net2', null, `2e:00:00:00:0${String(at)}:02`),
      entry('shop/bond-net', 'bond0', `10.56.217.1${String(at)}`, `2e:00:00:00:0${String(at)}:01`),
    ]);
  return {
    source: 'k8snetworkplumbingwg/bond-cni#149, a Deployment of three',
    cluster,
    checks: [count('findings[rule=bond-mode-unfit]', 1), says('findings[rule=bond-mode-unfit]', '2 more pods')],
  };
}

/** nmstate's view of a bond of two ports with a VLAN on it. */
function vlanOnBond(bond: 'up' | 'down'): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/storage', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0.100',
    ipam: { type: 'whereabouts', range: '10.9.0.0/24' },
  });
  hostLinks(cluster, node, [
    { name: 'eno1', type: 'ethernet', state: 'up', 'mac-address': '0C:42:A1:00:00:01' },
    { name: 'bond0', type: 'bond', state: bond, 'mac-address': '0C:42:A1:00:00:02' },
    {
      name: 'bond0.100',
      type: 'vlan',
      state: 'up',
      'mac-address': '0C:42:A1:00:00:02',
      vlan: { 'base-iface': 'bond0', id: 100 },
    },
  ]);
  labPod(cluster, 'shop/a', node, 'storage', [entry('shop/storage', 'net1', '10.9.0.5', '2e:00:00:00:01:01')]);
  return {
    source: 'harvester/harvester#2259, nmstate/kubernetes-nmstate (a VLAN over a bond)',
    cluster,
    checks:
      bond === 'up'
        ? [none('findings[severity=warning]'), none('findings[severity=error]')]
        : [
            says('findings[rule=parent-link-down]', 'bond0'),
            says('findings[rule=parent-link-down].evidence', 'bond0 is down'),
            silentOn('findings[rule=parent-link-down]', 'ENI'),
          ],
  };
}

/** A VLAN over a bond whose ports are down, all or one, while nmstate reports bond and VLAN as up. */
function portsOfABond(second: 'up' | 'down'): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/storage', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'bond0.100',
    mtu: 1500,
    ipam: { type: 'whereabouts', range: '10.9.0.0/24' },
  });
  hostLinks(cluster, node, [
    { name: 'eno1', type: 'ethernet', state: 'down', mtu: 1500 },
    { name: 'eno2', type: 'ethernet', state: second, mtu: 1500 },
    { name: 'bond0', type: 'bond', state: 'up', mtu: 1500, 'link-aggregation': { port: ['eno1', 'eno2'] } },
    { name: 'bond0.100', type: 'vlan', state: 'up', mtu: 1500, vlan: { 'base-iface': 'bond0', id: 100 } },
  ]);
  labPod(cluster, 'shop/a', node, 'storage', [entry('shop/storage', 'net1', '10.9.0.5', '2e:00:00:00:01:01')]);
  return {
    source: 'nmstate/kubernetes-nmstate (a bond without a port that is up)',
    cluster,
    checks:
      second === 'up'
        ? [none('findings[severity=warning]'), none('findings[severity=error]')]
        : [
            says('findings[rule=parent-link-down].evidence', 'bond0 is down, and with it bond0.100'),
            is('hostNics[name=bond0].over', ['eno1', 'eno2']),
          ],
  };
}

/** Jumbo frames, before the MTU of the links was raised: no pod has been refused yet. */
function jumboTooEarly(type: 'macvlan' | 'ipvlan'): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/roce', {
    cniVersion: '0.3.1',
    type,
    master: 'ens2f0',
    mtu: 9000,
    ipam: { type: 'whereabouts', range: '10.9.0.0/24' },
  });
  cluster.object({
    apiVersion: 'sriovnetwork.openshift.io/v1',
    kind: 'SriovNetworkNodeState',
    metadata: { name: node.name, namespace: 'sriov', uid: 'sns-1' },
    status: { syncStatus: 'Succeeded', interfaces: [{ name: 'ens2f0', mtu: 1500, pciAddress: '0000:3b:00.0' }] },
  });
  labPod(cluster, 'shop/a', node, 'roce', [entry('shop/roce', 'net1', '10.9.0.5', '2e:00:00:00:01:01')]);
  return {
    source: 'containernetworking/plugins (macvlan: invalid MTU), k8snetworkplumbingwg/sriov-network-operator',
    cluster,
    checks: [
      is('hostNics[name=ens2f0].mtu', 1500),
      is('findings[rule=mtu-exceeds-parent].severity', type === 'macvlan' ? 'error' : 'warning'),
      says('findings[rule=mtu-exceeds-parent]', 'ens2f0'),
      says('findings[rule=mtu-exceeds-parent].advice', '1500'),
    ],
  };
}

export const causes: Readonly<Record<string, () => Situation>> = {
  'twelve pods on macvlan in a cloud': manyOnMacvlan,
  'three bonds of one network': manyBonds,
  'VLAN over a bond whose ports are down': () => portsOfABond('down'),
  'VLAN over a bond with one port down': () => portsOfABond('up'),
  'macvlan with jumbo frames on a link without': () => jumboTooEarly('macvlan'),
  'ipvlan with jumbo frames on a link without': () => jumboTooEarly('ipvlan'),
  'VLAN over a bond that is down': () => vlanOnBond('down'),
  'VLAN over a bond that is up': () => vlanOnBond('up'),
};
