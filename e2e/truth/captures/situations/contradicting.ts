/** Two facts about one thing that cannot both be: annotation and status, two holders, two places. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Node } from '../kit/node';
import type { PodSpec } from '../kit/types';
import { count, fill, found, none, says, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

const branchNote = (eni: Eni, vlan = 1): Readonly<Record<string, string>> => ({
  [POD_ENI]: JSON.stringify([
    { eniId: eni.id, ifAddress: eni.mac, privateIp: eni.ip, vlanId: vlan, subnetCidr: '10.40.0.0/20' },
  ]),
});

interface Trunked {
  readonly cluster: Cluster;
  readonly node: Node;
  readonly trunk: Eni;
}

function trunked(names: readonly string[] = ['n1']): readonly Trunked[] {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  return names.map((name) => {
    const node = cluster.node(name, subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
    return { cluster, node, trunk: node.eni({ dev: 2, type: 'trunk', by: 'controller' }) };
  });
}

const first = (all: readonly Trunked[]): Trunked => {
  const [one] = all;
  if (one === undefined) throw new Error('no node');
  return one;
};

const branchOf = ({ node, trunk }: Trunked): Eni =>
  node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' });

/** Another webhook put a sidecar before the container with the limit: the CNI looks at the first alone, and gave a pool address. */
function sidecarInFront(): Situation {
  const at = first(trunked());
  const { cluster, node } = at;
  const branch = branchOf(at);
  const held = node.primary.add();
  node.primary.free(8);
  const containers = [
    { name: 'istio-proxy', image: 'registry.example.com/proxy:1', resources: {} },
    {
      name: 'app',
      image: 'registry.example.com/app:1',
      resources: { limits: { [POD_ENI]: '1' }, requests: { [POD_ENI]: '1' } },
    },
  ];
  // podObject writes one container; the posted pod has two.
  cluster.extraFiles.push({
    path: 'kubernetes/sidecar.json',
    text: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: 'shop',
        name: 'guarded',
        uid: 'pod-guarded',
        creationTimestamp: '2026-09-01T09:00:00Z',
        annotations: branchNote(branch),
      },
      spec: { nodeName: 'n1', containers },
      status: {
        phase: 'Running',
        hostIP: node.primary.ip,
        podIP: held.ip,
        podIPs: [{ ip: held.ip }],
        startTime: '2026-09-01T09:00:00Z',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-09-01T09:01:00Z' }],
      },
    }),
  });
  const address = (branch.ip ?? '').replaceAll('.', '\\.');
  return {
    source: 'aws/amazon-vpc-cni-k8s#1505 (Istio), rpc_handler.go AddNetwork: pod.Spec.Containers[0].Resources.Limits',
    cluster,
    checks: [
      says('interfaces[id=if:shop/guarded/eth0].eni', node.primary.id),
      says('findings[subjects~pod:shop/guarded]', branch.id),
      says('findings[subjects~pod:shop/guarded]', address),
      says('findings[subjects~pod:shop/guarded]', held.ip.replaceAll('.', '\\.')),
    ],
    sayings: [{ command: 'lookup', words: branch.ip ?? '', says: /shop\/guarded/ }],
  };
}

/** Two live pods with one branch ENI in their annotations: one was copied with its annotations. */
function branchOfTwo(second: PodSpec, quietly: boolean): Situation {
  const at = first(trunked());
  const { cluster, node } = at;
  node.primary.free(9);
  const branch = branchOf(at);
  const spec = { resources: { [POD_ENI]: '1' }, annotations: branchNote(branch) };
  cluster.write('shop/web-0', node, [branch.ip ?? ''], spec);
  cluster.write('shop/web-0-copy', node, [branch.ip ?? ''], { ...spec, ...second });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#33, #8 (annotation of the branch ENI)',
    cluster,
    checks: quietly
      ? quiet
      : [says('findings[severity=error].detail', 'web-0-copy'), says('findings[severity=error].detail', 'web-0 ')],
  };
}

/** A pod's branch ENI belongs to the trunk of another node. */
function branchOfAnotherNode(): Situation {
  const [here, there] = trunked(['n1', 'n2']);
  if (here === undefined || there === undefined) throw new Error('two nodes');
  const { cluster } = here;
  here.node.primary.free(9);
  there.node.primary.free(9);
  const branch = branchOf(there);
  cluster.write('shop/web', here.node, [branch.ip ?? ''], {
    resources: { [POD_ENI]: '1' },
    annotations: branchNote(branch),
  });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s (trunk.go: a branch hangs on the trunk of its node)',
    cluster,
    checks: [found('findings[subjects~pod:shop/web][severity=error]'), says('findings[subjects~pod:shop/web]', 'n2')],
  };
}

