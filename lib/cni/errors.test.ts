import { describe, expect, it } from 'vitest';
import { thick, thin } from '../../e2e/testing/multus-quotes';
import { CNI_FAILURE_KINDS, readCniFailure, readNoNetworkFound, readUnschedulable } from './errors';
import { PROGRAM_FAILURE_KINDS } from './errors-of-programs';

const TEXTS: readonly (readonly [text: string, kind: string, subject: string | null])[] = [
  ['failed to lookup master "eth1": Link not found', 'parent-missing', 'eth1'],
  ['Link not found', 'parent-missing', null],
  ['failed to find host device: Link not found', 'host-device-missing', 'Link not found'],
  [
    'failed to find host device: no net directory under pci device 0000:00:07.0',
    'host-device-missing',
    'no net directory under pci device 0000:00:07.0',
  ],
  ['no net directory under pci device 0000:00:07.0', 'host-device-missing', '0000:00:07.0'],
  [
    'failed to retrieve link objects from configuration file, error: failed to confirm that link (net1) exists, error: Link not found',
    'container-link-missing',
    'net1',
  ],
  ['failed to find plugin "macvlan" in path [/opt/cni/bin]', 'plugin-missing', 'macvlan'],
  ['device or resource busy', 'parent-busy', null],
  ['no allocated node slice for node', 'no-node-slice', null],
  ['error at storage engine: nodeslicepools.whereabouts.cni.cncf.io "lan" not found', 'no-slice-pool', 'lan'],
  ['invalid MTU 9216, must be [0, master MTU(9001)]', 'invalid-mtu', '9216'],
  ['failed to add default route: file exists', 'vpc-cni-as-secondary', null],
  [
    'add command: failed to setup network: setup NS network: failed to add default route: file exists',
    'vpc-cni-as-secondary',
    null,
  ],
  [
    'add command: failed to setup network: setupVeth network: failed to setup veth pair.: Link not found',
    'pod-network-setup',
    'setupVeth network: failed to setup veth pair.: Link not found',
  ],
  ['error getting pod: Unauthorized', 'unauthorized', 'error getting pod: Unauthorized'],
  [
    'error getting ClusterInformation: connection is unauthorized: Unauthorized',
    'unauthorized',
    'error getting ClusterInformation: connection is unauthorized: Unauthorized',
  ],
  [
    'ippools.whereabouts.cni.cncf.io "a" is forbidden: User "system:serviceaccount:kube-system:whereabouts" cannot get resource "ippools"',
    'forbidden',
    'ippools',
  ],
  [
    'error getting pod: Get "https://[10.96.0.1]:443/api/v1/namespaces/a/pods/b?timeout=1m0s": dial tcp 10.96.0.1:443: i/o timeout',
    'api-unreachable',
    '10.96.0.1:443',
  ],
  [
    'Get "https://10.0.4.9:6443/api/v1/namespaces/a": dial tcp 10.0.4.9:6443: connect: no route to host',
    'api-unreachable',
    '10.0.4.9:6443',
  ],
  [
    'error getting pod: Get https://[10.53.0.1]:443/api/v1/namespaces/a/pods/b: x509: certificate signed by unknown authority',
    'api-untrusted',
    'certificate signed by unknown authority',
  ],
  ['Get "https://[172.20.0.1]:443/api/v1/namespaces/a/pods/b": Forbidden', 'api-proxied', 'Forbidden'],
  [
    'plugin type="linkerd-cni" name="linkerd-cni" failed (add): Unauthorized',
    'unauthorized',
    'failed (add): Unauthorized',
  ],
  ['error waiting for pod: Unauthorized', 'unauthorized', 'error waiting for pod: Unauthorized'],
  ...(
    [
      'failed to do request: Head "https://602401143452.dkr.ecr.eu-west-1.amazonaws.com/v2/eks/pause/manifests/3.5": dial tcp 10.0.9.1:443: i/o timeout',
      'failed to do request: Head "https://registry.k8s.io/v2/pause/manifests/3.8": x509: certificate signed by unknown authority',
      'failed to copy: httpReadSeeker: failed open: Get "https://registry.k8s.io/v2/pause/blobs/a": Forbidden',
    ] as const
  ).map((end) => {
    const image = '602401143452.dkr.ecr.eu-west-1.amazonaws.com/eks/pause:3.5';
    return [`failed to get sandbox image "${image}": failed to pull image: ${end}`, 'sandbox-image', image] as const;
  }),
  ['failed pulling image "k8s.gcr.io/pause:3.1": Error response from daemon', 'sandbox-image', 'k8s.gcr.io/pause:3.1'],
  ['mkdir /sys/fs/cgroup/memory/kubepods/burstable/pod1/93b: no space left on device', 'unknown', null],
  ['partial add error: no ztunnel connection', 'mesh-not-ready', 'no ztunnel connection'],
  ['exec: "sh": executable file not found in $PATH', 'command-missing', 'sh'],
  ['plugin type="linkerd-cni" name="linkerd-cni" failed (add): exit status 127', 'command-missing', null],
  ['fork/exec /proc/self/exe: no space left on device', 'no-user-namespace', '/proc/self/exe'],
  ['open /var/lib/cni/results/aws-cni-0a-eth0: no space left on device', 'disk-full', 'no space left on device'],
  ['failed to Statfs "/proc/24876/ns/net": no such file or directory', 'sandbox-gone', '/proc/24876/ns/net'],
  [
    'add command: failed to setup network: SetupPodNetwork: failed to setup veth pair: failed to generate Unique MAC addr for host side veth: results may be incomplete or inconsistent',
    'list-interrupted',
    'results may be incomplete or inconsistent',
  ],
  ['fork/exec /opt/cni/bin/aws-cni: exec format error', 'plugin-not-run', '/opt/cni/bin/aws-cni: exec format error'],
  ['fork/exec /opt/cni/bin/multus-shim: text file busy', 'plugin-not-run', '/opt/cni/bin/multus-shim: text file busy'],
  ["invalid character '{' after top-level value", 'output-not-json', "invalid character '{' after top-level value"],
  [
    'netplugin failed but error parsing its diagnostic message "level=debug": invalid character \'l\' looking for beginning of value',
    'output-not-json',
    'error parsing its diagnostic message',
  ],
  [
    'unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?',
    'agent-missing',
    '/var/run/cilium/cilium.sock',
  ],
  [
    'stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/',
    'agent-missing',
    '/var/lib/calico/nodename',
  ],
  [
    'loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
    'agent-missing',
    '/run/flannel/subnet.env',
  ],
  [
    'error dialing DHCP daemon: dial unix /run/cni/dhcp.sock: connect: no such file or directory',
    'dhcp-daemon-down',
    '/run/cni/dhcp.sock',
  ],
  [
    'failed to create bridge "br-production-lan": could not add "br-production-lan": numerical result out of range',
    'link-name-too-long',
    'br-production-lan',
  ],
  [
    'Multus: [telco/a/0a1b]: have you checked that your default network is ready? still waiting for readinessindicatorfile @ /var/run/multus/cni/net.d/10-ovn-kubernetes.conf. pollimmediate error: timed out waiting for the condition',
    'default-network-not-ready',
    '/var/run/multus/cni/net.d/10-ovn-kubernetes.conf',
  ],
  [
    'Multus: [telco/a]: PollImmediate error waiting for ReadinessIndicatorFile: timed out waiting for the condition',
    'default-network-not-ready',
    null,
  ],
  ['add cmd: failed to setup network policy', 'policy-agent-down', 'failed to setup network policy'],
  [
    'add cmd: failed to connect to backend server: context deadline exceeded',
    'ipamd-down',
    'failed to connect to backend server',
  ],
  [
    'Could not allocate IP in range: ip: 10.10.1.80 / - 10.10.1.82 / range: 10.10.1.0/24 / excludeRanges: []',
    'pool-full',
    'ip: 10.10.1.80 / - 10.10.1.82 / range: 10.10.1.0/24 / excludeRanges: []',
  ],
  [
    'failed to run NRI RunPodSandbox: error moving network device pci-0000-00-06-0 to namespace /var/run/netns/a: link not found for interface ens6: Link not found',
    'claimed-link-not-moved',
    'pci-0000-00-06-0 to namespace /var/run/netns/a: link not found for interface ens6: Link not found',
  ],
  [
    'SRIOV-CNI failed to load netconf: LoadConf(): failed to get VF information: "lstat /sys/bus/pci/devices/0000:00:07.0/physfn/net: no such file or directory"',
    'no-physical-function',
    '0000:00:07.0',
  ],
  [
    'failed to open the sriov_numfs of device "ens18": lstat /sys/class/net/ens18/device/sriov_numvfs: no such file or directory',
    'no-physical-function',
    'ens18',
  ],
  [
    'could not create veth pair vethwepl7524981-vethwepg7524981: file exists',
    'link-left',
    'vethwepl7524981-vethwepg7524981',
  ],
  ['Could not allocate IP in range', 'pool-full', null],
  ['no IP addresses available in range set: 10.0.4.70-10.0.4.80', 'pool-full', '10.0.4.70-10.0.4.80'],
  [
    'requested IP address 10.0.4.5 is not available in range set 10.0.4.70-10.0.4.80',
    'address-not-available',
    '10.0.4.5',
  ],
  ['IPAM plugin returned missing IP config', 'no-address-from-ipam', null],
  ['VF pci addr is required', 'no-device', null],
  ['unsupported CNI result version "1.0.0"', 'result-version', '1.0.0'],
  ['incompatible CNI versions; config is "1.1.0", plugin supports ["0.1.0" "0.2.0"]', 'config-version', '1.1.0'],
  [
    'cannot set "macvlan" interface name to "net1": validateIfName: interface name net1 already exists',
    'interface-name-taken',
    'net1',
  ],
  ['error setting default gateway: no route to host', 'default-gateway-unreachable', 'no route to host'],
  [
    'add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50051: connect: connection refused"',
    'ipamd-down',
    'code = Unavailable',
  ],
  [
    'add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/run/aws-node/ipamd.sock: connect: no such file or directory"',
    'ipamd-down',
    'code = Unavailable',
  ],
  [
    'add cmd: Error received from AddNetwork gRPC call: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
    'ipamd-down',
    'code = DeadlineExceeded',
  ],
  [
    'add cmd: Error received from AddNetwork gRPC call: rpc error: code = PermissionDenied desc = version skew',
    'unknown',
    null,
  ],
  ['an unknown text', 'unknown', null],
];
describe('readCniFailure: errors of a delegate (multus §2.4)', () => {
  it.each(TEXTS)('%s', (text, kind, subject) => {
    expect(readCniFailure(thin(text))).toMatchObject({ kind, network: 'lan', detail: text });
    expect(readCniFailure(thin(text)).subject).toBe(subject);
    expect(readCniFailure(thick(text))).toMatchObject({ kind, network: 'lan' });
    expect(readCniFailure(`(combined from similar events): ${thin(text)}`)).toEqual(readCniFailure(thin(text)));
    expect(readCniFailure(text)).toMatchObject({ kind, network: null, detail: text });
  });
});

