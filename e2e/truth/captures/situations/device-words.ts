/** What plugins say of devices and links that refuse a setting, and what the makers of ports say in Events of their own. */
import type { Json } from '../kit/types';
import { asking, multusSays, start, thickSays } from './attaching';
import { labPod, startLab } from './lab';
import { found, none, refused, says, silentOn, warning, type Situation } from './situation';

const POD = 'telco/du';
const VF = 'mellanox.com/mlnx_sriov_rdma';
const OF_VF = { 'k8s.v1.cni.cncf.io/resourceName': VF };

interface Refusal {
  readonly source: string;
  readonly text: string;
  readonly config: Json;
  /** What the advice, or the detail, must say. */
  readonly advises: string;
  readonly details?: string;
}

/** A pod with a virtual function that cannot be set as its network wants. */
function functionRefused({ source, text, config, advises, details }: Refusal): Situation {
  const { cluster, node } = startLab({ capacity: { [VF]: '8' } });
  cluster.nad('telco/sriov-net', config, OF_VF);
  asking(cluster, POD, node, 'sriov-net', { resources: { [VF]: '1' } });
  refused(cluster, POD, thickSays(POD, 'sriov-net', text));
  return {
    source,
    cluster,
    checks: [
      says(`findings[subjects~pod:${POD}].advice`, advises),
      ...(details === undefined ? [] : [says(`findings[subjects~pod:${POD}].detail`, details)]),
      silentOn(`findings[subjects~pod:${POD}]`, '(?i)does not know this message|ipamd|no device (is )?left'),
      none('findings[rule=device-exhausted]'),
    ],
    sayings: [{ command: 'explain', words: `pod ${POD} address`, says: new RegExp(advises.replace('(?i)', ''), 'i') }],
  };
}

const SRIOV = (more: object = {}): Json => ({ cniVersion: '0.3.1', type: 'sriov', ipam: {}, ...more });

/** An Event of the maker of ports, beside what the kubelet says, or before it says anything. */
function portRefused(
  source: string,
  {
    reason,
    message,
    from,
    config,
    kubelet,
  }: { reason: string; message: string; from: string; config: Json; kubelet: string | null },
  details: string,
): Situation {
  const { cluster, node } = startLab();
  cluster.nad('telco/tenant', config);
  asking(cluster, POD, node, 'tenant');
  if (kubelet !== null) refused(cluster, POD, multusSays(POD, 'tenant', kubelet));
  warning(cluster, POD, reason, message, from);
  return {
    source,
    cluster,
    checks: [
      says(`findings[subjects~pod:${POD}]`, details),
      silentOn(`findings[subjects~pod:${POD}]`, '(?i)ipamd|No Event says why'),
    ],
    sayings: [{ command: 'explain', words: `pod ${POD} address`, says: new RegExp(details.replace('(?i)', ''), 'i') }],
  };
}

const OVN: Json = {
  cniVersion: '0.3.1',
  name: 'tenantblue-network',
  type: 'ovn-k8s-cni-overlay',
  topology: 'localnet',
  subnets: '192.168.200.0/29',
  netAttachDefName: 'telco/tenant',
};
const OVN_WAITS = `CNI request failed with status 400: '[${POD} 818bf network tenantblue-network NAD telco/tenant] [${POD} 818bf network tenantblue-network NAD telco/tenant] failed to get pod annotation: timed out waiting for annotations: context deadline exceeded\n'`;
const KUBE_OVN: Json = {
  cniVersion: '0.3.1',
  type: 'kube-ovn',
  server_socket: '/run/openvswitch/kube-ovn-daemon.sock',
  provider: 'tenant.telco.ovn',
};
const KUBE_OVN_WAITS = `RPC failed; request ip return 500 no address allocated to pod ${POD} provider tenant.telco.ovn, please see kube-ovn-controller logs to find errors`;

/** Multus takes a file that is one plugin of a chain for the cluster's network. */
function defaultIsAMetaPlugin(): Situation {
  const { cluster, node } = startLab();
  cluster.waiting(POD, node, { createdAt: '2026-09-01T11:30:00Z' });
  refused(cluster, POD, `[${POD}:cbr0]: error adding container to network "cbr0": must be called as chained plugin`);
  return {
    source: 'k8snetworkplumbingwg/multus-cni#714',
    cluster,
    checks: [
      found(`findings[severity=error][subjects~pod:${POD}]`),
      says(`findings[subjects~pod:${POD}]`, 'cbr0'),
      // No NetworkAttachmentDefinition is at fault: the pod asks for none.
      says(`findings[subjects~pod:${POD}].advice`, '(?i)/etc/cni/net\\.d|cluster.s (own )?network|default network'),
    ],
  };
}

