/** multus §6, §2.4 and §1.5: the branches, guards and exact times that the tables beside do not have. */
import { cases } from '../../../e2e/testing/finding-cases';
import {
  ago,
  attachment,
  eth0,
  eni,
  face,
  foreignEni,
  hostNic,
  ipPool,
  network,
  node,
  pod,
  request,
  signal,
  subnet,
  waitingPod,
} from '../../../e2e/testing/findings';
import { hostDevice } from '../../../e2e/testing/finding-examples';

const POD = 'pod:core/p1';
const WAITS = 'pod:core/w1';
const NODE = 'node:n1';
const NET = 'net:core/ipvlan-a';
const sandbox = (text: string, id = WAITS) => signal(id, 'FailedCreatePodSandBox', text);
const refusedBy = (name: string, text: string) => sandbox(`error adding container to network "${name}": ${text}`);
const asking = (change: Parameters<typeof waitingPod>[1] = {}) =>
  waitingPod('w1', { requested: [request()], ...change });
const unattached = face('net1', { podName: 'w1', state: 'requested', ips: [], eni: null });
const valid = {
  networksAnnotation: { state: 'valid' as const, error: null },
  statusAnnotation: { state: 'valid' as const, error: null },
};
const multus = (version: string | null, change: object = {}) =>
  node({ multus: { ready: true, version, startedAt: ago(80_000), installedAt: ago(864_000), ...change } });

const missing = network('ipvlan-b', { missing: true, plugins: [], mainPlugin: null, semantics: null });
const lost = (change: Parameters<typeof waitingPod>[1] = {}) =>
  waitingPod('w1', { requested: [request('ipvlan-b')], ...change });
cases('network-missing', [
  { name: 'a pod of exactly 30 s', records: [missing, lost({ createdAt: ago(30) })], subjects: [] },
  { name: 'a millisecond more than 30 s', records: [missing, lost({ createdAt: ago(30.001) })], subjects: [WAITS] },
  {
    name: 'the same name in another namespace comes first',
    records: [
      missing,
      network('ipvlan-a'),
      { ...network('ipvlan-b'), id: 'net:other/ipvlan-b', namespace: 'other' },
      lost(),
    ],
    subjects: [WAITS],
    says: /Did you mean other\/ipvlan-b\?/,
  },
  {
    name: 'three edits are too many to suggest',
    records: [missing, network('ipvlan-xyz'), lost()],
    subjects: [WAITS],
    says: /Create it, or correct/,
  },
  {
    name: 'the network that shall replace the cluster’s',
    records: [
      network('ghost', {
        id: 'net:kube-system/ghost',
        namespace: 'kube-system',
        missing: true,
        plugins: [],
        mainPlugin: null,
      }),
      waitingPod(),
      face('eth0', {
        podName: 'w1',
        network: 'net:kube-system/ghost',
        state: 'requested',
        ips: [],
        eni: null,
        requestIndex: null,
        default: true,
      }),
    ],
    subjects: [WAITS],
    says: /kube-system\/ghost/,
  },
  {
    name: 'guard: what the daemon’s configuration gives may be a file on the node',
    records: [
      missing,
      pod('p1'),
      face('net1', { network: 'net:core/ipvlan-b', state: 'unrequested', requestIndex: null }),
    ],
    subjects: [],
  },
  {
    name: 'NoNetworkFound of another network is no evidence',
    records: [
      missing,
      lost(),
      signal(
        WAITS,
        'NoNetworkFound',
        'cannot find a network-attachment-definition (aws-cni) in namespace (kube-system): not found',
      ),
    ],
    subjects: [WAITS],
    says: /^(?![\s\S]*aws-cni)/,
  },
  {
    name: 'NoNetworkFound of this one is',
    records: [
      missing,
      lost(),
      signal(
        WAITS,
        'NoNetworkFound',
        'cannot find a network-attachment-definition (ipvlan-b) in namespace (core): not found',
      ),
    ],
    subjects: [WAITS],
    says: /event NoNetworkFound/,
  },
  {
    name: 'namespaceIsolation keeps it out of the other namespace',
    records: [
      { ...network('x'), id: 'net:other/x', namespace: 'other' },
      waitingPod('w1', { requested: [{ ...request(), network: 'net:other/x' }] }),
      sandbox(
        'GetNetworkDelegates: namespace isolation enabled, annotation violates permission, pod is in namespace core but refers to target namespace other',
      ),
    ],
    subjects: [WAITS],
    says: /May not use networks of namespace other/,
  },
]);

