/** SR-IOV and other devices that a device plugin gives: what Multus and the plugin say where one is not there. */
import { asking, multusSays, running, start } from './attaching';
import { found, none, refused, says, silentOn, type Situation } from './situation';

const RESOURCE = 'mellanox.com/mlnx_sriov_netdevice';

/** "VF pci addr is required": nobody gave the plugin a device. */
function noDevice(why: 'network names no resource' | 'pod asks for none'): Situation {
  const { cluster, node } = start({ capacity: { [RESOURCE]: '4' } });
  const named = why === 'pod asks for none';
  cluster.nad(
    'rook/sriov-in',
    { cniVersion: '0.3.1', type: 'sriov', ipam: { type: 'host-local', subnet: '10.56.217.0/24' } },
    named ? { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE } : {},
  );
  asking(cluster, 'rook/osd-0', node, 'sriov-in', named ? {} : { resources: { [RESOURCE]: '1' } });
  refused(
    cluster,
    'rook/osd-0',
    multusSays('rook/osd-0', 'sriov-in', 'SRIOV-CNI failed to load netconf: LoadConf(): VF pci addr is required'),
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#258, #310, rook/rook#9653',
    cluster,
    checks: [
      found('findings[subjects~pod:rook/osd-0]'),
      says('findings[subjects~pod:rook/osd-0]', named ? RESOURCE : 'resourceName'),
      silentOn('findings[subjects~pod:rook/osd-0].title', '(?i)left|in use'),
      none('findings[rule=network-unused]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod rook/osd-0 address', says: named ? /mlnx_sriov_netdevice/ : /resourceName/ },
    ],
  };
}

/** Two pods on one node through a device plugin: each has its own device of one host-device network. */
function hostDeviceByPlugin(): Situation {
  const { cluster, node } = start({ capacity: { [RESOURCE]: '4' } });
  cluster.nad(
    'shop/hd',
    { cniVersion: '0.3.1', type: 'host-device', ipam: { type: 'dhcp' } },
    { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE },
  );
  for (const at of [1, 2])
    running(
      cluster,
      `shop/w-${String(at)}`,
      node,
      'hd',
      [
        {
          name: 'shop/hd',
          interface: 'net1',
          mac: `0c:42:a1:00:00:0${String(at)}`,
          dns: {},
          'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': `0000:3b:00.${String(at)}` } },
        },
      ],
      { resources: { [RESOURCE]: '1' } },
    );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#177, containernetworking/plugins#320',
    cluster,
    checks: [
      none('findings[rule=host-device-conflict]'),
      none('findings[rule=device-exhausted]'),
      none('findings[severity=error]'),
    ],
  };
}

/** The kubelet cannot tell Multus which devices a pod has. */
function podResourcesUnknown(): Situation {
  const { cluster, node } = start({ capacity: { [RESOURCE]: '4' } });
  cluster.nad(
    'vms/sriov',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': RESOURCE },
  );
  asking(cluster, 'vms/virt-launcher-a', node, 'sriov', { resources: { [RESOURCE]: '1' } });
  refused(
    cluster,
    'vms/virt-launcher-a',
    'plugin type="multus" name="multus-cni-network" failed (add): Multus: [vms/virt-launcher-a]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: failed to get a ResourceClient instance: getKubeletClient: error getting pod resources from client: getPodResources: failed to list pod resources, rpc error: code = Unimplemented desc = unknown service v1.PodResourcesLister',
  );
  return {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#388',
    cluster,
    checks: [
      says('findings[subjects~pod:vms/virt-launcher-a]', 'PodResourcesLister'),
      none('findings[rule=networks-annotation-invalid]'),
      none('findings[rule=network-missing]'),
    ],
    sayings: [{ command: 'explain', words: 'pod vms/virt-launcher-a address', says: /PodResourcesLister/ }],
  };
}

export const sriov: Readonly<Record<string, () => Situation>> = {
  'SR-IOV network that names no resource': () => noDevice('network names no resource'),
  'SR-IOV network whose resource the pod does not ask for': () => noDevice('pod asks for none'),
  'host-device by a device plugin': hostDeviceByPlugin,
  'kubelet without pod resources': podResourcesUnknown,
};
