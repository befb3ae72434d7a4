/** Pods that cannot end because of a further network, claims that a driver cannot prepare, machines with functions, and things looked up by their own names. */
import { ago } from '../kit/node';
import type { Json } from '../kit/types';
import { asking, entry, ipPool, launcher, running, start } from './attaching';
import { claim, claimingPod, nic, slice, startClaims } from './claiming';
import { found, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const MACVLAN: Json = {
  cniVersion: '0.3.1',
  type: 'macvlan',
  master: 'bond0',
  ipam: { type: 'whereabouts', range: '192.168.8.0/24' },
};

/** The pod is being deleted, and its network cannot be taken down. */
function cannotEnd(text: string, source: string, wanted: string, not = '(?i)does not know this message'): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', MACVLAN);
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.5', '0a:58:00:00:08:05')], {
    deleting: true,
    ready: false,
  });
  warning(
    cluster,
    'shop/a',
    'FailedKillPod',
    `error killing pod: failed to "KillPodSandbox" for "0a1b-2c3d" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for sandbox \\"0a1b2c\\": ${text}"`,
    'kubelet',
  );
  return {
    source,
    cluster,
    checks: [
      says('findings[rule=pod-stop-failed]', 'shop/a'),
      says('findings[rule=pod-stop-failed].advice', wanted),
      silentOn('findings[rule=pod-stop-failed]', not),
      silentOn('findings[rule=pod-stop-failed].advice', '(?i)aws-node'),
    ],
  };
}

/** DRANET says why it cannot prepare a claim, in an Event of the pod by way of the kubelet. */
function notPrepared(text: string, source: string, wanted: string): Situation {
  const { cluster, node } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('dummy0', 'dummy0', '06:1f:5c:00:02:0a')]);
  claim(cluster, { key: 'ai/c1', pods: ['p1'], device: 'dummy0', node: 'n1' });
  claimingPod(cluster, 'ai/p1', node, 'c1', [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'ai/p1',
    'FailedPrepareDynamicResources',
    `Failed to prepare dynamic resources: prepare dynamic resources: NodePrepareResources failed for ResourceClaim c1: ${text}`,
    'kubelet',
  );
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:ai/p1]', 'dummy0'),
      says('findings[subjects~pod:ai/p1].advice', wanted),
      silentOn('findings[subjects~pod:ai/p1]', '(?i)does not know this message|innermost plugin'),
    ],
    sayings: [{ command: 'explain', words: 'pod ai/p1 address', says: /dummy0/ }],
  };
}

/** KubeVirt passes functions to the machine by the device-info that Multus reports. */
function machineWithoutDevice(text: string): Situation {
  const { cluster, node } = start({ capacity: { 'openshift.io/vfs': '4' } });
  cluster.nad(
    'vms/fast',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/vfs' },
  );
  running(
    cluster,
    'vms/virt-launcher-nfv-abcde',
    node,
    '[{"name":"fast","namespace":"vms","interface":"pod1a2b3c4d5e6"}]',
    [
      {
        name: 'vms/fast',
        interface: 'pod1a2b3c4d5e6',
        mac: '02:50:00:00:00:07',
        dns: {},
      },
    ],
    { ...launcher('nfv'), resources: { 'openshift.io/vfs': '1' } },
  );
  cluster.extraFiles.push({
    path: 'kubernetes/vmi-event.json',
    text: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Event',
      type: 'Warning',
      metadata: { namespace: 'vms', name: 'nfv.1', uid: 'ev-nfv' },
      involvedObject: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', namespace: 'vms', name: 'nfv' },
      reason: 'SyncFailed',
      message: text,
      count: 12,
      firstTimestamp: ago(1200),
      lastTimestamp: ago(60),
      source: { component: 'virt-handler' },
    }),
  });
  const pod = 'findings[rule=pod-start-failed][subjects~pod:vms/virt-launcher-nfv-abcde]';
  return {
    source: 'kubevirt/kubevirt#13432, #13583',
    cluster,
    checks: [says(pod, 'SR-?IOV'), says(pod, 'nfv'), says(`${pod}.advice`, '(?i)device-info|PCI address')],
  };
}

