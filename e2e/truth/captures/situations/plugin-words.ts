/** What plugins and runtimes say when a pod's network cannot be made, on nodes whose pools are fine: each text has another cause. */
import { Cluster } from '../kit/cluster';
import { found, none, OLD, refused, says, silentOn, type Situation } from './situation';

interface Said {
  readonly source: string;
  readonly text: string;
  /** What the findings of the pod must say. */
  readonly means: string;
  /** What they must not. */
  readonly not?: string;
}

/** The pool has addresses, aws-node is ready, and the pod waits. */
function said({ source, text, means, not }: Said): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  cluster.pod('shop/a', node, node.primary);
  node.primary.free(8);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', text);
  return {
    source,
    cluster,
    checks: [
      found('findings[severity=error][subjects~pod:shop/late]'),
      says('findings[subjects~pod:shop/late]', means),
      none('findings[rule=pod-ip-failed]'),
      none('findings[rule=vpc-cni-as-secondary]'),
      none('findings[rule=network-config-invalid]'),
      ...(not === undefined ? [] : [silentOn('findings[subjects~pod:shop/late].advice', not)]),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: new RegExp(means.replace('(?i)', ''), 'i') }],
  };
}

const AWS = 'plugin type="aws-cni" name="aws-cni" failed (add): ';