cases('networks-annotation-invalid', [
  {
    name: 'what the kubelet says stands beside it',
    records: [
      asking({ networksAnnotation: { state: 'invalid', error: 'not a list' } }),
      sandbox('parsePodNetworkAnnotation: failed'),
    ],
    subjects: [WAITS],
    says: /event FailedCreatePodSandBox/,
  },
  {
    name: 'an empty annotation asks for nothing',
    records: [pod('p1', { networksAnnotation: { state: 'empty', error: null } })],
    subjects: [],
  },
]);

const misplaced = (kind: string) =>
  signal(POD, 'annotation-on-workload', `${kind} core/p carries k8s.v1.cni.cncf.io/networks: ipvlan-a`);
cases('networks-annotation-on-workload', [
  {
    name: 'a StatefulSet',
    records: [pod(), misplaced('StatefulSet')],
    subjects: [POD],
    commands: /-n core edit statefulset p$/,
  },
  { name: 'a DaemonSet', records: [pod(), misplaced('DaemonSet')], subjects: [POD] },
  {
    name: 'guard: Deployments may not be read any more',
    records: [pod(), misplaced('Deployment')],
    states: { 'kubernetes/deployments': 'denied' },
    subjects: [],
  },
  {
    name: 'guard: that StatefulSets are denied says nothing of Deployments',
    records: [pod(), misplaced('Deployment')],
    states: { 'kubernetes/statefulsets': 'denied' },
    subjects: [POD],
  },
]);

const given = face('net1', { network: 'net:core/given', state: 'unrequested', requestIndex: null });
cases('networks-changed-after-start', [
  {
    name: 'one was taken out of the list',
    records: [node(), pod('p1', { ...valid, requested: [request()] }), face(), given],
    subjects: [POD],
    says: /has core\/given without asking/,
    commands: /delete pod p1$/,
  },
  {
    name: 'guard: another pod of the node has it unasked, too: the daemon gives it to all',
    records: [
      node(),
      pod('p1', { ...valid, requested: [request()] }),
      face(),
      given,
      pod('p2'),
      { ...given, id: 'if:core/p2/net1', pod: 'pod:core/p2' },
    ],
    subjects: [],
  },
  {
    name: 'a pod that nobody makes again is not deleted by the command',
    records: [node(), pod('p1', { ...valid, owner: null, requested: [request()] }), face(), given],
    subjects: [POD],
    says: /No controller would/,
    commands: /get pod p1 -o yaml$/,
  },
  {
    name: 'guard: it is not Running',
    records: [node(), pod('p1', { ...valid, phase: 'Pending', requested: [request()] }), face(), given],
    subjects: [],
  },
]);

const silent = (change: object = {}) =>
  pod('p1', { networksAnnotation: valid.networksAnnotation, requested: [request()], ...change });