/** Multus 3.7 takes eth0 for a name that a network asks for twice, and no pod ends. */
function neverEnds(): Situation {
  const { cluster, node } = startLab();
  labPod(cluster, POD, node, '', [], { deleting: true });
  warning(
    cluster,
    POD,
    'FailedKillPod',
    `error killing pod: failed to "KillPodSandbox" for "f2b7" with KillPodSandboxError: "rpc error: code = Unknown desc = failed to destroy network for pod sandbox k8s_du_telco_f2b7_0(b60c): network \\"multus-cni-network\\" requested interface name \\"eth0\\" already assigned"`,
    'kubelet',
  );
  return {
    source: 'k8snetworkplumbingwg/multus-cni#669, #677',
    cluster,
    checks: [
      says(`findings[rule=pod-stop-failed]`, 'eth0'),
      silentOn(`findings[rule=pod-stop-failed].advice`, '(?i)ipamd|aws-node'),
    ],
  };
}

/** CRI-O puts the network's name in its own words around those of Multus. */
function saidByCrio(): Situation {
  const { cluster, node } = start();
  cluster.nad('telco/lan', {
    cniVersion: '0.3.1',
    type: 'ipvlan',
    master: 'ens9',
    ipam: { type: 'whereabouts', range: '10.40.8.0/24' },
  });
  asking(cluster, POD, node, 'lan');
  warning(
    cluster,
    POD,
    'FailedCreatePodSandBox',
    `(combined from similar events): Failed to create pod sandbox: rpc error: code = Unknown desc = failed to create pod network sandbox k8s_du_telco_f51f1602-3d29_0(a4b8): error adding pod telco_du to CNI network "multus-cni-network": plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CNI request failed with status 400: 'ContainerID:"a4b8" Netns:"/var/run/netns/f51f" IfName:"eth0" Args:"IgnoreUnknown=1;K8S_POD_NAMESPACE=telco;K8S_POD_NAME=du;K8S_POD_INFRA_CONTAINER_ID=a4b8;K8S_POD_UID=f51f1602" Path:"" ERRORED: error configuring pod [telco/du] networking: [telco/du/f51f1602:lan]: error adding container to network "lan": failed to lookup master "ens9": Link not found\n'`,
    'kubelet',
  );
  return {
    source: 'okd-project/okd#1172 (words of CRI-O)',
    cluster,
    checks: [
      says('findings[rule=parent-interface-missing]', 'ens9'),
      silentOn(`findings[subjects~pod:${POD}]`, '(?i)does not know this message'),
    ],
    sayings: [{ command: 'explain', words: `pod ${POD} address`, says: /ens9/ }],
  };
}

/** Only one macvlan may have its parent to itself. */
function passthruTwice(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('telco/pass', {
    cniVersion: '0.3.1',
    type: 'macvlan',
    master: 'ens8',
    mode: 'passthru',
    ipam: { type: 'dhcp' },
  });
  labPod(cluster, 'telco/first', node, 'pass', [
    { name: 'telco/pass', interface: 'net1', ips: ['192.168.7.20'], mac: '52:54:00:11:22:33', dns: {} },
  ]);
  asking(cluster, POD, node, 'pass');
  refused(cluster, POD, multusSays(POD, 'pass', 'failed to create macvlan: device or resource busy'));
  return {
    source:
      'containernetworking/plugins (macvlan, passthru), torvalds/linux drivers/net/macvlan.c (macvlan_common_newlink: -EINVAL, -EBUSY)',
    cluster,
    checks: [
      says(`findings[subjects~pod:${POD}]`, 'passthru'),
      says(`findings[subjects~pod:${POD}]`, '(?i)first|one (pod|macvlan|interface)|only one'),
      silentOn(`findings[subjects~pod:${POD}].advice`, '(?i)put ipvlan and macvlan on different links'),
    ],
    sayings: [{ command: 'explain', words: `pod ${POD} address`, says: /passthru/ }],
  };
}

/** One VLAN of a link exists once on a node, in whichever namespace. */
function vlanTwice(): Situation {
  const { cluster, node } = startLab();
  cluster.nad('telco/v200', {
    cniVersion: '0.3.1',
    type: 'vlan',
    master: 'ens8',
    vlanId: 200,
    ipam: { type: 'whereabouts', range: '192.168.20.0/24' },
  });
  labPod(cluster, 'telco/first', node, 'v200', [
    { name: 'telco/v200', interface: 'net1', ips: ['192.168.20.1'], mac: '52:54:00:11:22:34', dns: {} },
  ]);
  asking(cluster, POD, node, 'v200');
  refused(cluster, POD, multusSays(POD, 'v200', 'failed to create vlan: file exists'));
  return {
    source: 'containernetworking/plugins#53 (vlan), torvalds/linux net/8021q/vlan.c (vlan_check_real_dev: -EEXIST)',
    cluster,
    checks: [
      says(`findings[subjects~pod:${POD}]`, '(?i)vlan'),
      says(`findings[subjects~pod:${POD}]`, '(?i)(already|another|other|first|once|one pod).*|telco/first'),
      says(`findings[subjects~pod:${POD}].advice`, '(?i)macvlan|ipvlan|other node|another node'),
      silentOn(`findings[subjects~pod:${POD}]`, '(?i)does not know this message'),
    ],
    sayings: [{ command: 'explain', words: `pod ${POD} address`, says: /vlan/i }],
  };
}

