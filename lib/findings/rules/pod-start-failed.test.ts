import { describe, expect, it } from 'vitest';
import { ago, face, found, network, node, pod, request, signal, waitingPod } from '../../../e2e/testing/findings';
import { claimOf, device } from '../../../e2e/testing/claimed';
import { cases } from '../../../e2e/testing/finding-cases';

const W = 'pod:core/w1';
const sandbox = (text: string, change: object = {}) => signal(W, 'FailedCreatePodSandBox', text, change);
const unplaced = (text: string) => signal(W, 'FailedScheduling', text);
const plugin = (text: string, name = 'ipvlan-a') =>
  `plugin type="multus" failed (add): [core/w1/u:${name}]: error adding container to network "${name}": ${text}`;
const asking = waitingPod('w1', { requested: [request()], createdAt: ago(600) });
const ready = node({ multus: { ready: true, version: null, startedAt: ago(9_000), installedAt: null } });

cases('pod-start-failed', [
  {
    name: 'an unknown text is quoted',
    records: [ready, network(), asking, sandbox(plugin('unable to create veth pair: file exists'))],
    subjects: [W],
    says: /veth pair: file exists[^]*Multus is Ready on the node\.[^]*configs show no fault/,
  },
  {
    name: 'without any network of its own',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), sandbox('rpc error: code = DeadlineExceeded')],
    subjects: [W],
    says: /DeadlineExceeded/,
  },
  {
    name: 'its network has a fault, which is not the cause: the pod is not ignored',
    records: [
      ready,
      network('ipvlan-a', { faults: [{ severity: 'warning', text: 'mtu is above that of the ENI' }] }),
      asking,
      sandbox(plugin('unable to create veth pair: file exists')),
    ],
    subjects: [W],
    says: /veth pair: file exists/,
  },
  {
    name: 'a text with a clear cause: the name of a link is too long',
    records: [
      ready,
      network(),
      asking,
      sandbox(
        plugin(
          'failed to create bridge "br-production-lan": could not add "br-production-lan": numerical result out of range',
        ),
      ),
    ],
    subjects: [W],
    says: /br-production-lan has 17 characters[^]*shorter name/,
  },
  {
    name: 'the registry of the sandbox image is unreachable: not the API server',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(600) }),
      sandbox(
        'failed to get sandbox image "registry.k8s.io/pause:3.8": failed to pull image: failed to do request: Head "https://registry.k8s.io/v2/pause/manifests/3.8": dial tcp 34.96.108.209:443: i/o timeout',
      ),
    ],
    subjects: [W],
    says: /image of the sandbox \(registry\.k8s\.io\/pause:3\.8\)[^]*endpoints for ecr\.api/,
  },
  {
    name: 'the network policy agent does not answer',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), sandbox('add cmd: failed to setup network policy')],
    subjects: [W],
    says: /network policy agent \(container aws-eks-nodeagent/,
  },
  {
    name: 'the VPC CNI plugin could not set up the pod’s link',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(600) }),
      sandbox('add command: failed to setup network: setupVeth network: failed to setup veth pair.: Link not found'),
    ],
    subjects: [W],
    says: /has given it an address[^]*setup veth pair[^]*plugin\.log/,
  },
  {
    name: 'links inside the pod: the host lacks nothing',
    records: [
      node(),
      network('bond', { parent: { kind: 'container-link', value: 'net1,net2' } }),
      waitingPod('w1', { requested: [request('bond')], createdAt: ago(600) }),
      sandbox(plugin('failed to confirm that link (net1) exists, error: Link not found', 'bond')),
    ],
    subjects: [W],
    says: /inside the pod \(net1,net2\)[^]*vfio-pci/,
  },
  {
    name: 'a plain “Link not found” of such a network as well',
    records: [
      node(),
      network('in', { parent: { kind: 'container-link', value: 'net1' } }),
      waitingPod('w1', { requested: [request('in')], createdAt: ago(600) }),
      sandbox(plugin('Link not found', 'in')),
    ],
    subjects: [W],
  },
  {
    name: 'guard: `pod-ip-failed` knows the cause',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(600) }),
      sandbox('plugin type="aws-cni" failed (add): add cmd: failed to assign an IP address to container'),
    ],
    subjects: [],
  },
  {
    name: 'guard: `plugin-binary-missing` knows the cause',
    records: [node(), network(), asking, sandbox(plugin('failed to find plugin "ipvlan" in path [/opt/cni/bin]'))],
    subjects: [],
  },
  {
    name: 'guard: `network-config-invalid` knows the cause',
    records: [
      node(),
      network(),
      asking,
      face('net1', { podName: 'w1', state: 'requested', ips: [] }),
      sandbox(plugin('IPAM plugin returned missing IP config')),
    ],
    subjects: [],
  },
  {
    name: 'guard: `pod-eni-stuck` knows the cause',
    records: [
      waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/pod-eni': 1 }, createdAt: ago(600) }),
      unplaced('1 Insufficient vpc.amazonaws.com/pod-eni.'),
    ],
    subjects: [],
  },
  {
    name: 'the rule that would know the cause must be silent',
    records: [
      node(),
      network(),
      waitingPod('w1', { requested: [request()], createdAt: ago(600) }),
      sandbox(plugin('failed to lookup master "eth9": Link not found')),
    ],
    states: { 'kubernetes/network-attachment-definitions': 'denied' },
    subjects: [W],
  },
  {
    name: 'guard: the sandbox exists by now',
    records: [node(), pod('w1', { phase: 'Pending' }), sandbox('anything')],
    subjects: [],
  },
  {
    name: 'guard: it runs',
    records: [node(), pod('w1'), sandbox('anything')],
    subjects: [],
  },
  {
    name: 'guard: refused for half a minute',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), sandbox('anything', { firstAt: ago(30) })],
    subjects: [],
  },
  {
    name: 'refused for half a minute, and time passes',
    records: [node(), waitingPod('w1', { createdAt: ago(600) }), sandbox('anything', { firstAt: ago(30) })],
    later: 31,
    subjects: [W],
  },
  {
    name: 'guard: it is being deleted',
    records: [node(), waitingPod('w1', { deleting: true, createdAt: ago(600) }), sandbox('anything')],
    subjects: [],
  },
  {
    name: 'guard: its claimed device is not ready, which another rule reports',
    records: [
      node(),
      waitingPod('w1', {
        createdAt: ago(600),
        claims: [claimOf(device({ ready: false, reason: 'Ready: Failed: busy', interface: null }))],
      }),
      sandbox('anything'),
    ],
    subjects: [],
  },
  {
    name: 'guard: waiting for less than ten minutes, without an event that explains it',
    records: [node(), waitingPod('w1', { startedAt: ago(590) }), network()],
    subjects: [],
  },
  {
    name: 'waiting for long, without an event that explains it (any more)',
    records: [node(), waitingPod()],
    subjects: [W],
    severity: 'warning',
    says: /has no address on n1 yet\. No Event says why[^]*since 2026[^]*card 0 of n1 has 5 addresses available/,
  },
  {
    name: 'waiting for long, though its sandbox has a network',
    records: [node(), waitingPod('w1', { sandbox: { ready: true, message: '' } })],
    subjects: [W],
    says: /network of its sandbox is set up, so[^]*PodReadyToStartContainers is True$/m,
  },
  {
    name: 'waiting for long, and the kubelet explains why its sandbox is not ready',
    records: [node(), waitingPod('w1', { sandbox: { ready: false, message: 'no pod sandbox exists' } })],
    subjects: [W],
    says: /not ready \(no pod sandbox exists\)[^]*no image pull has started/,
  },
  {
    name: 'waiting for long, with a kubelet that reports the sandbox after the first pull',
    records: [node(), waitingPod('w1', { sandbox: { ready: false, message: '' } })],
    subjects: [W],
    says: /A long image pull[^]*PodReadyToStartContainers is False$/m,
  },
  {
    name: 'waiting for long, and events cannot be read',
    records: [node(), waitingPod()],
    states: { 'kubernetes/events': 'denied' },
    subjects: [W],
    says: /Events cannot be read, so why is not known/,
  },
  { name: 'guard: on the host network', records: [node(), waitingPod('w1', { hostNetwork: true })], subjects: [] },
  {
    name: 'unscheduled for long, and it requests an interface',
    records: [node(), waitingPod('w1', { node: null, resources: { 'vpc.amazonaws.com/efa': 1 } })],
    subjects: [W],
    says: /not scheduled, and asks for vpc\.amazonaws\.com\/efa[^]*no node allocates vpc\.amazonaws\.com\/efa/,
  },
  {
    name: 'guard: unscheduled for long, but it only requests a GPU',
    records: [node(), waitingPod('w1', { node: null, resources: { 'nvidia.com/gpu': 1 } })],
    subjects: [],
  },
  {
    name: 'its claim has been pending for long',
    records: [node(), waitingPod('w1', { node: null, claims: [{ ...claimOf(), state: 'pending' }] })],
    subjects: [W],
    says: /not scheduled, and asks for claim /,
  },
  {
    name: 'the container runtime has no network',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(600) }),
      signal(W, 'NetworkNotReady', 'cni plugin not initialized'),
    ],
    subjects: [W],
    says: /the container runtime of n1 has no network[^]*cni plugin not initialized/,
  },
  {
    name: 'guard: a new node has no network yet',
    records: [
      node({ createdAt: ago(100) }),
      waitingPod('w1', { createdAt: ago(90), startedAt: ago(90) }),
      signal(W, 'NetworkNotReady', 'cni plugin not initialized'),
    ],
    subjects: [],
  },
  {
    name: 'its claimed devices cannot be prepared',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(600) }),
      signal(W, 'FailedPrepareDynamicResources', 'NodePrepareResources failed for claim nic'),
    ],
    subjects: [W],
    says: /claimed devices cannot be prepared on n1/,
  },
  {
    name: 'the kubelet does not know the driver',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(600) }),
      signal(W, 'FailedPrepareDynamicResources', 'prepare dynamic resources: DRA driver dra.net is not registered'),
    ],
    subjects: [W],
    says: /claimed devices cannot be prepared\n[^]*knows no driver dra\.net/,
  },
  {
    name: 'a MAC that is invalid for an interface',
    records: [
      node(),
      network(),
      waitingPod('w1', { createdAt: ago(600), requested: [request('ipvlan-a', { mac: '33:33:00:00:00:01' })] }),
      signal(W, 'FailedCreatePodSandBox', 'failed to create macvlan: cannot assign requested address'),
    ],
    subjects: [W],
    says: /33:33:00:00:00:01 is a multicast address/,
  },
  {
    name: 'the kubelet rejected it for lack of its device',
    records: [
      node({ allocatable: { 'intel.com/sriov': 0 } }),
      pod('w1', { phase: 'Failed', ips: [], resources: { 'intel.com/sriov': 1 }, createdAt: ago(600) }),
      signal(W, 'UnexpectedAdmissionError', 'Allocate failed due to no healthy devices present'),
    ],
    subjects: [W],
    says: /failed: the kubelet of n1 rejected it[^]*no node allocates intel\.com\/sriov/,
  },
  {
    name: 'guard: rejected for a resource that is no interface',
    records: [
      node(),
      pod('w1', { phase: 'Failed', ips: [], resources: { 'nvidia.com/gpu': 1 }, createdAt: ago(600) }),
      signal(W, 'UnexpectedAdmissionError', 'Allocate failed'),
    ],
    subjects: [],
  },
]);