const unreported = face('net1', { state: 'requested', ips: [], eni: null });
cases('network-status-missing', [
  {
    name: 'guard: older than Multus itself',
    records: [multus('v4.1.4', { installedAt: ago(60) }), silent(), unreported],
    subjects: [],
  },
  {
    name: 'as old as Multus itself',
    records: [multus('v4.1.4', { installedAt: ago(7_200) }), silent(), unreported],
    subjects: [POD],
    severity: 'warning',
  },
  {
    name: 'started before the Multus pod of its node, long after Multus came',
    records: [multus('v4.1.4', { startedAt: ago(60) }), silent(), unreported],
    subjects: [POD],
    severity: 'warning',
    says: /before the Multus that runs there now/,
    commands: /delete pod p1$/,
  },
  {
    name: 'when Multus came is not known: it may be by right',
    records: [multus('v4.1.4', { startedAt: ago(60), installedAt: null }), silent(), unreported],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: 'the whole node: Multus is not first',
    records: [multus('v4.1.4'), silent(), unreported],
    subjects: [POD],
    says: /may not be first in the CNI folder/,
    commands: /--field-selector spec\.nodeName=n1$/,
  },
  {
    name: 'this pod alone: a chained config without cniVersion',
    records: [multus('v4.1.4'), silent(), unreported, pod('p2', valid)],
    subjects: [POD],
    says: /without cniVersion/,
  },
  {
    name: 'no Multus on the node',
    records: [node({ multus: null }), silent(), unreported],
    subjects: [POD],
    says: /not seen on this node/,
  },
]);

const onEns9 = network('a', { parent: { kind: 'host-device', value: 'ens9' } });
const wantsA = waitingPod('w1', { requested: [request('a')] });
cases('parent-interface-missing', [
  {
    name: 'plain “Link not found” of macvlan: the network has the name',
    records: [node(), onEns9, wantsA, refusedBy('a', 'Link not found')],
    subjects: [WAITS],
    says: /No ens9 on n1/,
  },
  {
    name: 'no net directory under the PCI device',
    records: [node(), onEns9, wantsA, refusedBy('a', 'no net directory under pci device 0000:00:07.0')],
    subjects: [WAITS],
  },
  {
    name: 'guard: the link goes by that name as well',
    records: [node(), onEns9, wantsA, hostNic('ens5', { altNames: ['ens9'] })],
    subjects: [],
  },
  {
    name: 'guard: the inventory is not read now',
    records: [node(), onEns9, wantsA, hostNic('ens5')],
    states: { 'kubernetes/nodenetworkstates': 'stale' },
    subjects: [],
  },
  {
    name: 'guard: an inventory of SR-IOV devices is not of all links',
    records: [node(), onEns9, wantsA, hostNic('ens5', { source: 'SriovNetworkNodeState' })],
    subjects: [],
  },
  {
    name: 'guard: events that are not read now',
    records: [node(), onEns9, wantsA, refusedBy('a', 'Link not found')],
    states: { 'kubernetes/events': 'denied' },
    subjects: [],
  },
]);

cases('network-config-invalid', [
  {
    name: 'the node refuses its MTU',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'invalid MTU 9500, must be [0, master MTU(9001)]'),
    ],
    subjects: [NET],
    severity: 'error',
    says: /invalid MTU 9500/,
  },
  {
    name: 'its version is one that the plugin does not know (P26)',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'incompatible CNI versions; config is "1.1.0", plugin supports ["0.3.1"]'),
    ],
    subjects: [NET],
    says: /incompatible CNI versions/,
  },
  {
    name: 'its result is newer than this Multus (P26)',
    records: [network(), asking(), unattached, refusedBy('ipvlan-a', 'unsupported CNI result version "1.0.0"')],
    subjects: [NET],
  },
  {
    name: 'ipvlan without an address',
    records: [network(), asking(), unattached, refusedBy('ipvlan-a', 'IPAM plugin returned missing IP config')],
    subjects: [NET],
  },
  {
    name: 'guard: the cluster network’s failure is not this one’s',
    records: [network(), asking(), unattached, refusedBy('aws-cni', 'unsupported CNI result version "1.0.0"')],
    subjects: [],
  },
  {
    name: 'guard: which of two networks is refused is not known',
    records: [
      network(),
      network('b'),
      waitingPod('w1', { requested: [request(), request('b', { index: 1 })] }),
      unattached,
      sandbox('invalid MTU 9500'),
    ],
    subjects: [],
  },
  {
    name: 'guard: events that are not read now tell nothing of a config',
    records: [network(), asking(), unattached, refusedBy('ipvlan-a', 'invalid MTU 9500')],
    states: { 'kubernetes/events': 'stale' },
    subjects: [],
  },
]);

