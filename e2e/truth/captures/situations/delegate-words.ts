/** What Multus and the plugins that it calls say when a pod's network cannot be made: each text has its own cause and its own remedy. */
import { asking, daemonSays, multusSays, start, thickSays } from './attaching';
import { found, none, refused, says, silentOn, type Situation } from './situation';

export interface Said {
  readonly source: string;
  /** The configuration of the network; a pod without a network where it is absent. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Who quotes the text: Multus, its daemon, the daemon about no network, or nobody. */
  readonly by: 'Multus' | 'daemon' | 'daemon itself' | 'nobody';
  readonly text: string;
  /** What the pod's findings must say beside the quoted text. */
  readonly advises: string;
  readonly not?: string;
  /** Where they must say it, if not in the advice. */
  readonly in?: 'detail';
  /** The pod's own wish, where it is not the network alone. */
  readonly wish?: string;
}

const POD = 'shop/late';

const quoted = ({ by, text }: Said): string => {
  if (by === 'nobody') return text;
  if (by === 'daemon itself') return daemonSays(POD, text);
  return by === 'Multus' ? multusSays(POD, 'lan', text) : thickSays(POD, 'lan', text);
};

export function said(words: Said): Situation {
  const { cluster, node } = start();
  const { config, source, advises, not, wish = 'lan' } = words;
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  if (config === undefined) cluster.waiting(POD, node, { createdAt: '2026-09-01T11:30:00Z' });
  else {
    cluster.nad('shop/lan', { cniVersion: '0.3.1', name: 'lan', ...config });
    asking(cluster, POD, node, wish);
  }
  refused(cluster, POD, quoted(words));
  return {
    source,
    cluster,
    checks: [
      found(`findings[severity=error][subjects~pod:${POD}]`),
      says(`findings[subjects~pod:${POD}].${words.in ?? 'advice'}`, advises),
      none('findings[rule=pod-ip-failed]'),
      silentOn(`findings[subjects~pod:${POD}].command`, 'aws-node'),
      silentOn(`findings[subjects~pod:${POD}]`, '(?i)WARM_|subnet .*(full|out of)'),
      ...(not === undefined ? [] : [silentOn(`findings[subjects~pod:${POD}].advice`, not)]),
    ],
    sayings: [{ command: 'explain', words: `pod ${POD} address`, says: new RegExp(advises.replace('(?i)', ''), 'i') }],
  };
}

const MACVLAN = {
  type: 'macvlan',
  master: 'eth1',
  mode: 'bridge',
  ipam: { type: 'host-local', subnet: '192.168.15.0/24' },
};
const DHCP = { ...MACVLAN, ipam: { type: 'dhcp' } };
const SRIOV = { type: 'sriov', ipam: {} };
const KUBE_OVN = { type: 'kube-ovn', server_socket: '/run/openvswitch/kube-ovn-daemon.sock', provider: 'lan.shop.ovn' };

