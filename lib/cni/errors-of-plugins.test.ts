/**
 * Messages of cluster network agents, the Multus daemon and the plugins, as found in their source code and in bug
 * reports.
 */
import { describe, expect, it } from 'vitest';
import { old, thick, thin } from '../../e2e/testing/multus-quotes';
import { readCniFailure } from './errors';

const DUMMY = 'failed to send CNI request: Post "http://dummy/';

const TEXTS: readonly (readonly [text: string, kind: string, subject: string | null])[] = [
  [
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /var/run/antrea/cni.sock: connect: no such file or directory"',
    'agent-missing',
    '/var/run/antrea/cni.sock',
  ],
  [
    'RPC failed; Post "http://dummy/api/v1/add": dial unix /run/openvswitch/kube-ovn-daemon.sock: connect: connection refused',
    'agent-missing',
    '/run/openvswitch/kube-ovn-daemon.sock',
  ],
  ['RPC failed; Post "http://dummy/api/v1/add": EOF', 'agent-missing', 'http://dummy/api/v1/add'],
  [
    `${DUMMY}": dial unix /var/run/ovn-kubernetes/cni//ovn-cni-server.sock: connect: connection refused`,
    'agent-missing',
    '/var/run/ovn-kubernetes/cni//ovn-cni-server.sock',
  ],
  [`${DUMMY}": EOF`, 'agent-missing', 'http://dummy/'],
  [`${DUMMY}cni": EOF`, 'multus-down', 'http://dummy/cni'],
  [
    'unable to allocate IP address: Post "http://127.0.0.1:6784/ip/6442": dial tcp 127.0.0.1:6784: connect: connection refused',
    'agent-missing',
    '127.0.0.1:6784',
  ],
  [
    'unhealthy spiderpool-agent backend, failed to check: Get "http://localhost/v1/ipam/healthy": context deadline exceeded',
    'agent-missing',
    'unhealthy spiderpool-agent backend',
  ],
  ['error dialing: dial unix /run/own/agent.sock: connect: connection refused', 'agent-missing', '/run/own/agent.sock'],
  [
    'getKubeletClient: error getting pod resources from client: dial unix /var/lib/kubelet/pod-resources/kubelet.sock: connect: no such file or directory',
    'pod-resources-unreachable',
    'getKubeletClient: error getting pod resources from client: dial unix /var/lib/kubelet/pod-resources/kubelet.sock: connect: no such file or directory',
  ],
  ['error waiting for pod: pod "web-0" not found', 'pod-not-found', 'web-0'],
  ['error getting pod: pods "web-0" not found', 'pod-not-found', 'web-0'],
  [
    'stat /etc/cni/net.d/whereabouts.d/whereabouts.kubeconfig: no such file or directory',
    'kubeconfig-missing',
    '/etc/cni/net.d/whereabouts.d/whereabouts.kubeconfig',
  ],
  ['error getting k8s client: invalid configuration', 'kubeconfig-missing', 'invalid configuration'],
  ['failed to Statfs "/var/run/netns/cni-d": operation not permitted', 'netns-denied', '/var/run/netns/cni-d'],
  [
    'the server could not find the requested resource',
    'networks-not-served',
    'the server could not find the requested resource',
  ],
  ['Network configuration does not support key prevResult and value', 'not-chainable', 'prevResult'],
  [
    'Sysctl net.ipv4.ip_forward is not allowed. Only the following sysctls are allowed: [x]',
    'sysctl-refused',
    'net.ipv4.ip_forward',
  ],
  ['error calling DHCP.Allocate: no more tries', 'dhcp-no-answer', 'no more tries'],
  [
    'error calling DHCP.Allocate: failed to Statfs "/var/run/netns/cni-d": no such file or directory',
    'dhcp-daemon-netns',
    '/var/run/netns/cni-d',
  ],
  ['link net1 still has tentative addresses after 10 seconds', 'address-tentative', 'net1'],
  [
    'conflistDel: error in getting result from DelNetworkList: failed to parse netconf: unexpected end of JSON input',
    'state-file-cut',
    'unexpected end of JSON input',
  ],
  ['failed to add IPv4 route for 0.0.0.0/0 via 169.254.1.1: file exists', 'default-route-taken', '169.254.1.1'],
  ['error calling DHCP.Allocate: too many open files', 'dhcp-daemon-failed', 'too many open files'],
  ['failed to create macvlan: cannot assign requested address', 'mac-invalid', null],
  ['failed to set netlink MAC address to 02:00:00:00:00:00: cannot assign requested address', 'mac-invalid', null],
  [
    'failed to set netlink MAC address to 02:00:00:00:01:01: operation not permitted',
    'mac-refused',
    '02:00:00:00:01:01',
  ],
  ['failed to move vf 0 to netns: file exists', 'link-name-in-pod', '0'],
  ['failed to move IF temp_67 to netns: "file exists"', 'link-name-in-pod', 'temp_67'],
  ['error bringing interface up in container ns: "input/output error"', 'link-not-up', 'input/output error'],
  ['failed to lookup vf device "net1": Link not found', 'device-link-missing', 'net1'],
  ['failed to create ipvlan: operation not supported', 'kernel-module-missing', 'ipvlan'],
  [
    'failed to get pod annotation: timed out waiting for annotations: context deadline exceeded',
    'port-not-made',
    'timed out waiting for annotations',
  ],
  [
    'failed to get primary network: invalid primary network state for namespace "blue": a valid primary user defined network or network attachment definition custom resource, and required namespace label "k8s.ovn.org/primary-user-defined-network" must both be present',
    'primary-network-missing',
    'blue',
  ],
  [
    'plugin type="flannel" failed (add): failed to delegate add: bridge port in error state: lower-layer-down',
    'bridge-refused',
    'bridge port in error state: lower-layer-down',
  ],
  [
    'failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No more free affine blocks and strict affinity enabled',
    'calico-pool-full',
    'failed to request IPv4 addresses',
  ],
  ['error in invoke Delegate add - "bridge": no plugin name provided', 'config-invalid', 'no plugin name provided'],
  ['timed out waiting for OVS port binding (ovn-installed)', 'port-not-made', 'timed out waiting for OVS port binding'],
  [
    'RPC failed; request ip return 500 no address allocated to pod a/b provider lan.shop.ovn, please see kube-ovn-controller logs to find errors',
    'kube-ovn-refused',
    'no address allocated to pod a/b provider lan.shop.ovn',
  ],
  [
    'configure nic failed IP address 10.24.118.16 has already been used by host with MAC 00:00:00:83:f9:81',
    'address-used-by-host',
    '10.24.118.16 has already been used by host with MAC 00:00:00:83:f9:81',
  ],
  ['invalid CIDR : invalid CIDR address: ', 'range-invalid', 'invalid CIDR : invalid CIDR address: '],
  [
    'SRIOV-CNI failed to configure VF "failed to set vf 2 vlan: operation not supported"',
    'vf-setting-refused',
    'vlan: operation not supported',
  ],
  [
    'SRIOV-CNI failed to configure VF "failed to set vf 4 vlan configuration - id 100, qos 0 and proto 802.1q: invalid argument"',
    'vf-setting-refused',
    'vlan configuration - id 100, qos 0 and proto 802.1q: invalid argument',
  ],
  [
    'infiniBand SRI-OV CNI failed to configure VF "VF ib4 GUID is not valid"',
    'guid-invalid',
    'VF ib4 GUID is not valid',
  ],
  [
    'failed to add IP addr {Interface:0xc0 Address:{IP:10.2.27.108 Mask:ffffff00} Gateway:10.2.27.1} to "net1": address already in use',
    'address-in-use',
    'address already in use',
  ],
  [
    'failed to add IP addr {Interface:0xc0 Address:{IP:fd00:15::7 Mask:ffffffffffffffff0000000000000000} Gateway:fd00:15::1} to "net1": permission denied',
    'ipv6-disabled',
    'fd00:15::7',
  ],
  [
    'failed to allocate for range 0: 10.88.109.255 has been allocated to b56f8c, duplicate allocation is not allowed',
    'allocated-twice',
    '10.88.109.255',
  ],
  ['container veth name provided (net1) already exists', 'link-in-pod', 'net1'],
  [
    'unable to setup DNAT: running [/sbin/iptables -t nat -N CNI-DN-37a7 --wait]: exit status 4: Another app is currently holding the xtables lock',
    'firewall-refused',
    '/sbin/iptables',
  ],
  ['unable to set up nftables rules for port mappings: /dev/stdin:13:1', 'firewall-refused', 'nftables'],
  [
    'open /proc/sys/net/ipv4/conf/eth1/arp_filter: no such file or directory',
    'sysctl-missing',
    '/proc/sys/net/ipv4/conf/eth1/arp_filter',
  ],
  [
    "failed to add route '{192.168.0.0 ffff0000} via 10.3.0.1 dev net1': network is unreachable",
    'route-unreachable',
    '{192.168.0.0 ffff0000} via 10.3.0.1 dev net1',
  ],
  ['gateway check of 172.20.30.1 canceled after 6 retries', 'gateway-silent', '172.20.30.1'],
  [
    'request ip return 500 configure nic failed ovs interface a1b2_net1_h is not ready after 30s',
    'ovs-port-not-ready',
    'ovs interface a1b2_net1_h is not ready after 30s',
  ],
  ['must be called as chained plugin', 'not-chained', null],
  ['failed to create vlan: file exists', 'vlan-taken', null],
  ['config file not found', 'whereabouts-file-missing', 'config file not found'],
  [
    'unable to create endpoint: Cilium API client timeout exceeded',
    'cilium-refused',
    'unable to create endpoint: Cilium API client timeout exceeded',
  ],
  [
    'network \\"multus-cni-network\\" requested interface name \\"eth0\\" already assigned',
    'interface-name-kept',
    'eth0',
  ],
  [
    'failed to run NRI hook: RunPodSandbox pod ai/p1 using host network can not claim host devices',
    'claim-on-host-network',
    'using host network can not claim host devices',
  ],
  [
    'spiderpool IP allocation error: [POST /ipam/ip][500] postIpamIpFailure  failed to retrieve the IP allocation of StatefulSet shop/db: nic net1 do not match the current IP allocation of StatefulSet',
    'spiderpool-kept',
    'shop/db: nic net1 do not match the current IP allocation of StatefulSet',
  ],
  [
    'container interface net1 has no veth peer: <nil>',
    'bandwidth-refused',
    'container interface net1 has no veth peer',
  ],
  ['adding link: invalid argument', 'bandwidth-refused', 'adding link: invalid argument'],
  ['netplugin failed with no error message: signal: killed', 'plugin-killed', 'signal: killed'],
  ['netplugin failed with no error message', 'plugin-killed', null],
  [
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to reserve sandbox name "a_b_c_0": name "a_b_c_0" is reserved for "9f8e7d"',
    'sandbox-slow',
    null,
  ],
  ['unknown ipvlan mode: "bridge"', 'config-invalid', 'unknown ipvlan mode: "bridge'],
  [
    'hnsCall failed in Win32: The object already exists. (0x1392)',
    'windows-hns',
    'hnsCall failed in Win32: The object already exists',
  ],
  ['HNS failed with error : Element not found. ', 'windows-hns', 'HNS failed with error : Element not found'],
  [
    'panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation]',
    'plugin-crashed',
    'runtime error: invalid memory address or nil pointer dereference',
  ],
  ['no IP ranges specified', 'no-range', 'no IP ranges specified'],
  ['cannot allocate new block due to per host block limit', 'calico-pool-full', 'per host block limit'],
  [
    'failed to request 1 IPv4 addresses. IPAM allocated only 0',
    'calico-pool-full',
    'failed to request 1 IPv4 addresses',
  ],
];

describe('readCniFailure: errors of agents and plugins, whatever wraps them', () => {
  it.each(TEXTS)('%s', (text, kind, subject) => {
    expect(readCniFailure(text)).toMatchObject({ kind, subject, network: null });
    for (const quoted of [thin(text), thick(text), old(text)])
      expect(readCniFailure(quoted)).toMatchObject({ kind, subject, network: 'lan' });
  });

  it('recognises Multus that calls itself', () => {
    const layer = '[shop/web-0/8a1c:multus-cni-network]: error adding container to network "multus-cni-network": ';
    expect(readCniFailure(layer + layer).kind).toBe('multus-calls-itself');
    expect(readCniFailure(`${layer}device or resource busy`).kind).toBe('parent-busy');
  });

  it('reads the failure, not the complaint about output printed next to it', () => {
    const text = `netplugin failed but error parsing its diagnostic message "{}{\\"msg\\": \\"failed to move vf 0 to netns: file exists\\"}": invalid character '{' after top-level value`;
    expect(readCniFailure(text).kind).toBe('link-name-in-pod');
  });
});