cases('plugin-binary-missing', [
  {
    name: 'the pods that wait for it are counted',
    records: [
      node(),
      waitingPod('w1'),
      waitingPod('w2'),
      sandbox('failed to find plugin "macvlan" in path [/opt/cni/bin]'),
      sandbox('failed to find plugin "macvlan" in path [/opt/cni/bin]', 'pod:core/w2'),
    ],
    subjects: [NODE],
    says: /2 pods wait for it/,
  },
  { name: 'guard: another reason', records: [node(), waitingPod('w1'), sandbox('Link not found')], subjects: [] },
]);

cases('ipam-pool-full', [
  {
    name: 'exactly nine tenths',
    records: [network(), ipPool({ size: 10, used: 9 })],
    subjects: [NET],
    severity: 'warning',
  },
  { name: 'less than nine tenths', records: [network(), ipPool({ size: 100, used: 89 })], subjects: [] },
  { name: 'exactly full', records: [network(), ipPool({ size: 10, used: 10 })], subjects: [NET], severity: 'error' },
  {
    name: 'whereabouts says so',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'Could not allocate IP in range: ip: 10.6.0.1 / - 10.6.0.254 / range: 10.6.0.0/24'),
    ],
    subjects: [NET],
    severity: 'error',
  },
  {
    name: 'an asked-for address that is not to be had',
    records: [
      network(),
      asking(),
      unattached,
      refusedBy('ipvlan-a', 'requested IP address 10.6.0.9 is not available in range set 10.6.0.20-10.6.0.30'),
    ],
    subjects: [NET],
    says: /Cannot give 10\.6\.0\.9/,
  },
  {
    name: 'guard: pools that are denied, and no event',
    records: [network(), ipPool({ used: 254 })],
    states: { 'kubernetes/ippools': 'denied' },
    subjects: [],
  },
]);

const unreserved = ipPool({ orphanReservations: ['10.6.0.9'] });
cases('ipam-inconsistent', [
  { name: 'exactly five minutes', records: [network(), unreserved], later: 300, subjects: [] },
  {
    name: 'a millisecond more than five minutes',
    records: [network(), unreserved],
    later: 300.001,
    subjects: ['pool:kube-system/10.6.0.0-24'],
  },
]);

