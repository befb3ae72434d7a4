/** Virtual machines and their bridges, other clouds' secondary networks: healthy in unusual ways, and the shortage of a bridge. */
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { asking, entry, launcher } from './attaching';
import { hostLinks, labPod, startLab } from './lab';
import { count, is, none, OLD, says, silentOn, warning, type Situation } from './situation';

const QUIET = [none('findings[severity=error]'), none('findings[severity=warning]')];
const BRIDGE = 'bridge.network.kubevirt.io/br1';

const cnvBridge = (name: string, bridge: string): Json => ({
  cniVersion: '0.3.1',
  name,
  plugins: [{ type: 'cnv-bridge', bridge, macspoofchk: true, ipam: {} }, { type: 'cnv-tuning' }],
});

const resource = (name: string) => ({ 'k8s.v1.cni.cncf.io/resourceName': name });

/** The bridge marker offers the bridge as a resource; the machine's interface has no address of Kubernetes'. */
function machineOnABridge(): Situation {
  const { cluster, node } = startLab({ capacity: { [BRIDGE]: '1k' } });
  hostLinks(cluster, node, [
    { name: 'ens6', type: 'ethernet', state: 'up', 'mac-address': '00:50:56:00:00:06' },
    { name: 'br1', type: 'linux-bridge', state: 'up', 'mac-address': '00:50:56:00:00:06' },
  ]);
  cluster.nad('vms/br1', cnvBridge('br1', 'br1'), resource(BRIDGE));
  labPod(
    cluster,
    'vms/virt-launcher-db-x1',
    node,
    '[{"name":"br1","mac":"02:00:00:00:00:21","interface":"pod7e0055a6880"}]',
    [entry('vms/br1', 'pod7e0055a6880', null, '02:00:00:00:00:21')],
    { ...launcher('db'), resources: { [BRIDGE]: '1' } },
  );
  return {
    source: 'kubevirt/kubevirt.github.io#631, kubevirt/hyperconverged-cluster-operator#2150',
    cluster,
    checks: [
      is('networks[id=net:vms/br1].parent', { kind: 'bridge', value: 'br1' }),
      is('interfaces[id=if:vms/virt-launcher-db-x1/pod7e0055a6880].ips', []),
      is('interfaces[id=if:vms/virt-launcher-db-x1/pod7e0055a6880].mac', '02:00:00:00:00:21'),
      is('interfaces[id=if:vms/virt-launcher-db-x1/pod7e0055a6880].eni', null),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: '02:00:00:00:00:21', says: /virt-launcher-db-x1/ }],
  };
}

