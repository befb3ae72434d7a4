/**
 * The meaning of CNI event messages (multus §1.7, §2.4; vpc-cni §10): one of a closed list of failures, the network in
 * the message, and the subject of the failure. Linear in the text; `unknown` if not recognised.
 */
import { PROGRAM_FAILURE_KINDS, PROGRAM_FAILURES } from './errors-of-programs';

/** All recognised failures; `unknown` is any other. */
export const CNI_FAILURE_KINDS = [
  'sandbox-image',
  'no-pod-address',
  'ipamd-down',
  'policy-agent-down',
  'api-unreachable',
  'api-untrusted',
  'api-proxied',
  'mesh-not-ready',
  'command-missing',
  'no-user-namespace',
  'disk-full',
  'sandbox-gone',
  'list-interrupted',
  'pod-network-setup',
  'windows-hns',
  'default-network-not-ready',
  'unauthorized',
  'forbidden',
  'dhcp-daemon-down',
  'link-name-too-long',
  'parent-missing',
  'host-device-missing',
  'container-link-missing',
  'plugin-missing',
  'plugin-not-run',
  'output-not-json',
  'agent-missing',
  'multus-calls-itself',
  'kernel-module-missing',
  'kubeconfig-missing',
  'pod-not-found',
  'pod-resources-unreachable',
  'netns-denied',
  'networks-not-served',
  'not-chainable',
  'sysctl-refused',
  'dhcp-no-answer',
  'dhcp-daemon-failed',
  'mac-invalid',
  'mac-refused',
  'link-name-in-pod',
  'link-not-up',
  'device-link-missing',
  'port-not-made',
  'primary-network-missing',
  'kube-ovn-refused',
  'address-used-by-host',
  'no-range',
  'calico-pool-full',
  'plugin-crashed',
  'parent-busy',
  'invalid-mtu',
  'vpc-cni-as-secondary',
  'pool-full',
  'address-not-available',
  'no-device',
  'no-physical-function',
  'result-version',
  'config-version',
  'multus-down',
  'uid-mismatch',
  'interface-name-taken',
  'no-address-from-ipam',
  'no-node-slice',
  'no-slice-pool',
  'network-missing',
  'namespace-isolation',
  'annotation-invalid',
  'config-invalid',
  'config-file-missing',
  'range-invalid',
  'several-default-gateways',
  'default-gateway-unreachable',
  'device-exhausted',
  'guid-invalid',
  'not-chained',
  'vlan-taken',
  'whereabouts-file-missing',
  'cilium-refused',
  'interface-name-kept',
  'address-in-use',
  'ipv6-disabled',
  'allocated-twice',
  'link-in-pod',
  'link-left',
  'firewall-refused',
  'sysctl-missing',
  'route-unreachable',
  'gateway-silent',
  'ovs-port-not-ready',
  'claim-on-host-network',
  'claimed-link-not-moved',
  'spiderpool-kept',
  'bridge-refused',
  'no-default-route-link',
  'chained-master',
  'address-without-length',
  'address-is-gateway',
  'too-many-addresses',
  'range-unusable',
  'whereabouts-busy',
  'vrf-refused',
  'no-address-for-rules',
  'ovs-bridge-missing',
  'network-unnamed',
  'dhcp-daemon-netns',
  'address-tentative',
  'state-file-cut',
  'default-route-taken',
  'cluster-config-gone',
  'function-unusable',
  'function-gone',
  'function-in-use',
  'rdma-shared',
  'parent-refused',
  'api-slow',
  'plugin-killed',
  'sandbox-slow',
  ...PROGRAM_FAILURE_KINDS,
  'unknown',
] as const;
export type CniFailureKind = (typeof CNI_FAILURE_KINDS)[number];

/** The content of a CNI error message. */
export interface CniFailure {
  readonly kind: CniFailureKind;
  /** The CNI config's name in the message, which may differ from the NAD's; null if there is none. */
  readonly network: string | null;
  /** The subject of the failure: a link, a plugin, an address, a resource, a version …; null if the message has none. */
  readonly subject: string | null;
  /** The relevant part of the message, as evidence. */
  readonly detail: string;
}