const twin = (change: object = {}) => face('net1', { podName: 'p2', ...change });
const here = [node(), network(), pod('p1'), pod('p2')];
cases('duplicate-address', [
  ...['0.0.0.0', '::', '169.254.7.7', 'fe80::1'].map((ip) => ({
    name: `guard: ${ip} is nobody’s`,
    records: [...here, face('net1', { ips: [ip] }), twin({ ips: [ip] })],
    subjects: [],
  })),
  {
    name: 'a Pending pod holds its address, too',
    records: [node(), network(), pod('p1'), pod('p2', { phase: 'Pending' }), face(), twin()],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'one that only asks for it holds none',
    records: [...here, face(), twin({ state: 'requested' })],
    subjects: [],
  },
  {
    name: 'networks on ENIs of one subnet',
    records: [
      ...here,
      network('b', { parent: { kind: 'host-device', value: 'ens9' } }),
      foreignEni(),
      eni('eni-b', { subnet: 'subnet-m' }),
      face(),
      twin({ network: 'net:core/b', eni: 'eni-b' }),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
  },
  {
    name: 'guard: another VLAN on the same parent',
    records: [...here, network('b', { vlan: 100 }), face(), twin({ network: 'net:core/b', eni: null })],
    subjects: [],
  },
  {
    name: 'a static address in a workload with replicas',
    records: [
      node(),
      network('ipvlan-a', { ipam: { type: 'static', ranges: [], used: null, size: null, routes: [] } }),
      pod('p1'),
      pod('p2'),
      face(),
      twin(),
    ],
    subjects: ['if:core/p1/net1', 'if:core/p2/net1'],
    says: /A static address is for one pod only/,
  },
]);

const route = (dst: string) =>
  network('ipvlan-a', {
    ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24'], used: 1, size: 254, routes: [{ dst, gw: null }] },
  });
const routed = (defaultRoute: readonly string[], change: object = {}) =>
  pod('p1', { requested: [request('ipvlan-a', { defaultRoute })], ...change });
const versions = (
  name: string,
  tags: readonly string[],
  defaultRoute: readonly string[],
  severity: 'info' | 'warning',
  says: RegExp,
) =>
  tags.map((tag) => ({
    name: `${name}: ${tag}`,
    records: [multus(tag), network(), routed(defaultRoute), face()],
    subjects: [POD],
    severity,
    says,
  }));
cases('default-route-conflict', [
  ...['0.0.0.0/0', '::/0', '0::0/0', ' 0.0.0.0/0'].map((dst) => ({
    name: `(a) its IPAM brings a route to “${dst}”`,
    records: [node(), route(dst), pod('p1', { requested: [request()] }), face()],
    subjects: [POD],
    severity: 'warning' as const,
    says: /More than one default route/,
  })),
  {
    name: '(a) a narrow route is none',
    records: [node(), route('10.0.0.0/8'), pod('p1', { requested: [request()] }), face()],
    subjects: [],
  },
  ...versions(
    '(c) the request has no effect',
    ['v4.2.2', 'v4.2.4-thick', 'v4.3.0'],
    ['10.6.0.1'],
    'warning',
    /leaves eth0's in place/,
  ),
  ...versions(
    '(d) an empty list leaves the pod without a route',
    ['v4.0.0', 'v4.1.4-eksbuild.3_thick', 'v4.2.1'],
    [],
    'warning',
    /without a default route/,
  ),
  ...versions(
    '(e) an empty list keeps this one’s route before v4',
    ['v3.7.2', 'v3.9.3'],
    [],
    'info',
    /traffic to services, DNS/,
  ),
  ...versions(
    '(e) asked for, and carried out',
    ['v3.9.3', 'v4.0.0', 'v4.1.4', 'v4.2.1'],
    ['10.6.0.1'],
    'info',
    /traffic to services, DNS/,
  ),
  {
    name: '(e) a version that nobody knows: only the request is told',
    records: [multus(null), network(), routed(['10.6.0.1']), face()],
    subjects: [POD],
    severity: 'info',
  },
  {
    name: '(e) a v4 gateway takes the IPv6 routes away with it, from 4.0.0 to 4.2.1',
    records: [multus('v4.1.4'), network(), routed(['10.6.0.1'], { ips: ['10.0.0.21', 'fd00::21'] }), face()],
    subjects: [POD],
    says: /takes every IPv6 default route away/,
  },
  {
    name: '(e) not so before 4.0.0',
    records: [multus('v3.9.3'), network(), routed(['10.6.0.1'], { ips: ['10.0.0.21', 'fd00::21'] }), face()],
    subjects: [POD],
    says: /^(?![\s\S]*IPv6)/,
  },
  {
    name: '(b) outside of the range',
    records: [multus('v4.1.4'), network(), routed(['10.9.0.1']), face()],
    subjects: [POD],
    says: /is not on the network/,
  },
  {
    name: '(b) the node could not set it',
    records: [
      multus('v4.1.4'),
      network('ipvlan-a', { ipam: null }),
      waitingPod('w1', { requested: [request('ipvlan-a', { defaultRoute: ['10.9.0.1'] })] }),
      unattached,
      sandbox('error setting default gateway: no route to host'),
    ],
    subjects: [WAITS],
    says: /cannot be reached/,
  },
]);

const sriov = network('sriov', {
  plugins: ['sriov'],
  resourceName: 'ran.io/vf',
  parent: { kind: 'resource', value: 'ran.io/vf' },
});
const wantsVf = (change: object = {}) =>
  waitingPod('w1', { requested: [request('sriov')], startedAt: ago(61), ...change });
const insufficient = signal(WAITS, 'FailedScheduling', '0/3 nodes are available: 3 Insufficient ran.io/vf.');
cases('device-exhausted', [
  {
    name: 'no node allocates any',
    records: [node(), sriov, waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }), insufficient],
    subjects: [WAITS],
    says: /no node allocates ran\.io\/vf/,
  },
  {
    name: 'how many there are in all',
    records: [
      node({ allocatable: { 'ran.io/vf': 8 } }),
      sriov,
      waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }),
      insufficient,
    ],
    subjects: [WAITS],
    says: /1 node allocates 8 ran\.io\/vf in all/,
  },
  {
    name: 'never asked for, though the event is gone',
    records: [node(), sriov, wantsVf()],
    subjects: [WAITS],
    says: /Does not ask for ran\.io\/vf/,
  },
  {
    name: 'guard: scheduled a moment ago, a webhook may be at work',
    records: [node(), sriov, wantsVf({ startedAt: ago(60) })],
    subjects: [],
  },
  {
    name: 'guard: it has an address, so it was given one',
    records: [node(), sriov, wantsVf({ ips: ['10.0.0.9'] })],
    subjects: [],
  },
  {
    name: 'guard: events that are not read now',
    records: [node(), sriov, waitingPod('w1', { node: null, resources: { 'ran.io/vf': 1 } }), insufficient],
    states: { 'kubernetes/events': 'stale' },
    subjects: [],
  },
]);