/** No node has the bridge: what is short is no device, and no device plugin offers it. */
function noNodeHasTheBridge(): Situation {
  const { cluster, node } = startLab();
  hostLinks(cluster, node, [{ name: 'ens6', type: 'ethernet', state: 'up', 'mac-address': '00:50:56:00:00:06' }]);
  cluster.nad('vms/br1', cnvBridge('br1', 'br1'), resource(BRIDGE));
  asking(cluster, 'vms/virt-launcher-db-x1', null, 'br1', { ...launcher('db'), resources: { [BRIDGE]: '1' } });
  warning(
    cluster,
    'vms/virt-launcher-db-x1',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${BRIDGE}. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    'default-scheduler',
  );
  return {
    source: 'rdoxenham/openshift-virt-labs#4, kubevirt/kubernetes-device-plugins#34, kubevirt/bridge-marker',
    cluster,
    checks: [
      says('findings[subjects~pod:vms/virt-launcher-db-x1]', 'bridge\\.network\\.kubevirt\\.io/br1'),
      says('findings[subjects~pod:vms/virt-launcher-db-x1].advice', '(?i)bridge.*br1|br1.*bridge'),
      silentOn('findings[subjects~pod:vms/virt-launcher-db-x1]', '(?i)virtual function|SR-IOV'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [{ command: 'explain', words: 'pod vms/virt-launcher-db-x1 address', says: /br1/ }],
  };
}

/** macvtap by its device plugin: fifty on one link, each a device. */
function macvtap(): Situation {
  const { cluster, node } = startLab({ capacity: { 'macvtap.network.kubevirt.io/dataplane': '50' } });
  cluster.nad(
    'vms/dataplane',
    { cniVersion: '0.3.1', name: 'dataplane', type: 'macvtap', mtu: 1500 },
    resource('macvtap.network.kubevirt.io/dataplane'),
  );
  for (const [at, vm] of ['a', 'b'].entries())
    labPod(
      cluster,
      `vms/virt-launcher-${vm}`,
      node,
      'dataplane',
      [entry('vms/dataplane', 'net1', null, `02:00:00:00:0a:0${String(at)}`)],
      { ...launcher(vm), resources: { 'macvtap.network.kubevirt.io/dataplane': '1' } },
    );
  return {
    source: 'kubevirt/kubevirt#3933, kubevirt/macvtap-cni',
    cluster,
    checks: [
      count('interfaces[network=net:vms/dataplane]', 2),
      none('findings[rule=host-device-conflict]'),
      none('findings[rule=network-config-invalid]'),
      ...QUIET,
    ],
  };
}

/** Antrea attaches networks itself, without Multus: names without a namespace, the pod's own interface last. */
function antrea(): Situation {
  const { cluster, node } = startLab();
  const vlan = (id: number): Json => ({
    cniVersion: '0.3.0',
    type: 'antrea',
    networkType: 'vlan',
    mtu: 1500,
    vlan: id,
    ipam: { type: 'antrea', ippools: [`vlan${String(id)}-ipv4`] },
  });
  cluster.nad('shop/vlan-net1', vlan(100));
  cluster.nad('shop/vlan-net2', vlan(200));
  cluster.write('shop/a', node, ['10.244.0.4'], {
    annotations: {
      [NETWORKS]: '[{"name":"vlan-net1","interface":"eth1"},{"name":"vlan-net2","interface":"eth2"}]',
      [STATUS]: JSON.stringify([
        { name: 'vlan-net1', interface: 'eth1', ips: ['148.14.24.2'], mac: 'aa:bb:cc:dd:ee:01', dns: {} },
        { name: 'vlan-net2', interface: 'eth2', ips: ['148.14.25.112'], mac: 'aa:bb:cc:dd:ee:02', dns: {} },
        {
          name: 'antrea',
          interface: 'eth0',
          ips: ['10.244.0.4'],
          mac: '46:ff:fa:fb:43:25',
          default: true,
          dns: {},
          gateway: ['10.244.0.1'],
        },
      ]),
    },
  });
  return {
    source: 'antrea-io/antrea#7762, docs/secondary-network.md',
    cluster,
    checks: [
      count('interfaces[pod=pod:shop/a]', 3),
      is('interfaces[id=if:shop/a/eth1].network', 'net:shop/vlan-net1'),
      is('interfaces[id=if:shop/a/eth2].ips', ['148.14.25.112']),
      is('interfaces[id=if:shop/a/eth0].network', 'cluster'),
      is('interfaces[id=if:shop/a/eth0].default', true),
      none('findings[rule=network-config-invalid]'),
      none('findings[rule=network-unused]'),
      ...QUIET,
    ],
    sayings: [{ command: 'lookup', words: '148.14.24.2', says: /shop\/a/ }],
  };
}

/** A localnet of OVN-Kubernetes: its VLAN is on the physical network, addresses are outside of Kubernetes. */
function localnet(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('vms/vlan-200', {
    cniVersion: '0.4.0',
    name: 'vlan-200',
    type: 'ovn-k8s-cni-overlay',
    topology: 'localnet',
    vlanID: 200,
    mtu: 1500,
    netAttachDefName: 'vms/vlan-200',
  });
  labPod(
    cluster,
    'vms/virt-launcher-web',
    node,
    '[{"name":"vlan-200","namespace":"vms","mac":"02:00:00:00:0b:01","interface":"pod1a2b3c4d5e6"}]',
    [entry('vms/vlan-200', 'pod1a2b3c4d5e6', null, '02:00:00:00:0b:01')],
    { ...launcher('web'), main: { name: 'ovn-kubernetes' } },
  );
  return {
    source:
      'openshift/openshift-docs (configuring-ovnk-additional-networks: localnet), ovn-org/ovn-kubernetes docs/features/multiple-networks',
    cluster,
    checks: [
      is('networks[id=net:vms/vlan-200].vlan', 200),
      is('interfaces[id=if:vms/virt-launcher-web/pod1a2b3c4d5e6].eni', null),
      none('findings[rule=parent-interface-missing]'),
      ...QUIET,
    ],
  };
}

/** The bridge plugin makes its bridge with the first pod: that the inventory does not list it yet is no fault. */
function bridgeMadeByItsPlugin(): Situation {
  const { cluster, node } = startLab();
  hostLinks(cluster, node, [{ name: 'ens6', type: 'ethernet', state: 'up', 'mac-address': '00:50:56:00:00:06' }]);
  cluster.nad('shop/local', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'mynet0',
    isGateway: true,
    ipam: { type: 'host-local', subnet: '10.12.0.0/24' },
  });
  cluster.write('shop/next', node, [], {
    phase: 'Pending',
    createdAt: '2026-09-01T11:59:50Z',
    annotations: { [NETWORKS]: 'local' },
  });
  labPod(cluster, 'shop/first', node, 'local', [entry('shop/local', 'net1', '10.12.0.2', '0a:58:0a:0c:00:02')]);
  return {
    source: 'containernetworking/plugins plugins/main/bridge (setupBridge creates it)',
    cluster,
    checks: [
      is('networks[id=net:shop/local].parent', { kind: 'bridge', value: 'mynet0' }),
      none('findings[rule=parent-interface-missing]'),
      none('findings[severity=error]'),
    ],
  };
}

/** Kube-OVN as a further network, and as the IPAM of macvlan: its annotations are its own, the status is Multus'. */
function kubeOvn(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('shop/attachnet', {
    cniVersion: '0.3.0',
    type: 'kube-ovn',
    server_socket: '/run/openvswitch/kube-ovn-daemon.sock',
    provider: 'attachnet.shop.ovn',
  });
  cluster.nad('shop/macvlan', {
    cniVersion: '0.3.0',
    type: 'macvlan',
    master: 'eth0',
    mode: 'bridge',
    ipam: { type: 'kube-ovn', server_socket: '/run/openvswitch/kube-ovn-daemon.sock', provider: 'macvlan.shop' },
  });
  labPod(
    cluster,
    'shop/a',
    node,
    'attachnet,macvlan',
    [
      entry('shop/attachnet', 'net1', '172.17.0.15', '00:00:00:6a:1c:01'),
      entry('shop/macvlan', 'net2', '172.18.0.15', '0a:58:ac:12:00:0f'),
    ],
    {
      main: { name: 'kube-ovn' },
      annotations: {
        'attachnet.shop.ovn.kubernetes.io/allocated': 'true',
        'ovn.kubernetes.io/logical_switch': 'ovn-default',
      },
    },
  );
  return {
    source: 'kubeovn/kube-ovn#718, docs: multi-nic (IPAM for other CNIs)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/net1].ips', ['172.17.0.15']),
      is('networks[id=net:shop/macvlan].ipam.type', 'kube-ovn'),
      is('interfaces[id=if:shop/a/net2].hostNic', 'nic:w1/eth0'),
      none('findings[rule=network-config-invalid]'),
      ...QUIET,
    ],
  };
}