/** An address that stands as a secondary address of one ENI and in a prefix of another. */
function inAPrefixAndSingle(): Situation {
  const cluster = new Cluster({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const prefix = node.primary.prefix('10.40.15.240/28');
  node.primary.prefix('10.40.15.224/28');
  const held = cluster.pod('shop/web', node, node.primary, { via: 'prefix' });
  const second = node.eni({ dev: 1, by: 'ipamd' });
  second.add(held.ip);
  return {
    source: 'EC2: an address is on one ENI at most; stale answers of two calls (aws/amazon-vpc-cni-k8s#1967)',
    cluster,
    checks: [
      says(`interfaces[id=if:shop/web/eth0].link.certainty`, 'inferred|unknown'),
      says('interfaces[id=if:shop/web/eth0].link.candidates', second.id),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: new RegExp(`${second.id}|${prefix.cidr}`) }],
  };
}

/** Two nodes report one InternalIP: one of them is gone from EC2 or was cloned. */
function oneInternalIp(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const one = cluster.node('n1', subnet);
  const two = cluster.node('n2', subnet, { internalIp: one.primary.ip ?? '' });
  fill(cluster, one, one.primary, 2);
  one.primary.free(7);
  two.primary.free(9);
  return {
    source: 'kubernetes/cloud-provider-aws (InternalIP of the primary ENI)',
    cluster,
    checks: [
      says('findings[rule=duplicate-address][subjects~node:n2]', 'n1'),
      says('findings[rule=duplicate-address][subjects~node:n2]', `EC2: ${one.primary.id} of n1`),
      count('findings[rule=duplicate-address]', 1),
    ],
    sayings: [{ command: 'lookup', words: one.primary.ip ?? '', says: /n1[\s\S]*n2|n2[\s\S]*n1/ }],
  };
}

/** The pod still has the address of the branch ENI that was moved to its successor, and is terminating. */
function terminatingBeside(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const held = cluster.pod('team/pipeline', node, node.primary, { deleting: true, createdAt: '2026-08-26T09:00:00Z' });
  cluster.write('team/ddops', node, [held.ip], { createdAt: '2026-08-31T09:00:00Z' });
  node.primary.free(8);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1091 (IP of pod stuck in Terminating assigned to a new pod)',
    cluster,
    checks: [
      found('findings[rule=duplicate-address]'),
      says('findings[rule=duplicate-address]', 'team/pipeline'),
      says('findings[rule=duplicate-address]', 'team/ddops'),
    ],
    sayings: [
      { command: 'lookup', words: held.ip, says: /team\/pipeline[\s\S]*team\/ddops|team\/ddops[\s\S]*team\/pipeline/ },
    ],
  };
}

/** A pod that goes, and one that came, with one address, within seconds: the sandbox of the first is gone already. */
function handedOver(): Situation {
  const cluster = new Cluster({ env: { IP_COOLDOWN_PERIOD: '0' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const held = cluster.pod('shop/old', node, node.primary, {
    deleting: true,
    ready: false,
    more: {
      status: { containerStatuses: [{ name: 'main', ready: false, state: { terminated: { exitCode: 0 } } }] },
    },
  });
  cluster.write('shop/new', node, [held.ip], { createdAt: '2026-09-01T11:59:50Z' });
  node.primary.free(8);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1091 (a healthy hand-over: kubelet removes the sandbox before the pod object)',
    cluster,
    checks: [none('findings[rule=duplicate-address][severity=error]')],
  };
}

/** The annotation of ANNOTATE_POD_IP and the status of the pod name two addresses. */
function annotatedOtherwise(): Situation {
  const cluster = new Cluster({ env: { ANNOTATE_POD_IP: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  cluster.pod('shop/web', node, node.primary, { annotations: { 'vpc.amazonaws.com/pod-ips': '10.40.0.99' } });
  cluster.pod('shop/gone', node, node.primary, { annotations: { 'vpc.amazonaws.com/pod-ips': '' } });
  node.primary.free(7);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s ANNOTATE_POD_IP (the empty text after DEL; a sandbox that was made anew)',
    cluster,
    checks: quiet,
  };
}

export const contradicting: Readonly<Record<string, () => Situation>> = {
  'sidecar before the container with the limit': sidecarInFront,
  'one branch ENI for two pods': () => branchOfTwo({}, false),
  'one branch ENI for a finished pod and its successor': () => branchOfTwo({ phase: 'Succeeded' }, true),
  'branch ENI of another node': branchOfAnotherNode,
  'address in a prefix and on another ENI': inAPrefixAndSingle,
  'one InternalIP for two nodes': oneInternalIp,
  'address of a pod stuck in Terminating': terminatingBeside,
  'address passed on': handedOver,
  'annotation with an earlier address': annotatedOtherwise,
};