const down = (startedAt: string | null) => multus('v4.1.4', { ready: false, startedAt });
cases('multus-down', [
  { name: 'its pod runs for a minute and is not Ready: one look tells', records: [down(ago(60))], subjects: [NODE] },
  { name: 'guard: its pod came less than a minute ago', records: [down(ago(59.999))], subjects: [] },
  {
    name: 'guard: an event of a pod that runs by now',
    records: [multus('v4.1.4'), pod('w1'), sandbox('dial unix /run/multus/multus.sock: connect: connection refused')],
    subjects: [],
  },
]);

const wanted = (change: Parameters<typeof request>[1]) => pod('p1', { requested: [request('ipvlan-a', change)] });
cases('requested-not-honoured', [
  {
    name: 'one of two addresses is missing',
    records: [network(), wanted({ ips: ['10.6.0.14/24', '10.6.0.15/24'] }), face()],
    subjects: ['if:core/p1/net1'],
    says: /address 10\.6\.0\.15 asked for/,
  },
  {
    name: 'an IPv6 address, spelt otherwise',
    records: [network(), wanted({ ips: ['FD00:0::E/64'] }), face('net1', { ips: ['fd00::e'] })],
    subjects: [],
  },
  {
    name: 'guard: not attached yet',
    records: [network(), wanted({ ips: ['10.6.0.99'] }), face('net1', { state: 'requested' })],
    subjects: [],
  },
]);

const claim = (podName: string, change: object = {}) =>
  face('net1', { podName, network: 'net:core/hd', state: 'requested', ips: [], eni: null, ...change });
cases('host-device-conflict', [
  {
    name: 'two networks with one device',
    records: [
      node(),
      hostDevice,
      { ...hostDevice, id: 'net:core/hd2', name: 'hd2' },
      pod('p1'),
      pod('p2'),
      claim('p1'),
      claim('p2', { network: 'net:core/hd2' }),
    ],
    subjects: ['if:core/p1/net1'],
  },
  {
    name: 'guard: on two nodes',
    records: [
      node(),
      node({ name: 'n2' }),
      hostDevice,
      pod('p1'),
      pod('p2', { node: 'node:n2' }),
      claim('p1'),
      claim('p2', { node: 'node:n2' }),
    ],
    subjects: [],
  },
]);