/** A machine that waits for another reason: its disk. Its networks have not been asked for anything yet. */
function machineWaitsForItsDisk(): Situation {
  const { cluster, node } = startLab({ capacity: { [BRIDGE]: '1k' } });
  cluster.nad('vms/br1', cnvBridge('br1', 'br1'), resource(BRIDGE));
  asking(cluster, 'vms/virt-launcher-db-x1', node, 'br1', {
    ...launcher('db'),
    resources: { [BRIDGE]: '1' },
    createdAt: OLD,
  });
  warning(
    cluster,
    'vms/virt-launcher-db-x1',
    'FailedMapVolume',
    'MapVolume.SetUpDevice failed for volume "pvc-1" : rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'kubelet',
  );
  return {
    source: 'kubevirt/kubevirt (virt-launcher in ContainerCreating), kubernetes/kubernetes (FailedMapVolume)',
    cluster,
    checks: [
      says('findings[subjects~pod:vms/virt-launcher-db-x1]', 'MapVolume|volume'),
      none('findings[rule=parent-interface-missing]'),
      none('findings[rule=device-exhausted]'),
    ],
  };
}

export const machines: Readonly<Record<string, () => Situation>> = {
  'machine on a bridge': machineOnABridge,
  'no node has the bridge': noNodeHasTheBridge,
  'macvtap by device plugin': macvtap,
  'Antrea attaches networks': antrea,
  'localnet of OVN-Kubernetes': localnet,
  'bridge made by its plugin': bridgeMadeByItsPlugin,
  'Kube-OVN as network and as IPAM': kubeOvn,
  'virtual machine waiting for its disk': machineWaitsForItsDisk,
};