const WORDS: Readonly<Record<string, Said>> = {
  'shim without its daemon': {
    source: 'k8snetworkplumbingwg/multus-cni#1165, k8snetworkplumbingwg/ovs-cni#274',
    by: 'nobody',
    text: 'plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): failed to send CNI request: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: connection refused',
    advises: '(?i)multus',
  },
  'shim whose socket is elsewhere': {
    source: 'openshift/origin#31012 (daemonSocketDir), k8snetworkplumbingwg/multus-cni pkg/server/api/shim.go',
    by: 'nobody',
    text: 'plugin type="multus-shim" name="multus-cni-network" failed (add): CmdAdd (shim): CheckAPIReadyNow: Daemon not reachable over socketfile: failed to send CNI request: Post "http://dummy/healthz": dial unix /run/multus/socket/multus.sock: connect: no such file or directory',
    advises: '(?i)multus',
  },
  'Multus that calls itself': {
    source: 'k8snetworkplumbingwg/multus-cni#1175',
    by: 'nobody',
    text: '[shop/late/4213a819:multus-cni-network]: error adding container to network "multus-cni-network": [shop/late/4213a819:multus-cni-network]: error adding container to network "multus-cni-network": CmdAdd (shim): failed to send CNI request: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: connection refused',
    advises: '(?i)multus .*itself|one DaemonSet',
  },
  'Multus that calls itself endlessly': {
    source: 'intel/afxdp-plugins-for-kubernetes#56',
    config: MACVLAN,
    by: 'nobody',
    text: `plugin type="multus" name="multus-cni-network" failed (add): ${'[shop/late/dfae3db3:multus-cni-network]: error adding container to network "multus-cni-network": '.repeat(8)}[shop/late/dfae3db3:multus-cni-net`,
    advises: '(?i)multus',
  },
  'ipvlan missing in the kernel, in old Multus’s words': {
    source: 'k8snetworkplumbingwg/multus-cni#347',
    config: { ...MACVLAN, type: 'ipvlan', mode: 'l2' },
    by: 'nobody',
    text: 'NetworkPlugin cni failed to set up pod "late_shop" network: Multus: Err adding pod to network "lan": Multus: error in invoke Delegate add - "ipvlan": failed to create ipvlan: operation not supported',
    advises: '(?i)modprobe|module',
  },
  'full range, in old Multus’s words': {
    source: 'k8snetworkplumbingwg/multus-cni#373',
    config: {
      ...MACVLAN,
      type: 'ipvlan',
      mode: 'l2',
      ipam: { type: 'host-local', subnet: '135.111.37.0/24', rangeStart: '135.111.37.1', rangeEnd: '135.111.37.1' },
    },
    by: 'nobody',
    text: 'NetworkPlugin cni failed to set up pod "late_shop" network: Multus: Err adding pod to network "lan": Multus: error in invoke Delegate add - "ipvlan": failed to allocate for range 0: no IP addresses available in range set: 135.111.37.1-135.111.37.1',
    advises: '(?i)widen|/var/lib/cni/networks',
  },
  'plugin missing on the node, in old Multus’s words': {
    source: 'k8snetworkplumbingwg/multus-cni#386',
    config: MACVLAN,
    by: 'nobody',
    text: 'NetworkPlugin cni failed to set up pod "late_shop" network: Multus: Err adding pod to network "lan": Multus: error in invoke Delegate add - "macvlan": failed to find plugin "macvlan" in path [/opt/cni/bin]',
    advises: 'Install the CNI plugins',
  },
  'parent missing on the node, followed by a cleanup failure': {
    source: 'k8snetworkplumbingwg/multus-cni#581',
    config: { ...MACVLAN, master: 'eth7' },
    by: 'nobody',
    text: '[failed to set up sandbox container "e1a7c40a" network for pod "late": networkPlugin cni failed to set up pod "late_shop" network: [shop/late:lan]: error adding container to network "lan": Link not found, failed to clean up sandbox container "e1a7c40a" network for pod "late": networkPlugin cni failed to teardown pod "late_shop" network: delegateDel: error invoking DelegateDel - "macvlan": error in getting result from DelNetwork: Link not found]',
    advises: '(?i)attach the ENI|bring up the link',
    not: '(?i)lspci',
  },
  'ipvlan missing in the kernel': {
    source: 'foundation-model-stack/multi-nic-cni#192',
    config: { ...MACVLAN, type: 'ipvlan', mode: 'l2' },
    by: 'Multus',
    text: 'failed to create ipvlan: operation not supported',
    advises: '(?i)modprobe|module',
  },
  'bridge missing in the kernel': {
    source: 'containernetworking/plugins#53, plugins/main/bridge/bridge.go (ensureBridge)',
    config: { type: 'bridge', bridge: 'br0', ipam: {} },
    by: 'daemon',
    text: 'plugin type="bridge" name="lan" failed (add): failed to create bridge "br0": could not add "br0": operation not supported',
    advises: '(?i)modprobe|module',
  },
  'macvtap whose link was renamed': {
    source: 'k8snetworkplumbingwg/multus-cni#1052',
    config: { type: 'macvtap', mtu: 1500 },
    by: 'Multus',
    text: 'failed to lookup device "eth0Mvp83": Link not found',
    advises: '(?i)renamed',
  },
  'virtual function already in the pod, after a result': {
    source: 'hustcat/sriov-cni#35',
    config: SRIOV,
    by: 'nobody',
    text: 'netplugin failed but error parsing its diagnostic message "{\\n    \\"ips\\": [],\\n    \\"dns\\": {}\\n}{\\n    \\"code\\": 100,\\n    \\"msg\\": \\"Multus: error in invoke Delegate add - \\\\\\"sriov\\\\\\": failed to set up pod interface \\\\\\"net1\\\\\\" from the device \\\\\\"enp216s0f2\\\\\\": failed to move vf 0 to netns: file exists\\"\\n}": invalid character \'{\' after top-level value',
    advises: '(?i)other names',
    not: '(?i)standard error',
  },
  'node without permission to read namespaces': {
    source: 'k8snetworkplumbingwg/multus-cni#301',
    config: MACVLAN,
    by: 'nobody',
    text: 'NetworkPlugin cni failed to set up pod "late_shop" network: Multus: Err in tearing down failed plugins: Multus: error in invoke Conflist add - "cni0": error in getting result from AddNetworkList: namespaces "default" is forbidden: User "system:node:k8s-55149838" cannot get resource "namespaces" in API group "" in the namespace "default"',
    advises: '(?i)ClusterRole',
  },
  'Multus without its kubeconfig': {
    source: 'k8snetworkplumbingwg/multus-cni pkg/multus/multus.go, pkg/k8sclient/k8sclient.go',
    config: MACVLAN,
    by: 'nobody',
    text: 'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/late/19241d18]: error getting k8s client: GetK8sClient: failed to get context for the kubeconfig /etc/cni/net.d/multus.d/multus.kubeconfig: stat /etc/cni/net.d/multus.d/multus.kubeconfig: no such file or directory',
    advises: '(?i)multus.*(start|writes)',
  },
  'daemon unaware of the pod': {
    source: 'k8snetworkplumbingwg/multus-cni#1361',
    config: MACVLAN,
    by: 'daemon itself',
    text: 'Multus: [shop/late/608c92b4]: error waiting for pod: pod "late" not found',
    advises: '(?i)cache|watch|API server|restart',
  },
  'daemon without the kubelet’s socket': {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#555',
    config: SRIOV,
    by: 'daemon itself',
    text: 'Multus: [shop/late/c2943d63]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: failed to get a ResourceClient instance: getKubeletClient: error getting pod resources from client: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/lib/kubelet/pod-resources/kubelet.sock: connect: no such file or directory"',
    advises: '/var/lib/kubelet/pod-resources',
  },
  'daemon without permission to enter the network namespace': {
    source: 'angelnu/helm-charts#231',
    by: 'daemon itself',
    text: '[shop/late/4abfea1d:cbr0]: error adding container to network "cbr0": DelegateAdd: cannot set "" interface name to "eth0": validateIfName: no net namespace /var/run/netns/cni-dc76ded0 found: failed to Statfs "/var/run/netns/cni-dc76ded0": operation not permitted',
    advises: '(?i)privileged|/run/netns',
  },
  'network without configuration': {
    source: 'k8snetworkplumbingwg/multus-cni#1072, pkg/netutils (GetCNIConfig)',
    config: MACVLAN,
    by: 'daemon itself',
    text: 'Multus: [shop/late/9ca09698]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: GetCNIConfig: err in GetCNIConfigFromFile: No networks found in /host/etc/cni/net.d',
    advises: '(?i)spec\\.config|file',
  },
  'cluster without the definitions of networks': {
    source: 'k8snetworkplumbingwg/multus-cni#365, redhat-nfvpe/cni-route-override#5',
    config: MACVLAN,
    by: 'Multus',
    text: 'Multus: Err in loading K8s Delegates k8s args: Multus: Err in getting k8s network from pod: GetPodNetwork: failed getting the delegate: getKubernetesDelegate: failed to get network resource, refer Multus README.md for the usage guide: the server could not find the requested resource',
    advises: '(?i)CustomResourceDefinition|CRD',
  },
  'macvlan on a busy parent': {
    source: 'k8snetworkplumbingwg/multus-cni#715, #1339',
    config: MACVLAN,
    by: 'Multus',
    text: 'failed to create macvlan: device or resource busy',
    advises: '(?i)ipvlan|bridge|bond',
  },
  'macvlan with an invalid MAC': {
    source: 'k8snetworkplumbingwg/multus-cni#1378',
    config: { plugins: [{ ...MACVLAN, capabilities: { mac: true } }] },
    wish: JSON.stringify([{ name: 'lan', mac: '33:33:00:00:00:11' }]),
    by: 'daemon',
    text: 'plugin type="macvlan" name="lan" failed (add): failed to create macvlan: cannot assign requested address',
    advises: '(?i)MAC.*(multicast|unicast)',
  },
  'DHCP server that does not answer': {
    source: 'containernetworking/plugins#371, #440, containernetworking/cni#329',
    config: DHCP,
    by: 'Multus',
    text: 'error calling DHCP.Allocate: no more tries',
    advises: '(?i)DHCP server',
  },
  'DHCP daemon without file descriptors': {
    source: 'k8snetworkplumbingwg/multus-cni#291',
    config: DHCP,
    by: 'daemon',
    text: 'error calling DHCP.Allocate: too many open files',
    advises: '(?i)DHCP daemon',
    not: '(?i)DHCP server',
  },
  'virtual function with a fixed MAC': {
    source: 'k8snetworkplumbingwg/sriov-cni pkg/sriov/sriov.go (SetupVF)',
    config: SRIOV,
    by: 'daemon',
    text: 'plugin type="sriov" name="lan" failed (add): failed to set up pod interface "net1" from the device "ens1f0": failed to set netlink MAC address to 02:00:00:00:01:01: operation not permitted',
    advises: '(?i)trust|MAC',
  },
  'virtual function without a link': {
    source: 'k8snetworkplumbingwg/sriov-cni#56',
    config: SRIOV,
    by: 'Multus',
    text: 'failed to set up pod interface "net1" from the device "em1": failed to rename vf 0 of the device "em1_0" to "net1": failed to lookup device "em1_0": Link not found',
    advises: '(?i)virtual function|VF',
    not: '(?i)master',
  },
  'virtual function already in the pod': {
    source: 'hustcat/sriov-cni#35, k8snetworkplumbingwg/sriov-network-device-plugin#8',
    config: SRIOV,
    by: 'Multus',
    text: 'failed to set up pod interface "net1" from the device "enp216s0f2": failed to move vf 0 to netns: file exists',
    advises: '(?i)name',
  },
  'virtual function with a failing driver': {
    source: 'k8snetworkplumbingwg/sriov-network-device-plugin#182',
    config: SRIOV,
    by: 'Multus',
    text: 'failed to set up pod interface "net1" from the device "enp2s0f1": error bringing interface up in container ns: "input/output error"',
    advises: '(?i)driver|firmware|dmesg',
  },
  'OVN-Kubernetes port not created': {
    source: 'ovn-kubernetes/ovn-kubernetes#3859, #2590',
    config: { type: 'ovn-k8s-cni-overlay', topology: 'layer2', netAttachDefName: 'shop/lan' },
    by: 'Multus',
    text: "CNI request failed with status 400: '[shop/late c9a97fe6dcc3 network lan NAD shop/lan] [shop/late c9a97fe6dcc3 network lan NAD shop/lan] failed to get pod annotation: timed out waiting for annotations: context deadline exceeded\n'",
    advises: '(?i)ovnkube',
  },
  'kube-ovn without an address for the network': {
    source: 'kubeovn/kube-ovn#2186, #1557, #5125',
    config: KUBE_OVN,
    by: 'daemon',
    text: 'plugin type="kube-ovn" failed (add): RPC failed; request ip return 500 no address allocated to pod shop/late provider lan.shop.ovn, please see kube-ovn-controller logs to find errors',
    advises: 'kube-ovn-controller',
  },
  'kube-ovn address already used by a host': {
    source: 'kubeovn/kube-ovn#3170',
    config: KUBE_OVN,
    by: 'Multus',
    text: 'RPC failed; request ip return 500 configure nic failed IP address 10.24.118.16 has already been used by host with MAC 00:00:00:83:f9:81',
    advises: '(?i)10\\.24\\.118\\.16|00:00:00:83:f9:81',
  },
  'Antrea in an unsupported chain': {
    source: 'antrea-io/antrea#2881',
    by: 'nobody',
    text: 'Network configuration does not support key prevResult and value',
    advises: '(?i)chain',
  },
  'excludes that leave no address': {
    source: 'harvester/harvester#6256',
    config: {
      type: 'bridge',
      bridge: 'br0',
      ipam: {
        type: 'whereabouts',
        range: '192.168.205.0/24',
        exclude: ['192.168.205.1/24', '192.168.205.2/24'],
      },
    },
    by: 'Multus',
    text: 'error at storage engine: Could not allocate IP in range: ip: 192.168.205.1 / - 192.168.205.254 / range: 192.168.205.0/24 / excludeRanges: [192.168.205.1/24 192.168.205.2/24]',
    in: 'detail',
    advises: 'exclude.{1,3} leaves no address',
    not: '(?i)widen|delete the (stale|left)',
  },
  'host-local without a range': {
    source: 'k0sproject/k0s#6939, k0sproject/k0sctl#158, cloudnativelabs/kube-router#246',
    by: 'nobody',
    text: 'plugin type="bridge" name="kubernetes" failed (add): no IP ranges specified',
    advises: '(?i)host-local|podCIDR',
  },
  'disallowed sysctl': {
    source: 'openshift/cluster-network-operator#1347, containernetworking/plugins plugins/meta/tuning',
    config: { plugins: [MACVLAN, { type: 'tuning', sysctl: { 'net.ipv4.ip_forward': '1' } }] },
    by: 'daemon',
    text: 'plugin type="tuning" name="lan" failed (add): Sysctl net.ipv4.ip_forward is not allowed. Only the following sysctls are allowed: [^net.ipv4.conf.IFNAME.accept_redirects$]',
    advises: '/etc/cni/tuning/allowlist\\.conf',
  },
  'Calico without a block for the node': {
    source: 'cloud.ibm.com/docs/openshift (openshift-ts-app-container-start)',
    config: { type: 'macvlan', master: 'eth1', ipam: { type: 'calico-ipam' } },
    by: 'Multus',
    text: 'cannot allocate new block due to per host block limit',
    advises: '(?i)Calico.*(block|IPPool)|maxBlocksPerHost',
  },
  'Calico without an address': {
    source: 'cloud.ibm.com/docs/openshift (openshift-ts-app-container-start)',
    by: 'nobody',
    text: 'plugin type="calico" failed (add): failed to request 1 IPv4 addresses. IPAM allocated only 0',
    advises: '(?i)IPPool|Calico',
  },
};

export const delegateWords: Readonly<Record<string, () => Situation>> = Object.fromEntries(
  Object.entries(WORDS).map(([name, words]) => [`refused: ${name}`, () => said(words)]),
);