const macvlan = network('mac', { plugins: ['macvlan'] });
cases('ipvlan-macvlan-conflict', [
  {
    name: 'the event of the one that came second',
    records: [
      node(),
      network(),
      macvlan,
      attachment(),
      attachment('mac'),
      waitingPod('w1'),
      refusedBy('mac', 'device or resource busy'),
    ],
    subjects: [NODE],
    says: /event FailedCreatePodSandBox of core\/w1: device or resource busy/,
  },
  {
    name: 'guard: a parent inside the pod is not shared',
    records: [
      node(),
      network(),
      {
        ...macvlan,
        semantics: {
          leavesNodeOnEni: false,
          macPolicy: 'own',
          onePodPerDevice: false,
          perNode: false,
          linkInContainer: true,
          kernelInterface: true,
        },
      },
      attachment(),
      attachment('mac'),
    ],
    subjects: [],
  },
]);

const stray = (on: string | null = 'eni-0000000000000000f', backed: 'none' | 'other-node' = 'none') =>
  face('net1', {
    eni: on,
    addresses: [{ ip: '10.6.0.14', family: 4, backed, eni: null }],
    link: {
      rule: 'mac',
      certainty: 'observed',
      evidence: 'its MAC',
      candidates: backed === 'other-node' ? ['eni-x'] : [],
    },
  });
const manager = signal(POD, 'ip-manager', 'a container of the pod assigns its addresses to ENIs');
cases('address-not-on-eni', [
  {
    name: 'the command takes the address from nobody',
    records: [node(), network(), pod(), stray()],
    subjects: ['if:core/p1/net1'],
    commands: /--private-ip-addresses 10\.6\.0\.14$/,
  },
  {
    name: 'a fail-over takes it from the other ENI',
    records: [node(), network(), pod(), stray('eni-0000000000000000f', 'other-node')],
    subjects: ['if:core/p1/net1'],
    commands: /--allow-reassignment$/,
  },
  {
    name: 'a live pod has it over there: nothing is moved',
    records: [
      node(),
      network(),
      pod(),
      stray('eni-0000000000000000f', 'other-node'),
      pod('p2', { node: 'node:n2' }),
      face('net1', { podName: 'p2', node: 'node:n2', eni: 'eni-x' }),
    ],
    subjects: ['if:core/p1/net1'],
    says: /a live pod has it there, too/,
    commands: /^aws ec2 describe-network-interfaces/,
  },
  {
    name: 'which ENI is not known: the command lists those of the node',
    records: [node(), network(), pod(), stray(null)],
    subjects: ['if:core/p1/net1'],
    commands: /Values=i-0a0000000000000a1/,
  },
  {
    name: 'P21: the address manager passes over a subnet of another length',
    records: [node(), network(), pod(), foreignEni(), subnet('subnet-m', { cidr: '10.6.0.0/20' }), stray(), manager],
    subjects: ['if:core/p1/net1'],
    says: /a \/24 like the range, and that of the network is a \/20/,
  },
  {
    name: 'P21: of equal lengths its log tells',
    records: [node(), network(), pod(), foreignEni(), subnet('subnet-m', { cidr: '10.6.0.0/24' }), stray(), manager],
    subjects: ['if:core/p1/net1'],
    says: /its log tells/,
  },
  { name: 'on an ENI of its node', records: [node(), network(), pod(), face()], subjects: [] },
]);