const WORDS: Readonly<Record<string, Said>> = {
  'links changed during a read by the plugin': {
    source: 'aws/amazon-vpc-cni-k8s#3516, #3461',
    text: `${AWS}add command: failed to setup network: SetupPodNetwork: failed to setup veth pair: failed to generate Unique MAC addr for host side veth: results may be incomplete or inconsistent`,
    // The kernel broke the list off because links came and went: no link is left over.
    means: '(?i)while .*read|tries again|broke off',
    not: '(?i)left there',
  },
  'route of an earlier pod': {
    source: 'aws/amazon-vpc-cni-k8s#344, #357, #166, #108',
    text: `${AWS}add command: failed to setup network: setup NS network: failed to add host route: file exists`,
    means: '(?i)left|earlier',
  },
  'sandbox that stopped first': {
    source: 'aws/amazon-vpc-cni-k8s#707, kubernetes/kubernetes#72044, antrea-io/antrea#831, k3s-io/k3s#616',
    text: 'failed to Statfs "/proc/24876/ns/net": no such file or directory',
    means: '(?i)sandbox .*(ended|gone)',
    not: '(?i)aws-node',
  },
  'deleted containerd namespace': {
    source: 'containerd/containerd#5714, antrea-io/antrea#3',
    text: 'plugin type="portmap" failed (add): failed to open netns "/var/run/netns/cni-d24efd99": failed to Statfs "/var/run/netns/cni-d24efd99": no such file or directory',
    means: '(?i)sandbox .*(ended|gone)|/var/run/netns.*(mount|see)',
  },
  'log on standard output': {
    source: 'aws/amazon-vpc-cni-k8s#1248, #1251, #1265',
    text: "invalid character '{' after top-level value",
    means: 'AWS_VPC_K8S_PLUGIN_LOG_FILE',
  },
  'diagnostics that are not JSON': {
    source: 'Billy99/user-space-net-plugin#3',
    text: 'plugin type="userspace" failed (add): netplugin failed but error parsing its diagnostic message "time=\\"2018-06-22T10:48:15+01:00\\" level=debug msg=\\"Connecting to VPP...\\"": invalid character \'i\' in literal true (expecting \'r\')',
    means: '(?i)standard output',
  },
  'plugin of another architecture': {
    source: 'projectcalico/calicoctl#1136, kubernetes/kubernetes#114282',
    text: 'fork/exec /opt/cni/bin/aws-cni: exec format error',
    means: '(?i)architecture',
  },
  'plugin being replaced': {
    source: 'execve(2), ETXTBSY: neighbour of the one above, while a DaemonSet copies its plugin',
    text: 'fork/exec /opt/cni/bin/aws-cni: text file busy',
    means: '(?i)being replaced',
    not: '(?i)architecture',
  },
  'Cilium was removed and left its config': {
    source: 'cilium/cilium#27715, #40345',
    text: 'plugin type="cilium-cni" name="cilium" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory\nIs the agent running?',
    means: '/etc/cni/net\\.d',
    not: 'aws-routed-eni|subnet ',
  },
  'Calico was removed and left its config': {
    source: 'projectcalico/calico#1795, #2841, kubernetes/kubernetes#62451, k0sproject/k0s#539',
    text: 'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/',
    means: 'calico-node',
    not: 'aws-routed-eni|subnet ',
  },
  'API server out of reach for the plugin': {
    source: 'k8snetworkplumbingwg/multus-cni#943, kubernetes-sigs/kubespray#4532, #9897',
    text: 'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/late/19241d18]: error getting pod: Get "https://[10.96.0.1]:443/api/v1/namespaces/shop/pods/late?timeout=1m0s": dial tcp 10.96.0.1:443: i/o timeout',
    means: 'kube-proxy',
    not: 'aws-routed-eni',
  },
  'API server with another authority': {
    source: 'k8snetworkplumbingwg/multus-cni#743, #407',
    text: 'Multus: [shop/late]: error getting pod: Get https://[10.53.0.1]:443/api/v1/namespaces/shop/pods/late?timeout=1m0s: x509: certificate signed by unknown authority',
    means: '(?i)kubeconfig.*(older|authority)',
    not: 'kube-proxy',
  },
  'expired token of the mesh': {
    source: 'linkerd/linkerd2#13780, #14643, #12573, #11478',
    text: 'plugin type="linkerd-cni" name="linkerd-cni" failed (add): Unauthorized',
    means: '(?i)linkerd-cni for Linkerd',
    not: 'aws-routed-eni',
  },
  'token of Multus that expires while waiting': {
    source: 'Mellanox/network-operator#1363',
    text: 'plugin type="multus" name="multus-cni-network" failed (add): Multus: [shop/late/19241d18]: error waiting for pod: Unauthorized',
    means: '(?i)rejects the plugin’s token',
  },
  'proxy between the plugin and the API server': {
    source: 'linkerd/linkerd2#11286, #10413, k8snetworkplumbingwg/multus-cni#818',
    text: 'plugin type="linkerd-cni" name="linkerd-cni" failed (add): Get "https://[172.20.0.1]:443/api/v1/namespaces/linkerd/pods/linkerd-identity-784744bbd9-fz4rb": Forbidden',
    means: 'NO_PROXY',
  },
  'mesh without its proxy on the node': {
    source: 'istio/istio#53696, #52218',
    text: 'plugin type="istio-cni" name="istio-cni" failed (add): unable to push CNI event (status code 500): partial add error: no ztunnel connection',
    means: 'DaemonSets ztunnel',
    not: 'aws-routed-eni',
  },
  'command missing on the node': {
    source: 'istio/istio#49038, #48746',
    text: 'plugin type="istio-cni" name="istio-cni" failed (add): exec: "sh": executable file not found in $PATH',
    means: '(?i)the node (has no|lacks).*sh',
  },
  'command missing on the node, by its exit code': {
    source: 'linkerd/linkerd2#14538, rancher/rke2#10271',
    text: 'plugin type="linkerd-cni" name="linkerd-cni" failed (add): exit status 127',
    means: '(?i)command.*(not found|not on the node)',
  },
  'no user namespaces on the node': {
    source: 'open-telemetry/opentelemetry-operator#4563',
    text: 'failed to create network namespace for sandbox "e42924fa": failed to start noop process for unshare: fork/exec /proc/self/exe: no space left on device',
    means: 'max_user_namespaces',
    not: '(?i)free (disk|space)',
  },
  'node without disk space': {
    source: 'cri-o/cri-o#7222, aws-samples/amazon-eks-custom-amis#73',
    text: 'plugin type="aws-cni" name="aws-cni" failed (add): open /var/lib/cni/results/aws-cni-0a1b2c-eth0: no space left on device',
    means: '(?i)inodes',
    not: 'aws-routed-eni',
  },
  'chained plugin without an address': {
    source: 'cilium/cilium#18495',
    text: 'no address configured inside container',
    means: 'no address configured inside container',
    not: '(?i)subnet',
  },
};

export const pluginWords: Readonly<Record<string, () => Situation>> = Object.fromEntries(
  Object.entries(WORDS).map(([name, words]) => [name, () => said(words)]),
);