const volumes = (kind: string, at = 10) =>
  signal(W, kind, 'Unable to attach or mount volumes: timed out', { firstAt: ago(600), lastAt: ago(at) });
const refusedPod = (reason: string, resources: Readonly<Record<string, number>> = { 'openshift.io/vf': 1 }) =>
  pod('w1', {
    phase: 'Failed',
    ips: [],
    createdAt: ago(600),
    startedAt: ago(600),
    resources,
    failure: { reason, message: 'Pod was rejected: no' },
  });

cases('pod-start-failed', [
  {
    name: 'its volumes are not mounted: no network was requested yet',
    records: [node(), waitingPod('w1', { createdAt: ago(900) }), volumes('FailedMount')],
    subjects: [W],
    severity: 'warning',
    says: /Waits for its volumes[^]*No network has been asked/,
  },
  {
    name: 'its volumes are not attached',
    records: [node(), waitingPod('w1', { createdAt: ago(900) }), volumes('FailedAttachVolume')],
    subjects: [W],
    severity: 'warning',
  },
  {
    name: 'volumes first, and then the sandbox failed',
    records: [
      node(),
      waitingPod('w1', { createdAt: ago(900) }),
      volumes('FailedMount', 300),
      sandbox('boom', { firstAt: ago(200), lastAt: ago(5) }),
    ],
    subjects: [W],
    severity: 'error',
    says: /boom/,
  },
  ...['UnexpectedAdmissionError', 'TopologyAffinityError', 'OutOfopenshift.io/vf'].map((reason) => ({
    name: `turned away, as its status says when the Event is gone: ${reason}`,
    records: [node(), refusedPod(reason)],
    subjects: [W],
    says: new RegExp(`status\\.reason ${reason}: Pod was rejected`),
  })),
  {
    name: 'rejected because CPUs and device are on different NUMA nodes',
    records: [node(), refusedPod('TopologyAffinityError')],
    subjects: [W],
    says: /finds no NUMA node[^]*excludeTopology/,
  },
  ...['Evicted', 'OutOfpods', 'OutOfcpu', 'NodeAffinity', 'Terminated', 'NodeLost'].map((reason) => ({
    name: `guard: no device is concerned: ${reason}`,
    records: [node(), refusedPod(reason)],
    subjects: [],
  })),
  {
    name: 'guard: a GPU is no interface',
    records: [node(), refusedPod('UnexpectedAdmissionError', { 'nvidia.com/gpu': 1 })],
    subjects: [],
  },
  { name: 'guard: OutOf another resource', records: [node(), refusedPod('OutOfnvidia.com/gpu')], subjects: [] },
]);

describe('the remedy for a resource shortage', () => {
  const said = (resource: string, offered: number): string =>
    found(
      'pod-start-failed',
      [
        node({ allocatable: offered === 0 ? {} : { [resource]: offered } }),
        waitingPod('w1', { node: null, createdAt: ago(600), resources: { [resource]: 1 } }),
        unplaced(`0/1 nodes are available: 1 Insufficient ${resource}.`),
      ],
      {},
    )
      .map(({ advice }) => advice)
      .join();
  it.each([
    ['vpc.amazonaws.com/PrivateIPv4Address', 0, /Turn on Windows IPAM/],
    ['vpc.amazonaws.com/PrivateIPv4Address', 9, /larger instance type/],
    ['vpc.amazonaws.com/efa', 0, /EFA device plugin/],
    ['vpc.amazonaws.com/efa', 4, /Every EFA interface is in use/],
    ['example.com/nic', 0, /check that its device plugin runs/],
    ['example.com/nic', 2, /it counts the nodes by reason/],
  ])('%s, %i offered', (resource, offered, wanted) => {
    expect(said(resource, offered)).toMatch(wanted);
  });
});