/** Kubelet events hold 1 KiB. */
const MAX_TEXT = 16_384;

/** The first match decides: narrow patterns come before wide ones. Group 1 is the subject. No pattern backtracks beyond one line. */
const PATTERNS: readonly (readonly [CniFailureKind, RegExp])[] = [
  [
    'multus-calls-itself',
    /error adding container to network "(multus-cni-network)": \[[^\]\n]{1,400}\]: error adding container to network "multus-cni-network"/,
  ],
  // DRANET's errors while the sandbox is set up; the quoted part may be a plugin's message.
  [
    'claimed-link-not-moved',
    /error (?:moving (?:network|RDMA) device|configuring device|applying ethtool config for|disabling ebpf programs for) (\S{1,253} [^\n]{1,400})/,
  ],
  // Precedes the API server's failures, because an unreachable registry causes similar messages.
  ['sandbox-image', /failed (?:to get sandbox|pulling) image \\?"([^"\\\n]{1,300})/],
  ['no-pod-address', /failed to assign an IP address to container/],
  ['ipamd-down', /(?:Add|Del)Network gRPC call: rpc error: (code = (?:Unavailable|DeadlineExceeded|Canceled))/],
  ['ipamd-down', /(failed to connect to backend server)/],
  ['policy-agent-down', /(failed to setup network policy)/],
  ['default-network-not-ready', /waiting for readinessindicatorfile(?: @ (\S{1,200}?)\.?(?:\s|$))?/i],
  ['unauthorized', /(error (?:getting|waiting for) (?:pod|ClusterInformation)\b[^\n]{0,80}: Unauthorized)/],
  ['unauthorized', /(failed \((?:add|delete)\): Unauthorized)/],
  ['forbidden', /is forbidden: User "[^"\n]{0,200}" cannot \S{1,20} resource "([^"\n]{1,100})"/],
  ['dhcp-daemon-down', /error dialing DHCP daemon: dial unix (\S{1,100}): connect/],
  ['link-name-too-long', /could not add "([^"\n]{1,64})": numerical result out of range/],
  // Before what whereabouts asks the API server with.
  ['api-slow', /error (?:getting|waiting for) pod: (timed out waiting for the condition|context deadline exceeded)/],
  ['cluster-config-gone', /failed to get clusterNetwork (\S{1,200}) in namespace \S{1,64}: stat /],
  ['multus-down', /dial unix (\S*multus\.sock): connect: /],
  ['multus-down', /Post "?(http:\/\/dummy\/cni)"?: EOF/],
  ['uid-mismatch', /expected pod (?:\S+ )?UID \\{0,8}"([\w-]{1,64})/],
  ['namespace-isolation', /namespace isolation enabled, .{0,200}refers to target namespace (\S+)/],
  ['network-missing', /cannot find a network-attachment-definition \(([^)\n]{0,253})\)/],
  ['annotation-invalid', /(parsePodNetworkAnnotation: [^\n]{0,1000})/],
  ['annotation-invalid', /(failed to parse (?:CIDR|IP address) "[^\n]{0,500})/],
  ['several-default-gateways', /multus does not support ECMP for default-route/],
  ['default-gateway-unreachable', /error setting default gateway: ([^\n]{0,200})/],
  ['interface-name-taken', /interface name (\S+) already exists/],
  [
    'pod-resources-unreachable',
    /(getKubeletClient: [^\n]{0,300}|getPodResources: failed to list pod resources[^\n]{0,200}|error reading file \S{0,100}kubelet_internal_checkpoint)/,
  ],
  ['networks-not-served', /(the server could not find the requested resource)/],
  ['pod-not-found', /error (?:getting|waiting for) pod: pods? \\?"([^"\\\n]{1,253})\\?" not found/],
  ['kubeconfig-missing', /(?:stat|open) (\S{0,200}kubeconfig): no such file or directory/],
  ['kubeconfig-missing', /error getting k8s client: ([^\n]{0,300})/],
  ['config-file-missing', /no network available in the name (\S+) in cni dir/],
  ['config-file-missing', /No networks found in (\S+)/],
  ['config-invalid', /(failed to unmarshal Spec\.Config: [^\n]{0,500})/],
  ['config-invalid', /(delegate must have the 'type' or 'plugin' field|a plugin delegate must have the 'type' field)/],
  ['config-invalid', /(no plugin name provided|specify (?:either|one of) "device", [^\n]{1,80})/],
  ['config-invalid', /(unknown (?:macvlan|ipvlan|macvtap) mode: [^\n]{1,60})/],
  ['config-invalid', /(error parsing configuration(?: list)?: [^\n]{0,200})/],
  // A range that lacks its length is a fault of the config, which is reported as such.
  ['address-without-length', /invalid CIDR ([\d.]{7,15}|[\da-f:]{2,45}): invalid CIDR address/i],
  ['range-invalid', /(invalid CIDR [^\n]{0,100}: invalid CIDR address: ?[^\n]{0,100})/],
  ['range-unusable', /(invalid range set \d{1,3}: [^\n]{1,200})/],
  ['range-unusable', /(range set \d{1,3} overlaps with \d{1,3})/],
  ['range-unusable', /net mask is too short, (subnet [^\n]{1,100} has no usable IP addresses)/],
  ['plugin-missing', /failed to find plugin \\?"([^"\\\n]{0,128})\\?" in path/],
  [
    'plugin-missing',
    /(?:fork\/exec|exec:|stat) \\?"?\S{0,100}\/cni\/bin\/([\w.-]{1,64})\\?"?: (?:stat \S{1,160}: )?no such file/,
  ],
  ['config-version', /incompatible CNI versions; config is "([^"\n]{0,32})"/],
  ['result-version', /unsupported CNI result version "([^"\n]{0,32})"/],
  ['vpc-cni-as-secondary', /failed to add default route: file exists/],
  ['api-unreachable', /dial tcp (\S{3,60}:(?:6?443)): (?:i\/o timeout|connect: )/],
  ['api-untrusted', /x509: (certificate [^\n]{0,100})/],
  [
    'api-proxied',
    /Get "?https:\/\/[^\s"]{1,400}"?: (Forbidden|cannotconnect|Bad Gateway|Service Unavailable|Proxy Authentication Required)/,
  ],
  ['mesh-not-ready', /(no ztunnel connection)/],
  ['command-missing', /exec: "([^"\n]{1,64})": executable file not found/],
  ['command-missing', /exit status 127/],
  ['no-user-namespace', /fork\/exec (\/proc\/self\/exe): no space left on device/],
  // In the cgroup file system, this error means that the kernel cannot create more cgroups.
  ['disk-full', /(?<!\/sys\/fs\/cgroup[^\n]{0,400})(no space left on device)/],
  // Multus 3.7 compares the names of a pod's interfaces with those in the runtime's cache.
  ['interface-name-kept', /requested interface name \\{0,8}"(\w{1,15})\\{0,8}" already assigned/],
  ['dhcp-daemon-netns', /error calling DHCP\.\w{1,20}: failed to Statfs \\?"([^"\\\n]{1,200})\\?"/],
  ['sandbox-gone', /failed to Statfs \\?"([^"\\\n]{1,200})\\?": no such file or directory/],
  ['netns-denied', /failed to Statfs \\?"([^"\\\n]{1,200})\\?": (?:operation not permitted|permission denied)/],
  ['list-interrupted', /(results may be incomplete or inconsistent)/],
  ['plugin-not-run', /fork\/exec (\S{1,200}: (?:exec format error|permission denied|text file busy))/],
  ['agent-missing', /dial unix (\S{1,200}\.sock): connect: /],
  ['agent-missing', /Post "?(http:\/\/dummy\/\S{0,40}?)"?: EOF/],
  ['agent-missing', /Post "?http:\/\/\S{1,120}: dial tcp (127\.0\.0\.1:6784): /],
  ['agent-missing', /(unhealthy spiderpool-agent backend|spiderpool agent health check failed)/],
  ['agent-missing', /stat (\S*calico\/nodename): no such file or directory/],
  ['agent-missing', /open (\S*flannel\/subnet\.env): no such file or directory/],
  ['pod-network-setup', /add command: failed to setup network: ([^\n]{0,300})/],
  ['windows-hns', /\b((?:HNS|hns\w{0,20}|hcn\w{0,40}) failed (?:in Win32|with error) ?: ?[^\n.{]{1,120})/],
  [
    'port-not-made',
    /(timed out waiting for (?:annotations|OVS port binding)|annotations changed waiting for OVS port binding)/,
  ],
  ['primary-network-missing', /invalid primary network state for namespace \\{0,8}"([\w.-]{1,63})\\{0,8}"/],
  ['kube-ovn-refused', /request ip return 500 ([^\n]{1,300}), please see kube-ovn-controller logs/],
  ['address-used-by-host', /IP address (\S{3,45} has already been used by host with MAC [0-9a-f:]{17})/i],
  ['calico-pool-full', /(per host block limit|failed to request (?:\d{1,3} )?IPv[46] addresses)/],
  ['plugin-crashed', /(?:panic: )?(runtime error: [^\n;\[\\"]{1,100})/],
  ['no-range', /(no IP ranges specified)/],
  [
    'dhcp-no-answer',
    /error calling DHCP\.Allocate: (no more tries|context deadline exceeded|unable to receive [^\n]{1,100})/,
  ],
  ['dhcp-daemon-failed', /error calling DHCP\.Allocate: ([^\n]{1,200})/],
  ['not-chainable', /does not support (?:key )?(prevResult)/],
  ['sysctl-refused', /Sysctl (\S{1,100}) is not allowed/],
  ['pool-full', /Could not allocate IP in range(?:: ([^\n]{0,300}))?/],
  ['pool-full', /no IP addresses available in range set: (\S{1,90})/],
  ['address-not-available', /requested IP address (\S{1,50}) is not available in range set/],
  ['no-address-from-ipam', /IPAM plugin returned missing IP config/],
  ['no-node-slice', /no allocated node slice for node/],
  ['no-slice-pool', /nodeslicepools?\.whereabouts\.cni\.cncf\.io \\?"([^"\\\n]{0,253})\\?" not found/],
  [
    'address-without-length',
    /an entry in the 'ips' field is NOT in CIDR notation, got: '([^'\n]{0,64})'|the 'ip' field is expected to be in CIDR notation, got: '/,
  ],
  ['address-is-gateway', /requested ip (\S{1,45}) is subnet's gateway/],
  ['too-many-addresses', /CNI version (\S{1,16}) does not support more than 1 address per family/],
  [
    'whereabouts-busy',
    /error at storage engine: (time limit exceeded while waiting to become leader|context deadline exceeded|k8s pool initialized|failed to update the reservation list: [^\n]{1,120}|[^\n]{0,200}client rate limiter Wait returned an error[^\n]{0,60})/,
  ],
  ['no-device', /VF pci addr is required/],
  ['function-unusable', /the VF (\S{1,40}) does not have a interface name or a dpdk driver/],
  ['function-in-use', /pci address (\S{1,40}) is already allocated/],
  ['no-physical-function', /failed to get VF information: \\?"?lstat \S*\/devices\/([0-9a-f:.]{7,16})\/physfn/],
  ['no-physical-function', /failed to open the sriov_numfs of device \\?"([^"\\\n]{1,64})/],
  ['function-gone', /failed to get VF information: ([^\n]{1,200})/],
  ['rdma-shared', /RDMA subsystem namespace awareness mode is set to (\w{1,16})/],
  ['function-gone', /runtime config DeviceID (\S{1,64}) not found or unsupported/],
  ['host-device-missing', /failed to find host device: ([^\n]{0,200})/],
  ['host-device-missing', /no net directory under pci device (\S+)/],
  ['container-link-missing', /failed to confirm that link \(([^)\n]{0,64})\) exists/],
  ['mac-invalid', /(?:failed to create \w+|hardware address|MAC address)[^\n]{0,60}: cannot assign requested address/],
  ['mac-refused', /failed to set netlink MAC address to ([0-9a-f:]{17}): /i],
  ['link-name-in-pod', /failed to move (?:vf|VF|device|IF) (\S{1,40}) to netns: \\?"?file exists/],
  ['link-not-up', /error bringing interface up in container ns: \\?"?([^"\\\n]{1,100})/],
  ['device-link-missing', /failed to lookup (?:vf )?device \\?"([^"\\\n]{1,64})\\?": Link not found/],
  ['kernel-module-missing', /failed to (?:create|add) \\?"?(\w{1,20})\b[^\n]{0,60}: operation not supported/],
  ['parent-missing', /failed to lookup master "([^"\n]{0,64})": Link not found/],
  ['claim-on-host-network', /(using host network can not claim host devices)/],
  ['firewall-refused', /running \[(\S{1,200}ip6?tables)\b[^\n]{0,600}: exit status/],
  ['firewall-refused', /(nftables) rules for port mappings: /],
  ['address-in-use', /failed to add IP addr [^\n]{0,300}: (address already in use)/],
  [
    'ipv6-disabled',
    /failed to add IP addr \{[^\n]{0,100}\bIP:([0-9a-f]{0,4}:[0-9a-f:.]{1,40})[^\n]{0,200}: permission denied/i,
  ],
  ['allocated-twice', /(\S{3,45}) has been allocated to \S{1,100}, duplicate allocation is not allowed/],
  ['default-route-taken', /failed to add IPv[46] route for (?:0\.0\.0\.0\/0|::\/0) via (\S{1,45}): file exists/],
  ['state-file-cut', /failed to parse netconf: (unexpected end of JSON input)/],
  ['address-tentative', /link (\S{1,15}) still has tentative addresses after/],
  ['link-left', /could not create veth pair (\S{1,80}): file exists/],
  ['link-in-pod', /failed to rename (?:host )?device "[^"\n]{1,15}" to "([^"\n]{1,15})": file exists/],
  ['link-in-pod', /container veth name provided \((\S{1,15})\) already exists/],
  ['sysctl-missing', /open (\/proc\/sys\/net\/\S{1,200}): no such file or directory/],
  ['route-unreachable', /failed to add route '?([^\n]{1,200}): network is unreachable/],
  ['gateway-silent', /gateway check of (\S{1,45}) canceled/],
  ['ovs-port-not-ready', /(ovs interface \S{1,40} is not ready after \S{1,10})/i],
  ['spiderpool-kept', /failed to retrieve the IP allocation of StatefulSet ([^\n]{1,300})/],
  ['guid-invalid', /(VF \S{1,40} GUID is not valid|GUID [^\n"]{0,60}(?:not valid|invalid))/i],
  ...PROGRAM_FAILURES,
  ['not-chained', /must be called as (?:a )?chained plugin|Required prevResult missing/],
  ['vlan-taken', /failed to create vlan: file exists/],
  [
    'bridge-refused',
    /("[^"\n]{1,15}" already (?:exists but is not a bridge|has an IP address different from \S{1,50})|failed to connect "[^"\n]{1,15}" to bridge \S{1,20}: [^\n]{1,80}|bridge port in error state: [\w-]{1,30})/,
  ],
  ['no-default-route-link', /no default route interface found/],
  ['chained-master', /chained master failure/],
  ['vrf-refused', /(VRF \S{1,15} already exist with different routing table \d{1,10})/],
  ['vrf-refused', /(interface \S{1,15} has already a master set: \S{1,15})/],
  ['no-address-for-rules', /No IP addresses supplied on interface: (\S{1,15})/],
  ['ovs-bridge-missing', /failed to find bridge (\S{1,64})/],
  ['ovs-bridge-missing', /(failed to get bridge name)/],
  ['network-unnamed', /(missing network name|invalid characters? (?:found )?in network name[^\n]{0,100})/],
  ['parent-refused', /failed to create (?:macvlan|ipvlan|macvtap|vlan): (invalid argument|operation not permitted)/],
  ['whereabouts-file-missing', /(you have not configured the storage engine)/],
  ['whereabouts-file-missing', /(config file not found|opening flat configuration file @ \S{1,200})/i],
  ['cilium-refused', /(unable to create endpoint: [^\n]{1,200})/],
  ['parent-busy', /device or resource busy/],
  ['invalid-mtu', /invalid (?:bond )?MTU (?:value \()?([\w.-]{1,16})/i],
  ['parent-missing', /Link not found/],
  ['plugin-killed', /netplugin failed with no error message(?:: (signal: [\w ]{1,40}|exit status \d{1,3}))?/],
  ['sandbox-slow', /failed to reserve sandbox name .{1,600} is reserved for/],
  [
    'sandbox-slow',
    /^Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded$/,
  ],
  // A failing plugin may have printed its result or its log first; the failure is more informative.
  ['output-not-json', /(invalid character .{1,12} after top-level value)/],
  ['output-not-json', /netplugin failed but (error parsing its diagnostic message)/],
];

/** Ordinary node resources; their shortage is not related to interfaces. */
const PLAIN_RESOURCES = new Set(['cpu', 'memory', 'pods', 'ephemeral-storage']);

/** Reads the message of a `FailedCreatePodSandBox` event or any CNI error; its kind is `unknown` if not recognised. */
export function readCniFailure(message: string): CniFailure {
  const text = message.slice(0, MAX_TEXT).replace(/^\(combined from similar events\): /, '');
  const network = networkOf(text);
  for (const [kind, pattern] of PATTERNS) {
    const match = pattern.exec(network.rest) ?? (network.rest === text ? null : pattern.exec(text));
    if (match !== null) {
      const subject = match[1]?.replace(/[,;:'"]+$/, '') ?? null;
      return { kind, network: network.name, subject: subject === '' ? null : subject, detail: network.rest };
    }
  }
  return { kind: 'unknown', network: network.name, subject: null, detail: network.rest };
}

/** The innermost `error adding container to network "X": …`: kubelet, Multus and the plugin each add a layer. */
function networkOf(text: string): { readonly name: string | null; readonly rest: string } {
  const marker = 'error adding container to network "';
  const at = text.lastIndexOf(marker);
  if (at >= 0) {
    const end = text.indexOf('": ', at + marker.length);
    if (end >= 0) return { name: text.slice(at + marker.length, end), rest: text.slice(end + 3) };
  }
  // Older Multus: the name of the network, then the plugin.
  const old = /\b[Ee]rr(?:or)? adding pod to network "([^"\n]{1,253})": /.exec(text);
  if (old !== null) return { name: old[1] ?? null, rest: text.slice(old.index + old[0].length) };
  // `[ns/pod/uid:netname]: `, which Multus puts before a delegate's error.
  const bracket = /\[[^\s[\]:]{1,600}:([^\s[\]]{1,253})\]: /.exec(text);
  return bracket === null
    ? { name: null, rest: text }
    : { name: bracket[1] ?? null, rest: text.slice(bracket.index + bracket[0].length) };
}

/** Reads a `FailedScheduling` message: one failure per extended resource that is exhausted. */
export function readUnschedulable(message: string): readonly CniFailure[] {
  const text = message.slice(0, MAX_TEXT);
  const resources = [...text.matchAll(/Insufficient ([A-Za-z0-9][\w.-]{0,252}(?:\/[\w.-]{1,63})?)/g)]
    .map((match) => (match[1] ?? '').replace(/[.,]+$/, ''))
    .filter((resource) => resource !== '' && !PLAIN_RESOURCES.has(resource));
  return [...new Set(resources)].map((resource) => ({
    kind: 'device-exhausted',
    network: null,
    subject: resource,
    detail: text,
  }));
}

/** Multus' `NoNetworkFound`. Harmless if it is the cluster's own network, which is then found as a file (multus §1.7). */
export function readNoNetworkFound(message: string): { readonly name: string; readonly namespace: string } | null {
  const match = /cannot find a network-attachment-definition \(([^)\n]{0,253})\) in namespace \(([^)\n]{0,253})\)/.exec(
    message.slice(0, MAX_TEXT),
  );
  return match === null ? null : { name: match[1] ?? '', namespace: match[2] ?? '' };
}
