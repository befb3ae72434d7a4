/** Devices on another node, or allocated to another claim; networks requested in the wrong namespace. */
import { asking, daemonSays, start } from './attaching';
import { claim, claimingPod, nic, ready, slice, startClaims } from './claiming';
import { none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

/** Two pods of a group share a claim, and the second was bound to another node. */
function deviceOfAnotherNode(): Situation {
  const { cluster, node, kept } = startClaims();
  const other = cluster.node('n2', cluster.subnet('10.41.0.0/20'));
  other.primary.free(8);
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  slice(cluster, 'n2', 'dra.net', [nic('ens6', 'ens6', '06:00:00:00:02:01')]);
  claim(cluster, {
    key: 'ai/shared',
    pods: ['p0', 'p1'],
    device: 'ens6',
    node: 'n1',
    told: ready('n1', 'ens6', 'ens6', kept),
  });
  claimingPod(cluster, 'ai/p0', node, 'shared', [node.primary.addresses[0]?.ip ?? '']);
  claimingPod(cluster, 'ai/p1', other, 'shared', [], { phase: 'Pending', createdAt: OLD });
  return {
    source: 'kubernetes/kubernetes#140087',
    cluster,
    checks: [
      says('findings[rule=claimed-device-gone][subjects~pod:ai/p1]', 'on another node'),
      says('findings[rule=claimed-device-gone][subjects~pod:ai/p1]', 'bound to n2'),
      none('findings[rule=claimed-device-gone][subjects~pod:ai/p0]'),
    ],
  };
}

const NO_CLAIMS =
  '0/1 nodes are available: 1 cannot allocate all claims. still not schedulable, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';

/** Every device is allocated: to pods' claims, or to a claim that a deleted pod left behind. */
function everyDeviceTaken(isLeft: boolean): Situation {
  const { cluster, node, kept } = startClaims();
  slice(cluster, 'n1', 'dra.net', [nic('ens6', null, null)]);
  claim(cluster, {
    key: 'ai/held',
    pods: ['trainer'],
    device: 'ens6',
    node: 'n1',
    ...(isLeft ? {} : { told: ready('n1', 'ens6', 'ens6', kept) }),
  });
  if (!isLeft) claimingPod(cluster, 'ai/trainer', node, 'held', [node.primary.addresses[0]?.ip ?? '']);
  claim(cluster, { key: 'ai/wanted', pods: [], device: null, node: 'n1' });
  claimingPod(cluster, 'ai/next', null, 'wanted', [], { phase: 'Pending', createdAt: OLD });
  warning(cluster, 'ai/next', 'FailedScheduling', NO_CLAIMS, 'default-scheduler');
  return {
    source: isLeft
      ? 'kubernetes-sigs/dranet#304 (claims outlive their pods)'
      : 'kubernetes/kubernetes (cannot allocate all claims), Project-HAMi/k8s-dra-driver#5',
    cluster,
    checks: [
      says('findings[subjects~pod:ai/next]', 'Every device that network drivers publish is allocated'),
      says('findings[subjects~pod:ai/next]', 'ens6 by ai/held'),
      isLeft
        ? says('findings[subjects~pod:ai/next].advice', 'ai/held')
        : silentOn('findings[subjects~pod:ai/next]', 'no known pod'),
    ],
  };
}

/** A default network without its namespace: Multus looks in kube-system, and the intended network counts as used. */
function defaultNetworkElsewhere(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth0', ipam: { type: 'dhcp' } });
  asking(cluster, 'shop/app', node, '', { annotations: { 'v1.multus-cni.io/default-network': 'lan' } });
  refused(
    cluster,
    'shop/app',
    daemonSays(
      'shop/app',
      'Multus: [shop/app/0a1b-2c3d]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in loading K8s Default network from pod: tryLoadK8sPodDefaultNetwork: failed getting the delegate: getKubernetesDelegate: cannot find a network-attachment-definition (lan) in namespace (kube-system): network-attachment-definitions.k8s.cni.cncf.io "lan" not found',
    ),
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#337 (for the default network)',
    cluster,
    checks: [
      says('findings[rule=network-missing][subjects~pod:shop/app].advice', 'shop/lan'),
      none('findings[rule=network-unused]'),
    ],
  };
}

export const heldDevices: Readonly<Record<string, () => Situation>> = {
  'claimed device of another node': deviceOfAnotherNode,
  'every device held by pods': () => everyDeviceTaken(false),
  'device kept by a claim without its pod': () => everyDeviceTaken(true),
  'default network in another namespace': defaultNetworkElsewhere,
};
