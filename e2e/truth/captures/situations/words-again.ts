/** Messages of nodes and plugins that people posted, and versions of the VPC CNI from before objects that later ones use. */
import { Cluster } from '../kit/cluster';
import {
  fill,
  found,
  is,
  NO_ADDRESS,
  none,
  nodeWarning,
  OLD,
  refused,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** A pod that waits with such a message, on a node with free addresses. */
function waits(
  source: string,
  text: string,
  expected: { readonly says: string; readonly silentOn?: string },
  reason = 'FailedCreatePodSandBox',
): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  if (reason === 'FailedCreatePodSandBox') refused(cluster, 'shop/late', text);
  else warning(cluster, 'shop/late', reason, text, 'kubelet');
  return {
    source,
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', expected.says),
      silentOn('findings[subjects~pod:shop/late]', expected.silentOn ?? 'does not know this message'),
    ],
    sayings: [
      {
        command: 'explain',
        words: 'pod shop/late address',
        says: new RegExp(expected.says),
        silentOn: /address slots|out of addresses/,
      },
    ],
  };
}

/** Before v1.15.0 aws-node asked for a trunk by a label, and there are no CNINodes. */
function trunkByLabel(hasTrunk: boolean): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    version: 'v1.13.4-eksbuild.1',
    maxPods: hasTrunk ? 20 : 29,
    capacity: hasTrunk ? { [POD_ENI]: '9' } : {},
    labels: { 'vpc.amazonaws.com/has-trunk-attached': String(hasTrunk) },
  });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  if (hasTrunk) node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  else node.eni({ dev: 2, by: 'ipamd' }).free(9);
  cluster.extraFiles.push({
    path: 'kubernetes/cninodes.json',
    text: JSON.stringify({ apiVersion: 'vpcresources.k8s.aws/v1alpha1', kind: 'CNINodeList', items: [] }),
  });
  return {
    source: 'aws/amazon-vpc-cni-k8s v1.13 (has-trunk-attached), git 481f2e106',
    cluster,
    checks: hasTrunk
      ? [none('findings[severity=error]'), none('findings[severity=warning]')]
      : [
          found('findings[rule=trunk-missing][subjects~node:n1]'),
          silentOn('findings[rule=trunk-missing]', 'no CNINode'),
        ],
  };
}

/** A webhook or a mesh puts an init container first that needs the network; the pod has its address. */
function waitsForInit(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  const held = node.primary.add();
  node.primary.free(4);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.write('shop/init', node, [held.ip], { phase: 'Pending', createdAt: OLD });
  held.holder = 'if:shop/init/eth0';
  return {
    source: 'posted: Init:0/1 for an hour',
    cluster,
    checks: [
      is('interfaces[id=if:shop/init/eth0].eni', node.primary.id),
      none('findings[severity=error]'),
      none('findings[rule=pod-ip-failed]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/init address', says: new RegExp(`has the address|${held.ip}`) }],
  };
}

/** Max pods of 110 on a t3.medium: the kubelet took seventeen more than there are addresses. */
function tooManyForTheType(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.medium', maxPods: 110 });
  fill(cluster, node, node.primary, 5);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 5);
  for (let at = 0; at < 17; at += 1) {
    cluster.waiting(`shop/late-${String(at)}`, node, { createdAt: OLD });
    refused(cluster, `shop/late-${String(at)}`, NO_ADDRESS);
  }
  return {
    source: 'aws/karpenter-provider-aws#7318 (a smaller type), amazon-vpc-cni-k8s#890',
    cluster,
    checks: [
      says('findings[rule=max-pods-too-high][subjects~node:n1]', '\\b17\\b'),
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'slots'),
    ],
    sayings: [
      { command: 'explain', words: 'node n1 if prefix-mode=on', says: /could take/ },
      { command: 'explain', words: 'pod shop/late-3 address', says: /full|every|slot|all/i },
    ],
  };
}

/** The instance is over one of its allowances, and the agent says so in an Event alone. */
function overAllowance(text: string, advises: string): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  nodeWarning(cluster, 'n1', 'NetworkingReady', text, 'eks-node-monitoring-agent');
  return {
    source: 'aws/eks-node-monitoring-agent pkg/reasons (networking), awsdocs/amazon-eks-user-guide node-health',
    cluster,
    checks: [
      says('findings[subjects~node:n1]', advises),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
  };
}

export const wordsAgain: Readonly<Record<string, () => Situation>> = {
  'bridge of another range': () =>
    waits(
      'kubernetes/kubernetes#76070',
      'plugin type="bridge" failed (add): failed to set bridge addr: "cni0" already has an IP address different from 10.244.1.1/24',
      { says: 'ip link delete cni0' },
    ),
  'bridge of another range, as old kubelets say it': () =>
    waits(
      'kubernetes/kubernetes#76070',
      'NetworkPlugin cni failed to set up pod "late_shop" network: failed to set bridge addr: "cni0" already has an IP address different from 10.244.1.1/24',
      { says: 'cni0' },
    ),
  'aws-cni that crashes behind Cilium': () =>
    waits(
      'aws/amazon-vpc-cni-k8s#2364',
      'plugin type="aws-cni" name="aws-cni" failed (add): netplugin failed: "panic: runtime error: invalid memory address or nil pointer dereference\\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=0x5a4e66]"',
      { says: 'The plugin crashed' },
    ),
  'cancelled call to ipamd': () =>
    waits(
      'aws/amazon-vpc-cni-k8s (AddNetwork, context canceled)',
      'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Canceled desc = context canceled',
      { says: 'ipamd did not answer' },
    ),
  'volume with a token that is not served': () =>
    waits(
      'kubernetes: FailedMount of a projected token',
      'MountVolume.SetUp failed for volume "aws-iam-token" : failed to fetch token: the server could not find the requested resource',
      { says: 'volumes are not mounted', silentOn: 'network-attachment-definitions|CustomResourceDefinition' },
      'FailedMount',
    ),
  'volume without space on its node': () =>
    waits(
      'kubernetes: FailedMount, no space left on device',
      'MountVolume.SetUp failed for volume "cache" : mkdir /var/lib/kubelet/pods/0a1b/volumes/cache: no space left on device',
      { says: 'volumes are not mounted', silentOn: 'sandbox' },
      'FailedMount',
    ),
  'trunk before CNINodes': () => trunkByLabel(true),
  'no trunk before CNINodes': () => trunkByLabel(false),
  'tracked connections over the allowance': () =>
    overAllowance('ConntrackExceeded: Maximum connections exceeded', 'security groups'),
  'link-local packets over the allowance': () =>
    overAllowance('LinkLocalExceeded: LinkLocal packets dropped', 'NodeLocal DNSCache'),
  'waiting init container': waitsForInit,
  'max pods of 110 on a t3.medium': tooManyForTheType,
};