/** What people look up: objects by the names that other commands print. */
function byTheirNames(): Situation {
  const { cluster, node } = start({ capacity: { 'openshift.io/vfs': '4' } });
  cluster.nad('shop/lan', MACVLAN);
  cluster.nad(
    'nfv/fast',
    { cniVersion: '0.3.1', type: 'sriov', ipam: {} },
    { 'k8s.v1.cni.cncf.io/resourceName': 'openshift.io/vfs' },
  );
  ipPool(cluster, '192.168.8.0-24', '192.168.8.0/24', { '5': 'shop/a', '6': 'shop/gone' });
  running(cluster, 'shop/a', node, 'lan', [entry('shop/lan', 'net1', '192.168.8.5', '0a:58:00:00:08:05')]);
  running(
    cluster,
    'nfv/virt-launcher-db-x7',
    node,
    'fast',
    [
      {
        name: 'nfv/fast',
        interface: 'net1',
        mac: '02:50:00:00:00:09',
        dns: {},
        'device-info': { type: 'pci', version: '1.1.0', pci: { 'pci-address': '0000:3b:02.1' } },
      },
    ],
    { ...launcher('db'), resources: { 'openshift.io/vfs': '1' } },
  );
  return {
    source: 'lookups as people type them: kubectl get net-attach-def, ippools, kubectl describe node',
    cluster,
    checks: [found('ipPools')],
    sayings: [
      { command: 'lookup', words: 'net-attach-def/lan', says: /network shop\/lan/ },
      { command: 'lookup', words: 'network-attachment-definition.k8s.cni.cncf.io/lan', says: /network shop\/lan/ },
      { command: 'lookup', words: 'shop/lan', says: /network shop\/lan/ },
      { command: 'lookup', words: '192.168.8.0-24', says: /address pool/ },
      { command: 'lookup', words: 'ippool/192.168.8.0-24', says: /address pool/ },
      { command: 'lookup', words: '192.168.8.6', says: /shop\/gone/ },
      { command: 'lookup', words: 'openshift.io/vfs', says: /nfv\/fast/ },
      { command: 'lookup', words: '3b:02.1', says: /virt-launcher-db-x7/ },
      { command: 'lookup', words: 'vmi/db', says: /virt-launcher-db-x7/ },
      { command: 'lookup', words: 'pod/a', says: /shop\/a/ },
      { command: 'lookup', words: '02-50-00-00-00-09', says: /virt-launcher-db-x7/ },
      { command: 'lookup', words: 'net1@shop/a', says: /net1[\s\S]*shop\/a/ },
    ],
  };
}

/** k3s and RKE2 keep plugins elsewhere: Multus itself is not found there. */
function multusElsewhere(): Situation {
  const { cluster, node } = start();
  cluster.nad('longhorn/storage', MACVLAN);
  asking(cluster, 'longhorn/manager', node, 'storage');
  refused(
    cluster,
    'longhorn/manager',
    'plugin type="multus" failed (add): failed to find plugin "multus" in path [/var/lib/rancher/k3s/data/cni]',
  );
  return {
    source: 'longhorn/longhorn#11222, k3s docs (Multus and IPAM plugins)',
    cluster,
    checks: [
      says('findings[subjects~pod:longhorn/manager]', 'multus'),
      says('findings[subjects~pod:longhorn/manager]', '/var/lib/rancher/k3s/data/cni'),
      says('findings[subjects~pod:longhorn/manager].advice', '(?i)k3s|/var/lib/rancher|cniBinDir|host path'),
      none('findings[rule=network-missing]'),
    ],
    sayings: [{ command: 'explain', words: 'pod longhorn/manager address', says: /rancher/ }],
  };
}