describe('readCniFailure: errors of Multus and the kubelet before any delegate runs', () => {
  it.each([
    [
      'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container',
      'no-pod-address',
      null,
    ],
    [
      'CmdAdd (shim): CNI request failed: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: connection refused',
      'multus-down',
      '/run/multus/multus.sock',
    ],
    ['Multus: [shop/web-0]: expected pod shop/web-0 UID "a" but got "b" from Kube API', 'uid-mismatch', 'a'],
    ['Multus: [shop/web-0/0a]: expected pod UID "a" but got "b" from Kube API', 'uid-mismatch', 'a'],
    [
      'GetNetworkDelegates: namespace isolation enabled, annotation violates permission, pod is in namespace a but refers to target namespace b',
      'namespace-isolation',
      'b',
    ],
    [
      'cannot find a network-attachment-definition (nope) in namespace (shop): network-attachment-definitions.k8s.cni.cncf.io "nope" not found',
      'network-missing',
      'nope',
    ],
    [
      'parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: invalid character',
      'annotation-invalid',
      'parsePodNetworkAnnotation: failed to parse pod Network Attachment Selection Annotation JSON format: invalid character',
    ],
    ['failed to parse IP address "10.0.0"', 'annotation-invalid', 'failed to parse IP address "10.0.0'],
    ['multus does not support ECMP for default-route', 'several-default-gateways', null],
    [
      'GetCNIConfig: err in GetCNIConfigFromFile: no network available in the name macvlan-2 in cni dir /etc/cni/multus/net.d',
      'config-file-missing',
      'macvlan-2',
    ],
    [
      'GetCNIConfig: err in GetCNIConfigFromFile: No networks found in /etc/cni/multus/net.d',
      'config-file-missing',
      '/etc/cni/multus/net.d',
    ],
    [
      "LoadDelegateNetConfList: delegate must have the 'type' or 'plugin' field",
      'config-invalid',
      "delegate must have the 'type' or 'plugin' field",
    ],
    [
      "LoadDelegateNetConfList: a plugin delegate must have the 'type' field",
      'config-invalid',
      "a plugin delegate must have the 'type' field",
    ],
    [
      "failed to parse plugin config 1: error parsing configuration: missing 'type'",
      'config-invalid',
      "error parsing configuration: missing 'type",
    ],
    [
      "GetCNIConfig: err in getCNIConfigFromSpec: failed to unmarshal Spec.Config: invalid character '#' looking for beginning of value",
      'config-invalid',
      "failed to unmarshal Spec.Config: invalid character '#' looking for beginning of value",
    ],
  ])('%s', (text, kind, subject) => {
    const failure = readCniFailure(text);
    expect(failure.kind).toBe(kind);
    expect(failure.subject).toBe(subject);
  });
});

