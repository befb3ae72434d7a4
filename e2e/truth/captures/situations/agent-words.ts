/** The agent that a plugin asks does not answer: each cluster network has another agent, and Multus quotes its text wherever the plugin stands. */
import { asking, multusSays, start, thickSays } from './attaching';
import { found, none, refused, says, silentOn, type Situation } from './situation';

type Position = 'alone' | 'Multus calls it' | 'Multus’s daemon calls it';

interface Unanswered {
  readonly source: string;
  readonly position: Position;
  /** What the network of the plugin is configured with. */
  readonly config: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly text: string;
  /** Whose agent it is, by the name of its DaemonSet. */
  readonly agent: string;
}

const POD = 'shop/late';

const quoted = (position: Position, text: string): string => {
  if (position === 'alone') return text;
  return position === 'Multus calls it' ? multusSays(POD, 'lan', text) : thickSays(POD, 'lan', text);
};

/** The pool has addresses and aws-node answers: the trouble is another agent's. */
function unanswered({ source, position, config, text, agent }: Unanswered): Situation {
  const { cluster, node } = start();
  if (position === 'alone') cluster.waiting(POD, node, { createdAt: '2026-09-01T11:30:00Z' });
  else {
    cluster.nad('shop/lan', { cniVersion: '0.3.1', name: 'lan', ...config });
    asking(cluster, POD, node, 'lan');
  }
  refused(cluster, POD, quoted(position, text));
  return {
    source,
    cluster,
    checks: [
      found(`findings[severity=error][subjects~pod:${POD}]`),
      says(`findings[subjects~pod:${POD}].advice`, agent),
      none('findings[rule=pod-ip-failed]'),
      silentOn(`findings[subjects~pod:${POD}].command`, 'aws-node'),
      silentOn(`findings[subjects~pod:${POD}]`, '(?i)WARM_|out of addresses|does not know this text'),
    ],
    sayings: [
      {
        command: 'explain',
        words: `pod ${POD} address`,
        says: new RegExp(agent),
        silentOn: /does not answer the plugin: aws-node|out of addresses/i,
      },
    ],
  };
}

const KUBE_OVN = {
  type: 'kube-ovn',
  server_socket: '/run/openvswitch/kube-ovn-daemon.sock',
  provider: 'lan.shop.ovn',
};
const OVN = { type: 'ovn-k8s-cni-overlay', topology: 'layer2', netAttachDefName: 'shop/lan' };

const WORDS: Readonly<Record<string, Unanswered>> = {
  'Antrea’s agent removed, its config left behind': {
    source: 'kubernetes/kubernetes#107127',
    position: 'alone',
    config: {},
    text: 'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing dial unix /var/run/antrea/cni.sock: connect: no such file or directory"',
    agent: 'antrea-agent',
  },
  'Antrea’s agent behind Multus': {
    source: 'antrea-io/antrea#832',
    position: 'Multus’s daemon calls it',
    config: { type: 'macvlan', master: 'eth1', ipam: { type: 'antrea', ippool: 'p1' } },
    text: 'rpc error: code = Unavailable desc = all SubConns are in TransientFailure, latest connection error: connection error: desc = "transport: Error while dialing dial unix /var/run/antrea/cni.sock: connect: connection refused"',
    agent: 'antrea-agent',
  },
  'kube-ovn’s daemon': {
    source: 'cozystack/cozystack#452, rancher/rke2#5543',
    position: 'alone',
    config: {},
    text: 'plugin type="kube-ovn" failed (add): RPC failed; Post "http://dummy/api/v1/add": dial unix /run/openvswitch/kube-ovn-daemon.sock: connect: no such file or directory',
    agent: 'kube-ovn-cni',
  },
  'kube-ovn’s daemon behind Multus’s daemon': {
    source: 'kubeovn/kube-ovn#4730, #5836, #323',
    position: 'Multus’s daemon calls it',
    config: KUBE_OVN,
    text: 'plugin type="kube-ovn" failed (add): RPC failed; Post "http://dummy/api/v1/add": dial unix /run/openvswitch/kube-ovn-daemon.sock: connect: no such file or directory',
    agent: 'kube-ovn-cni',
  },
  'kube-ovn’s daemon that closed the connection': {
    source: 'kubeovn/kube-ovn#6002',
    position: 'Multus calls it',
    config: KUBE_OVN,
    text: 'RPC failed; Post "http://dummy/api/v1/add": EOF',
    agent: 'kube-ovn-cni',
  },
  'Weave’s router': {
    source: 'coredns/coredns#5132, weaveworks/weave#3998',
    position: 'alone',
    config: {},
    text: 'plugin type="weave-net" name="weave" failed (add): unable to allocate IP address: Post "http://127.0.0.1:6784/ip/6442f901c7b2": dial tcp 127.0.0.1:6784: connect: connection refused',
    agent: 'weave-net',
  },
  'Weave’s router behind Multus': {
    source: 'weaveworks/weave#2822, #2745',
    position: 'Multus calls it',
    config: { type: 'weave-net' },
    text: 'unable to allocate IP address: Post http://127.0.0.1:6784/ip/28d43bd0bc62: dial tcp 127.0.0.1:6784: getsockopt: connection refused',
    agent: 'weave-net',
  },
  'ovnkube-node': {
    source: 'ovn-kubernetes/ovn-kubernetes go-controller/pkg/cni/cnishim.go, #5155',
    position: 'alone',
    config: {},
    text: 'plugin type="ovn-k8s-cni-overlay" name="ovn-kubernetes" failed (add): failed to send CNI request: Post "http://dummy/": dial unix /var/run/ovn-kubernetes/cni//ovn-cni-server.sock: connect: connection refused',
    agent: 'ovnkube-node',
  },
  'ovnkube-node behind Multus’s daemon': {
    source: 'ovn-kubernetes/ovn-kubernetes go-controller/pkg/cni/cnishim.go, #4958',
    position: 'Multus’s daemon calls it',
    config: OVN,
    text: 'plugin type="ovn-k8s-cni-overlay" failed (add): failed to send CNI request: Post "http://dummy/": dial unix /var/run/ovn-kubernetes/cni//ovn-cni-server.sock: connect: no such file or directory',
    agent: 'ovnkube-node',
  },
  'Spiderpool’s agent': {
    source: 'spidernet-io/spiderpool#3879, #3209, cmd/spiderpool/cmd/command_add.go',
    position: 'Multus calls it',
    config: { type: 'macvlan', master: 'eth1', ipam: { type: 'spiderpool' } },
    text: 'unhealthy spiderpool-agent backend, failed to check: Get "http://localhost/v1/ipam/healthy": dial unix /var/run/spidernet/spiderpool.sock: connect: connection refused',
    agent: 'spiderpool-agent',
  },
  'Cilium’s agent behind Multus’s daemon': {
    source: 'cilium/cilium#27715, k8snetworkplumbingwg/multus-cni#917',
    position: 'Multus’s daemon calls it',
    config: { type: 'cilium-cni' },
    text: 'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?',
    agent: 'cilium',
  },
  'flannel’s subnet file behind Multus': {
    source: 'k8snetworkplumbingwg/multus-cni#1077',
    position: 'Multus’s daemon calls it',
    config: { type: 'flannel' },
    text: 'loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory',
    agent: 'kube-flannel',
  },
};

export const agentWords: Readonly<Record<string, () => Situation>> = Object.fromEntries(
  Object.entries(WORDS).map(([name, words]) => [`no answer: ${name}`, () => unanswered(words)]),
);
