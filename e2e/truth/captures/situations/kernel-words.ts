/** What the kernel, iptables and IPAM plugins answer a plugin, as people post it. */
import { said, type Said } from './delegate-words';
import type { Situation } from './situation';

const IPVLAN = { type: 'ipvlan', master: 'eth1', ipam: { type: 'whereabouts', range: '10.2.27.0/24' } };
const BRIDGE = { type: 'bridge', bridge: 'br0', ipam: { type: 'host-local', subnet: '10.88.0.0/16' } };
const DUAL = {
  type: 'macvlan',
  master: 'eth1',
  ipam: { type: 'host-local', ranges: [[{ subnet: '192.168.15.0/24' }], [{ subnet: 'fd00:15::/64' }]] },
};

const WORDS: Readonly<Record<string, Said>> = {
  'address of another ipvlan interface': {
    source: 'k8snetworkplumbingwg/multus-cni#1051, k8snetworkplumbingwg/whereabouts#100',
    config: IPVLAN,
    by: 'Multus',
    text: 'failed to add IP addr {Interface:0xc000208400 Address:{IP:10.2.27.108 Mask:ffffff00} Gateway:10.2.27.1} to "net1": address already in use',
    advises: '(?i)sandbox|earlier pod|another (pod|interface)',
    not: '(?i)^assign',
  },
  'IPv6 disabled on the node': {
    source: 'k8snetworkplumbingwg/multus-cni#1141, leblancd/kube-v6#4, cri-o/cri-o#3555',
    config: DUAL,
    by: 'daemon',
    text: 'failed to add IP addr {Version:6 Interface:0xc42000e2a0 Address:{IP:fd00:15::5b9 Mask:ffffffffffffffff0000000000000000} Gateway:fd00:15::1} to "net1": permission denied',
    advises: 'disable_ipv6',
  },
  'IPv6 disabled, in newer words': {
    source: 'containernetworking/plugins pkg/ipam/ipam_linux.go (ConfigureIface)',
    config: DUAL,
    by: 'daemon',
    text: 'failed to add IP addr {Interface:0xc00012 Address:{IP:fd00:15::7 Mask:ffffffffffffffff0000000000000000} Gateway:fd00:15::1} to "net1": permission denied',
    advises: 'disable_ipv6',
  },
  'address that host-local assigned to the same sandbox': {
    source: 'podman-container-tools/podman#18753 (host-local), containernetworking/plugins (allocator.go)',
    config: BRIDGE,
    by: 'Multus',
    text: 'failed to allocate for range 0: 10.88.109.255 has been allocated to b56f8c668fc53da24557b1af33319fe027ca59860d30fe1b9ecc7fe2fc562674, duplicate allocation is not allowed',
    advises: '(?i)/var/lib/cni|twice|same network',
  },
  'link in the pod with the same name': {
    source: 'redhat-nfvpe/cni-route-override#1, harvester/harvester#210',
    config: BRIDGE,
    by: 'Multus',
    text: 'container veth name provided (net1) already exists',
    advises: '(?i)twice|name',
  },
  'port mapping rejected by iptables': {
    source: 'kubernetes-sigs/kind#550, k3s-io/k3s#491',
    by: 'nobody',
    text: 'plugin type="portmap" failed (add): unable to setup DNAT: running [/sbin/iptables -t nat -A CNI-HOSTPORT-DNAT -m comment --comment dnat name: "weave" id: "53a5" -m multiport -p tcp --destination-ports 8081 -j CNI-DN-35dacff15508f16b78b24 --wait]: exit status 1: iptables: No chain/target/match by that name.',
    advises: '(?i)iptables',
  },
  'port mapping by two kinds of iptables': {
    source: 'containernetworking/plugins#225',
    by: 'nobody',
    text: 'unable to create chain CNI-HOSTPORT-SETMARK: running [/usr/sbin/iptables -t nat -I POSTROUTING 1 -m comment --comment CNI portfwd requiring masquerade -j CNI-HOSTPORT-MASQ --wait]: exit status 4: iptables v1.8.1 (nf_tables):  RULE_INSERT failed (Invalid argument): rule in chain POSTROUTING',
    advises: '(?i)iptables',
  },
  'port mapping rejected by nftables': {
    source: 'containernetworking/plugins#1115',
    by: 'nobody',
    text: 'plugin type="portmap" failed (add): unable to set up nftables rules for port mappings: /dev/stdin:13:1-182: Error: Could not process rule: Operation not supported',
    advises: '(?i)nftables|backend',
  },
  'xtables lock held': {
    source: 'containernetworking/plugins#662',
    by: 'nobody',
    text: 'plugin type="portmap" failed (add): unable to setup DNAT: running [/usr/sbin/iptables -t nat -N CNI-DN-37a7 --wait]: exit status 4: Another app is currently holding the xtables lock. Stopped waiting after 5s.',
    advises: '(?i)lock|iptables',
  },
  'sysctl of a missing link': {
    source: 'containernetworking/plugins#1075',
    config: { plugins: [{ ...IPVLAN }, { type: 'tuning', sysctl: { 'net.ipv4.conf.eth1.arp_filter': '1' } }] },
    by: 'Multus',
    text: 'plugin type="tuning" failed (add): open /proc/sys/net/ipv4/conf/eth1/arp_filter: no such file or directory',
    advises: 'IFNAME',
  },
  'route through an unreachable gateway': {
    source: 'containernetworking/plugins pkg/ipam/ipam_linux.go (AddRouteDev)',
    config: IPVLAN,
    by: 'Multus',
    text: "failed to add route '{192.168.0.0 ffff0000} via 10.3.0.1 dev net1': network is unreachable",
    advises: '(?i)route|gateway',
  },
  'Kube-OVN with an unresponsive gateway': {
    source: 'kubeovn/kube-ovn#5626',
    config: { type: 'kube-ovn', server_socket: '/run/openvswitch/kube-ovn-daemon.sock', provider: 'lan.shop.ovn' },
    by: 'Multus',
    text: 'RPC failed; request ip return 500 configure nic pod37a8eec1ce1 for pod vm1-vswitch3/default failed: gateway check of 172.20.30.1 canceled after 6 retries',
    advises: '(?i)gateway',
  },
  'port of Open vSwitch that is not ready': {
    source: 'kubeovn/kube-ovn#7416',
    config: { type: 'kube-ovn', server_socket: '/run/openvswitch/kube-ovn-daemon.sock', provider: 'lan.shop.ovn' },
    by: 'Multus',
    text: 'RPC failed; request ip return 500 configure nic failed ovs interface a1b2_net1_h is not ready after 30s',
    advises: '(?i)ovn-controller|kube-ovn',
  },
  'odd first byte of a MAC, as the kernel answers': {
    source: 'k8snetworkplumbingwg/multus-cni#285',
    config: BRIDGE,
    by: 'Multus',
    text: 'failed to set "net1" address to "e7:d1:44:8d:65:b0": cannot assign requested address',
    advises: '(?i)multicast|even',
    not: '(?i)assign_address|assign the address',
  },
  'Spiderpool and a StatefulSet whose interfaces changed': {
    source: 'spidernet-io/cni-plugins#171',
    config: { type: 'macvlan', master: 'eth1', ipam: { type: 'spiderpool' } },
    by: 'Multus',
    text: 'spiderpool IP allocation error: [POST /ipam/ip][500] postIpamIpFailure  failed to retrieve the IP allocation of StatefulSet default/test950: nic net1 do not match the current IP allocation of StatefulSet',
    advises: '(?i)SpiderEndpoint',
    not: '(?i)larger range|enlarge|more addresses',
  },
  'Spiderpool that loses a race for its records': {
    source: 'spidernet-io/cni-plugins#170',
    config: { type: 'macvlan', master: 'eth1', ipam: { type: 'spiderpool' } },
    by: 'Multus',
    text: "spiderpool IP allocation error: [POST /ipam/ip][500] postIpamIpFailure  failed to retrieve the IP allocation of StatefulSet default/test967: failed to update StatefulSet's previous IP allocation records in IPPool ippool: exhaust all retries, failed for 3 times, failed to re-allocate StatefulSet pod 'default/test967-0' SpiderIPPool IP '192.168.1.177'",
    advises: '(?i)SpiderIPPool|SpiderEndpoint',
    not: '(?i)larger range|enlarge|more addresses',
  },
  'bandwidth limit not supported by the kernel': {
    source: 'projectcalico/calico#4357, containernetworking/plugins plugins/meta/bandwidth/ifb_creator.go (CreateIfb)',
    by: 'nobody',
    text: 'plugin type="bandwidth" failed (add): adding link: operation not supported',
    advises: '(?i)\\bifb\\b|kernel',
  },
  'bandwidth behind a plugin that names no interface': {
    source: 'weaveworks/weave#3787, aws/amazon-vpc-cni-k8s#1173, containernetworking/plugins#242',
    by: 'nobody',
    text: 'plugin type="bandwidth" failed (add): no interfaces provided',
    advises: '(?i)bandwidth',
  },
  'bandwidth behind a plugin that names no interface of the pod': {
    source: 'containernetworking/plugins#242, plugins/meta/bandwidth/main.go (getHostInterface)',
    by: 'nobody',
    text: 'plugin type="bandwidth" failed (add): container interface eth0 has no veth peer: <nil>',
    advises: '(?i)bandwidth',
  },
  'killed plugin': {
    source: 'k8snetworkplumbingwg/multus-cni#1107, crc-org/snc#203, containernetworking/cni pkg/invoke/raw_exec.go',
    config: IPVLAN,
    by: 'nobody',
    text: 'plugin type="multus" name="multus-cni-network" failed (add): netplugin failed with no error message: signal: killed',
    advises: '(?i)memory|time',
  },
  'macvlan with an ipvlan mode': {
    source: 'red-hat-storage/ocs-ci#12827',
    config: { ...DUAL, mode: 'l2' },
    by: 'Multus',
    text: 'unknown macvlan mode: "l2"',
    advises: 'bridge, private, vepa',
    in: 'detail',
  },
};

export const kernelWords: Readonly<Record<string, () => Situation>> = Object.fromEntries(
  Object.entries(WORDS).map(([name, words]) => [name, () => said(words)]),
);