export const endingsOfNetworks: Readonly<Record<string, () => Situation>> = {
  'pod that cannot stop: Multus has lost its kubeconfig': () =>
    cannotEnd(
      'plugin type=\\"multus\\" name=\\"multus-cni-network\\" failed (delete): error getting k8s client: GetK8sClient: failed to get context for the kubeconfig /etc/cni/net.d/multus.d/multus.kubeconfig: stat /etc/cni/net.d/multus.d/multus.kubeconfig: no such file or directory',
      'k8snetworkplumbingwg/multus-cni#1160 (Multus was removed, its config was not)',
      '(?i)multus',
    ),
  'pod that cannot stop: whereabouts waits to become leader': () =>
    cannotEnd(
      'plugin type=\\"multus\\" name=\\"multus-cni-network\\" failed (delete): delegateDel: error invoking DelegateDel - \\"macvlan\\": error in getting result from DelNetwork: error at storage engine: time limit exceeded while waiting to become leader',
      'k8snetworkplumbingwg/whereabouts#224',
      '(?i)lease|leader',
    ),
  'pod that cannot stop: cluster network without its config': () =>
    cannotEnd(
      'plugin type=\\"multus-shim\\" name=\\"multus-cni-network\\" failed (delete): netplugin failed with no error message: signal: killed',
      'k8snetworkplumbingwg/multus-cni#1346 (out of memory)',
      '(?i)memory|kernel log',
    ),
  'claim for a missing link': () =>
    notPrepared(
      'failed to get netlink to interface dummy0: Link not found',
      'kubernetes-sigs/dranet#221',
      '(?i)ip link|link .*node',
    ),
  'claim for a device unknown to the driver': () =>
    notPrepared(
      'failed to get network interface name for device dummy0: device dummy0 not found in store',
      'kubernetes-sigs/dranet#221, #22',
      '(?i)driver|DRANET|ResourceSlice|ip link',
    ),
  'claim for a missing network': () =>
    notPrepared(
      'prepare failed: error applying config on device dummy0: error getting net attach def raw config: error getting net attach def for net attach def ai/vf-test: network-attachment-definitions.k8s.cni.cncf.io \\"vf-test\\" not found',
      'k8snetworkplumbingwg/dra-driver-sriov pkg/devicestate/state.go (getNetAttachDefRawConfig)',
      '(?i)ai/vf-test|NetworkAttachmentDefinition',
    ),
  'claim that binds its function to another driver': () =>
    notPrepared(
      'prepare failed: error binding device 0000:3b:02.1 to driver: failed to bind device dummy0: write /sys/bus/pci/drivers/vfio-pci/bind: no such device',
      'k8snetworkplumbingwg/dra-driver-sriov pkg/devicestate/state.go (BindDeviceDriverWithMAC)',
      '(?i)driver|IOMMU|vfio',
    ),
  'claim with a configuration that DRANET rejects': () =>
    notPrepared(
      'claim 0a1b2c3d-0000-4000-8000-000000000000 contain errors: feature tcp-segmentation of dummy0 not supported by interface',
      'kubernetes-sigs/dranet pkg/driver/dra_hooks.go (prepareResourceClaim)',
      '(?i)config|claim',
    ),
  'virtual machine without its functions, before Multus reported': () =>
    machineWithoutDevice(
      'server error. command SyncVMI failed: "Preparing host-disks, failed to create SR-IOV hostdevices: failed to create PCI address pool with network status from file: context deadline exceeded"',
    ),
  'virtual machine without a PCI address': () =>
    machineWithoutDevice(
      'server error. command SyncVMI failed: "failed to create SR-IOV hostdevices: failed to create hostdevices for [fast]: no more addresses to allocate for network fast"',
    ),
  'objects by their own names': byTheirNames,
  'Multus not found by k3s': multusElsewhere,
};