describe('readCniFailure: arbitrary text', () => {
  it('takes the network from the brackets if nothing else names it', () => {
    expect(readCniFailure('[shop/web-0/8a1c:ipvlan-1]: device or resource busy')).toMatchObject({
      kind: 'parent-busy',
      network: 'ipvlan-1',
    });
  });

  it('uses the innermost of several layers', () => {
    const text =
      'error adding container to network "multus-cni-network": [shop/web-0/8a1c:b]: error adding container to network "b": device or resource busy';
    expect(readCniFailure(text)).toMatchObject({
      kind: 'parent-busy',
      network: 'b',
      detail: 'device or resource busy',
    });
  });

  it('attributes a deadline to the runtime only if no plugin reports it', () => {
    const text = 'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded';
    expect(readCniFailure(text).kind).toBe('sandbox-slow');
    expect(readCniFailure(`${text}: failed to setup network`).kind).toBe('unknown');
  });

  it('recognises every kind of failure', () => {
    const read = new Set([
      ...TEXTS.map(([, kind]) => kind),
      ...[
        'no-pod-address',
        'multus-down',
        'uid-mismatch',
        'namespace-isolation',
        'network-missing',
        'annotation-invalid',
      ],
      ...['several-default-gateways', 'config-file-missing', 'config-invalid', 'device-exhausted'],
      // In errors-of-configs.test.ts and errors-of-plugins.test.ts.
      ...'bridge-refused no-default-route-link chained-master address-without-length address-is-gateway'.split(' '),
      ...'too-many-addresses range-unusable whereabouts-busy vrf-refused no-address-for-rules'.split(' '),
      ...'ovs-bridge-missing network-unnamed cluster-config-gone function-unusable function-gone'.split(' '),
      ...'function-in-use rdma-shared parent-refused api-slow'.split(' '),
      ...[
        'spiderpool-kept',
        'bandwidth-refused',
        'plugin-killed',
        'sandbox-slow',
        'multus-calls-itself',
        'kernel-module-missing',
        'kubeconfig-missing',
        'pod-not-found',
        'netns-denied',
        'dhcp-daemon-netns',
        'address-tentative',
        'state-file-cut',
        'default-route-taken',
      ],
      ...['pod-resources-unreachable', 'networks-not-served', 'not-chainable', 'sysctl-refused', 'dhcp-no-answer'],
      ...['dhcp-daemon-failed', 'mac-invalid', 'mac-refused', 'link-name-in-pod', 'link-not-up', 'no-range'],
      ...['range-invalid', 'vf-setting-refused', 'guid-invalid', 'not-chained', 'vlan-taken', 'cilium-refused'],
      ...['whereabouts-file-missing', 'interface-name-kept', 'address-in-use', 'ipv6-disabled', 'allocated-twice'],
      ...[
        'link-in-pod',
        'firewall-refused',
        'sysctl-missing',
        'route-unreachable',
        'gateway-silent',
        'ovs-port-not-ready',
        'claim-on-host-network',
      ],
      ...['windows-hns', 'plugin-crashed', 'primary-network-missing', ...PROGRAM_FAILURE_KINDS],
      ...['device-link-missing', 'port-not-made', 'kube-ovn-refused', 'address-used-by-host', 'calico-pool-full'],
    ]);
    expect(CNI_FAILURE_KINDS.filter((kind) => !read.has(kind))).toEqual([]);
  });

  it.each([
    'error adding container to network "'.repeat(3000),
    '[a/b:'.repeat(20_000),
    'Insufficient '.repeat(10_000),
    '"'.repeat(100_000),
  ])('handles hostile text %# quickly', (text) => {
    const start = process.cpuUsage().user;
    readCniFailure(text);
    readUnschedulable(text);
    // Takes microseconds; a backtracking pattern would take seconds.
    expect(process.cpuUsage().user - start).toBeLessThan(500_000);
  });
});

describe('readUnschedulable (multus §6 P12)', () => {
  it('names each extended resource once, and no built-in resource', () => {
    const text =
      '0/5 nodes are available: 1 Insufficient cpu, 2 Insufficient openshift.io/nic1, 3 Insufficient openshift.io/nic1, 1 Insufficient vpc.amazonaws.com/pod-eni. preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.';
    expect(readUnschedulable(text).map(({ kind, subject }) => [kind, subject])).toEqual([
      ['device-exhausted', 'openshift.io/nic1'],
      ['device-exhausted', 'vpc.amazonaws.com/pod-eni'],
    ]);
    expect(readUnschedulable('0/1 nodes are available: 1 Insufficient memory.')).toEqual([]);
  });
});

describe('Multus’ own events (§1.7)', () => {
  it('NoNetworkFound', () => {
    expect(readNoNetworkFound('cannot find a network-attachment-definition (x) in namespace (y): not found')).toEqual({
      name: 'x',
      namespace: 'y',
    });
    expect(
      readNoNetworkFound(
        'cannot find a network-attachment-definition () in namespace (y): resource name may not be empty',
      ),
    ).toEqual({ name: '', namespace: 'y' });
    expect(readNoNetworkFound('x')).toBeNull();
  });
});