export const deviceWords: Readonly<Record<string, () => Situation>> = {
  'VLAN not supported by the port': () =>
    functionRefused({
      source: 'k8snetworkplumbingwg/sriov-cni#208, k8snetworkplumbingwg/bond-cni#30',
      text: 'SRIOV-CNI failed to configure VF "failed to set vf 2 vlan: operation not supported"',
      config: SRIOV({ vlan: 0 }),
      advises: '(?i)ib-sriov|driver|switchdev|vlan',
      details: '(?i)vlan',
    }),
  'link state not supported by the port': () =>
    functionRefused({
      source: 'k8snetworkplumbingwg/sriov-cni#119',
      text: 'SRIOV-CNI failed to configure VF "failed to set vf 28 link state to 1: operation not supported"',
      config: SRIOV({ link_state: 'enable' }),
      advises: 'link_state',
    }),
  'VLAN rejected by the port': () =>
    functionRefused({
      source: 'k8snetworkplumbingwg/sriov-cni#303',
      text: 'SRIOV-CNI failed to configure VF "failed to set vf 4 vlan configuration - id 100, qos 0 and proto 802.1q: invalid argument"',
      config: SRIOV({ vlan: 100, vlanProto: '802.1q' }),
      advises: '(?i)vlan',
      details: '(?i)vlan',
    }),
  'VLAN that cannot be changed': () =>
    functionRefused({
      source: 'k8snetworkplumbingwg/sriov-cni#291',
      text: 'SRIOV-CNI failed to configure VF "failed to set vf 5 vlan: operation not permitted"',
      config: SRIOV(),
      advises: '(?i)vlan|trunk',
      details: '(?i)vlan',
    }),
  'rate not supported by the port': () =>
    functionRefused({
      source: 'k8snetworkplumbingwg/sriov-cni (pkg/sriov: ApplyVFConfig)',
      text: 'SRIOV-CNI failed to configure VF "failed to set vf 1 min_tx_rate to 0 Mbps: max_tx_rate to 100 Mbps: operation not supported"',
      config: SRIOV({ max_tx_rate: 100 }),
      advises: 'tx_rate',
    }),
  'InfiniBand function without a GUID': () =>
    functionRefused({
      source: 'k8snetworkplumbingwg/ib-sriov-cni#66',
      text: 'infiniBand SRI-OV CNI failed to configure VF "VF ib4 GUID is not valid"',
      config: { cniVersion: '0.3.1', type: 'ib-sriov', ipam: {} },
      advises: '(?i)guid',
    }),
  'OVN-Kubernetes’ range is full': () =>
    portRefused(
      'ovn-kubernetes/ovn-kubernetes#4850',
      {
        reason: 'ErrorAllocatingPod',
        message: `failed to update pod ${POD}: failed to assign pod addresses for telco/tenant/${POD}: range is full`,
        from: 'controlplane',
        config: OVN,
        kubelet: OVN_WAITS,
      },
      'range is full',
    ),
  'OVN-Kubernetes cannot add a port, and the kubelet waits': () =>
    portRefused(
      'ovn-kubernetes/ovn-kubernetes#1523',
      {
        reason: 'ErrorAddingLogicalPort',
        message: `failed to set annotation on pod ${POD}: Timeout: request did not complete within requested timeout`,
        from: 'controlplane',
        config: OVN,
        kubelet: null,
      },
      'failed to set annotation on pod',
    ),
  'kube-ovn: address outside its subnet': () =>
    portRefused(
      'kubeovn/kube-ovn#4210, #6762',
      {
        reason: 'AcquireAddressFailed',
        message: 'AddressOutOfRange',
        from: 'kube-ovn-controller',
        config: KUBE_OVN,
        kubelet: KUBE_OVN_WAITS,
      },
      'AddressOutOfRange',
    ),
  'kube-ovn: no address left': () =>
    portRefused(
      'kubeovn/kube-ovn#4775',
      {
        reason: 'AcquireAddressFailed',
        message: 'NoAvailableAddress',
        from: 'kube-ovn-controller',
        config: KUBE_OVN,
        kubelet: KUBE_OVN_WAITS,
      },
      'NoAvailableAddress',
    ),
  'default network that is a chained plugin': defaultIsAMetaPlugin,
  'pod that Multus 3.7 does not stop': neverEnds,
  'CRI-O error': saidByCrio,
  'macvlan in passthru mode, twice': passthruTwice,
  'VLAN of one link, twice': vlanTwice,
};