cases('network-subnet-mismatch', [
  {
    name: 'one of two ranges is outside',
    records: [
      node(),
      network('ipvlan-a', {
        ipam: { type: 'whereabouts', ranges: ['10.6.0.0/24', '10.9.0.0/24'], used: 1, size: 254, routes: [] },
      }),
      foreignEni(),
      attachment(),
      subnet('subnet-m', { cidr: '10.6.0.0/16' }),
    ],
    subjects: [NET],
    says: /10\.9\.0\.0\/24/,
  },
  {
    name: 'guard: the ENI was found by the subnet itself',
    records: [
      node(),
      network(),
      foreignEni(),
      attachment('ipvlan-a', { rule: 'subnet' }),
      subnet('subnet-m', { cidr: '10.3.0.0/24' }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the subnet’s IPv6 range is not known',
    records: [
      node(),
      network('ipvlan-a', { ipam: { type: 'whereabouts', ranges: ['fd00::/120'], used: 1, size: 254, routes: [] } }),
      foreignEni(),
      attachment(),
      subnet('subnet-m'),
    ],
    subjects: [],
  },
]);

cases('parent-name-drift', [
  {
    name: 'guard: the link goes by that name as well',
    records: [
      node(),
      network('a', { parent: { kind: 'host-device', value: 'eth1' } }),
      attachment('a'),
      hostNic('ens6', { altNames: ['eth1'] }),
    ],
    subjects: [],
  },
  {
    name: 'guard: the name of a link inside the pod',
    records: [node(), network('a', { parent: { kind: 'container-link', value: 'eth1' } }), attachment('a')],
    subjects: [],
  },
  {
    name: 'ethN on Amazon Linux 2023',
    records: [node(), network('a', { parent: { kind: 'host-device', value: 'eth1' } }), attachment('a')],
    subjects: ['net:core/a'],
  },
]);

const twoPolicies = pod('p1', { policies: ['NetworkPolicy/a', 'NetworkPolicy/b'] });
cases('policy-uncovered', [
  {
    name: 'covered network by network',
    records: [
      node(),
      twoPolicies,
      eth0(),
      face(),
      face('net2', { network: 'net:core/b' }),
      signal(POD, 'policy-for', 'core/b'),
    ],
    subjects: [POD],
    says: /2 NetworkPolicies, which act on eth0; no MultiNetworkPolicy covers net1 \(core\/ipvlan-a\)\./,
  },
  {
    name: 'all of them covered',
    records: [
      node(),
      twoPolicies,
      eth0(),
      face(),
      face('net2', { network: 'net:core/b' }),
      signal(POD, 'policy-for', 'core/b, core/ipvlan-a'),
    ],
    subjects: [],
  },
  {
    name: 'guard: MultiNetworkPolicies that are stale',
    records: [node(), twoPolicies, eth0(), face()],
    states: { 'kubernetes/multi-networkpolicies': 'stale' },
    subjects: [],
  },
  {
    name: 'guard: a MultiNetworkPolicy alone asks nothing of eth0',
    records: [node(), pod('p1', { policies: ['MultiNetworkPolicy/a'] }), eth0(), face()],
    subjects: [],
  },
]);

const idle = network('a', { podCount: 0, createdAt: ago(600) });
cases('network-unused', [
  { name: 'a network of exactly ten minutes', records: [idle], subjects: [] },
  { name: 'a millisecond older', records: [{ ...idle, createdAt: ago(600.001) }], subjects: ['net:core/a'] },
  { name: 'a missing one is another finding', records: [{ ...idle, createdAt: null, missing: true }], subjects: [] },
]);

cases('vpc-cni-as-secondary', [
  {
    name: 'the event of a pod that it keeps from starting',
    records: [
      network('a', { plugins: ['aws-cni'] }),
      waitingPod('w1', { requested: [request('a')] }),
      face('net1', { podName: 'w1', network: 'net:core/a', state: 'requested', ips: [], eni: null }),
      refusedBy('a', 'failed to add default route: file exists'),
    ],
    subjects: ['net:core/a'],
    says: /event FailedCreatePodSandBox of core\/w1/,
  },
  {
    name: 'a meta plugin beside another main one',
    records: [network('a', { plugins: ['ipvlan', 'tuning'] })],
    subjects: [],
  },
]);

cases('macvlan-on-eni', [
  {
    name: 'on the default-route interface',
    records: [
      node(),
      network('ipvlan-a', { plugins: ['macvlan'], parent: { kind: 'default-route', value: null } }),
      pod(),
      face('net1', { mac: '02:aa:00:00:00:01' }),
    ],
    subjects: ['if:core/p1/net1'],
    says: /primary ENI.*\(02:aa/,
  },
  {
    name: 'guard: not attached yet',
    records: [node(), network('ipvlan-a', { plugins: ['macvlan'] }), waitingPod('w1'), { ...unattached }],
    subjects: [],
  },
]);
