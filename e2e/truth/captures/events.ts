/**
 * Troubles that Events tell of, one each, in the texts that kubelet, scheduler, Multus, aws-node and the VPC resource controller write
 * (multus §2.4, §6; vpc-cni §6, §10), each event in one of the two shapes that a cluster serves.
 */
import { Cluster } from './kit/cluster';
import { eventObject, type About, type Shape } from './kit/event';
import type { Node } from './kit/node';
import { NETWORKS } from './kit/pod';
import type { Json, PodSpec } from './kit/types';

/** What of it stands without any Event is told by the objects themselves. */
export const WITHOUT_EVENTS: readonly (readonly [rule: string, subject: string])[] = [
  ['network-missing', 'pod:shop/lost'],
  ['pod-eni-stuck', 'pod:shop/branchless'],
  // They have waited for half an hour, which their own state tells.
  ...['refused', 'bare', 'linkless', 'vfless'].map((name) => ['pod-start-failed', `pod:shop/${name}`] as const),
];

function startCapture(shape: Shape) {
  const c = new Cluster({ multus: 'v4.2.2' });
  const s = c.subnet('10.30.0.0/20');
  const said: Json[] = [];
  const node = (name: string, spec = {}): Node => {
    const made = c.node(name, s, { type: 'm5.large', ...spec });
    made.primary.free(6);
    return made;
  };
  const say = (about: About, reason: string, message: string, from: string): void => {
    said.push(eventObject(shape, about, reason, message, from));
  };
  const waits = (name: string, on: Node, spec: PodSpec = {}): About => {
    const uid = `uid-${name}`;
    c.waiting(`shop/${name}`, on, { createdAt: '2026-09-01T11:30:00Z', ...spec, uid });
    return { kind: 'Pod', namespace: 'shop', name, uid };
  };
  const asksFor = (name: string, on: Node, network: string): void => {
    c.interfaces[`if:shop/${name}/net1`] = {
      node: on.id,
      network: `net:shop/${network}`,
      ips: [],
      state: 'requested',
    };
  };
  const sandbox = (error: string): string =>
    `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b2c": ${error}`;
  const kubelet = 'FailedCreatePodSandBox';
  return { c, s, said, node, say, waits, asksFor, sandbox, kubelet };
}

type Capture = ReturnType<typeof startCapture>;

function ofTheKubelet({ c, node, say, waits, asksFor, sandbox, kubelet }: Capture): void {
  const n1 = node('full-1');
  const refused = waits('refused', n1);
  say(
    refused,
    kubelet,
    sandbox('plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container'),
    'kubelet',
  );
  c.finding('pod-ip-failed', 'pod:shop/refused');

  const n2 = node('multus-2');
  const lost = waits('lost', n2, { annotations: { [NETWORKS]: 'nowhere' } });
  asksFor('lost', n2, 'nowhere');
  say(
    lost,
    'NoNetworkFound',
    'cannot find a network-attachment-definition (nowhere) in namespace (shop): network-attachment-definitions.k8s.cni.cncf.io "nowhere" not found',
    'multus',
  );
  c.finding('network-missing', 'pod:shop/lost');

  const n3 = node('bare-3');
  c.nad('shop/bonded', { cniVersion: '0.3.1', name: 'bonded', type: 'bridge', bridge: 'br0' });
  const bare = waits('bare', n3, { annotations: { [NETWORKS]: 'bonded' } });
  asksFor('bare', n3, 'bonded');
  say(
    bare,
    kubelet,
    sandbox(
      'plugin type="multus" name="multus-cni-network" failed (add): [shop/bare:bonded]: error adding container to network "bonded": failed to find plugin "bridge" in path [/opt/cni/bin]',
    ),
    'kubelet',
  );
  c.finding('plugin-binary-missing', n3.id);

  const n4 = node('linkless-4');
  c.nad('shop/fast', {
    cniVersion: '0.3.1',
    name: 'fast',
    type: 'ipvlan',
    master: 'eth9',
    mode: 'l2',
    ipam: { type: 'dhcp' },
  });
  const linkless = waits('linkless', n4, { annotations: { [NETWORKS]: 'fast' } });
  asksFor('linkless', n4, 'fast');
  say(
    linkless,
    kubelet,
    sandbox(
      'plugin type="multus" name="multus-cni-network" failed (add): [shop/linkless:fast]: error adding container to network "fast": failed to lookup master "eth9": Link not found',
    ),
    'kubelet',
  );
  c.finding('parent-interface-missing', 'pod:shop/linkless');
}

function ofTheScheduler({ c, say }: Capture): void {
  c.nad(
    'shop/vfs',
    { cniVersion: '0.3.1', name: 'vfs', type: 'sriov' },
    { 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/sriov' },
  );
  c.write('shop/vfless', null, [], {
    phase: 'Pending',
    uid: 'uid-vfless',
    annotations: { [NETWORKS]: 'vfs' },
    createdAt: '2026-09-01T11:30:00Z',
    resources: { 'intel.com/sriov': '1' },
  });
  say(
    { kind: 'Pod', namespace: 'shop', name: 'vfless', uid: 'uid-vfless' },
    'FailedScheduling',
    '0/6 nodes are available: 6 Insufficient intel.com/sriov. preemption: 0/6 nodes are available: 6 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  c.finding('device-exhausted', 'pod:shop/vfless');
}

function ofControllers({ c, s, said, node, say, waits }: Capture): void {
  const n5 = node('trunk-5', { env: { ENABLE_POD_ENI: 'true' }, capacity: { 'vpc.amazonaws.com/pod-eni': '9' } });
  n5.eni({ dev: 1, type: 'trunk', by: 'controller' }, s);
  c.object({
    apiVersion: 'vpcresources.k8s.aws/v1alpha1',
    kind: 'CNINode',
    metadata: { name: n5.name, uid: 'cn-5' },
    spec: { features: [{ name: 'SecurityGroupsForPods' }] },
  });
  const branchless = waits('branchless', n5, { resources: { 'vpc.amazonaws.com/pod-eni': '1' } });
  say(
    branchless,
    'BranchAllocationFailed',
    'failed to allocate branch ENI to pod: creating network interface, InsufficientFreeAddressesInSubnet',
    'vpc-resource-controller',
  );
  c.finding('pod-eni-stuck', 'pod:shop/branchless');
  // A trunk carries no pods by addresses: the kubelet counts it all the same.
  c.finding('max-pods-too-high', n5.id);

  const n6 = node('denied-6');
  say(
    {
      kind: 'Pod',
      namespace: 'kube-system',
      name: `aws-node-${String(n6.number)}`,
      uid: `uid-aws-node-${String(n6.number)}`,
    },
    'MissingIAMPermissions',
    'Unauthorized operation: failed to call ec2:CreateTags due to missing permissions. Please refer https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/iam-policy.md to attach relevant policy to IAM role',
    'aws-node',
  );
  c.finding('ec2-permission-missing', n6.id);

  c.extraFiles.push({
    path: 'kubernetes/said.json',
    text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: said }),
  });
  c.undecided.push('pool-low', 'warm-pool-waste', 'network-unused');
}

export function events(shape: Shape): Cluster {
  const capture = startCapture(shape);
  ofTheKubelet(capture);
  ofTheScheduler(capture);
  ofControllers(capture);
  return capture.c;
}
