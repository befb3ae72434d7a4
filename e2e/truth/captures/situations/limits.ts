/** What the kubelet and the scheduler count: finished pods, static pods, pods of the host network, types that carry no trunk. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json } from '../kit/types';
import { count, fill, is, none, OLD, says, silentOn, warning, type Situation } from './situation';

/** A finished Job still says its address, which ipamd gave to the next pod long ago. */
function addressOfAFinishedJob(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  const held = cluster.pod('batch/job-1', node, node.primary, { phase: 'Succeeded' });
  cluster.write('shop/new', node, [held.ip]);
  node.primary.free(8);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1127 (completed pods), kubernetes/kubernetes (status.podIP of Jobs)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 1),
      none('findings[rule=duplicate-address]'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [
      { command: 'lookup', words: held.ip, says: /shop\/new/ },
      { command: 'explain', words: `address ${held.ip} who`, says: /shop\/new/, silentOn: /conflict/i },
    ],
  };
}

/** Finished pods are no pods to the kubelet's limit. */
function finishedPodsAndTheLimit(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 5 });
  cluster.pod('shop/a', node, node.primary);
  for (const name of ['j-1', 'j-2', 'j-3']) cluster.write(`batch/${name}`, node, ['10.40.9.9'], { phase: 'Succeeded' });
  cluster.write('batch/j-4', node, [], { phase: 'Failed', statusReason: 'Error' });
  node.primary.free(8);
  return {
    source: 'kubernetes/kubernetes (NodeResourcesFit counts no terminated pods)',
    cluster,
    checks: [
      // One pod, aws-node and kube-proxy are there.
      is('nodes[name=n1].headroom.pods', 2),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      none('findings[severity=error]'),
    ],
  };
}

/** Pods of the host network take no address, and a place of the kubelet's all the same. */
function hostNetworkPodsCount(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 29 });
  fill(cluster, node, node.primary, 9);
  fill(cluster, node, node.eni({ dev: 1, by: 'ipamd' }), 9);
  const third = node.eni({ dev: 2, by: 'ipamd' });
  fill(cluster, node, third, 3);
  third.free(6);
  for (let at = 0; at < 6; at += 1) cluster.write(`kube-system/agent-${String(at)}`, node, [], { hostNetwork: true });
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    'default-scheduler',
  );
  return {
    source: 'kubernetes/kops#7396, aws/containers-roadmap#2187',
    cluster,
    checks: [
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'max-pods'),
      is('nodes[name=n1].pools.0.available', 6),
      none('findings[rule=max-pods-too-high]'),
      none('findings[rule=node-addresses-full]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /Too many pods/ },
      { command: 'explain', words: 'pod shop/late address', says: /n1 allows 29 pods and runs 29, 8 of them/ },
    ],
  };
}

/** Of several nodes the scheduler says how many are full, and not which. */
function whichNodesAreFull(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  for (const [name, pods, max] of [
    ['full-1', 3, 5],
    ['full-2', 4, 6],
    ['roomy', 1, 29],
  ] as const) {
    const node = cluster.node(name, subnet, {
      maxPods: max,
      ...(name === 'roomy' ? { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] } : {}),
    });
    fill(cluster, node, node.primary, pods);
    node.primary.free(9 - pods);
  }
  cluster.write('shop/late', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'FailedScheduling',
    '0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: db}, 2 Too many pods.',
    'default-scheduler',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1077, kubernetes/autoscaler#1576',
    cluster,
    checks: [is('nodes[name=full-1].headroom.pods', 0), is('nodes[name=roomy].headroom.limitedBy', 'max-pods')],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: /full-1 allows 5 pods and runs 5/ },
      {
        command: 'explain',
        words: 'pod shop/late address',
        says: /full-2 allows 6 pods and runs 6/,
        silentOn: /roomy takes/,
      },
    ],
  };
}

/** The kubelet's own pods, from files: the API has their mirrors. */
function staticPods(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { maxPods: 6 });
  const mirror = { 'kubernetes.io/config.source': 'file', 'kubernetes.io/config.mirror': '0a1b2c' };
  const owner = { kind: 'Node', name: 'n1' };
  const held = cluster.pod('kube-system/cache-n1', node, node.primary, { annotations: mirror, owner });
  cluster.write('kube-system/vip-n1', node, [], { hostNetwork: true, annotations: mirror, owner });
  node.primary.free(8);
  return {
    source: 'kube-vip/kube-vip (static pods), aws/amazon-vpc-cni-k8s (mirror pods)',
    cluster,
    checks: [
      is('interfaces[id=if:kube-system/cache-n1/eth0].eni', node.primary.id),
      is('interfaces[id=if:kube-system/cache-n1/eth0].link.certainty', 'observed'),
      // Two static pods and two of the DaemonSets.
      is('nodes[name=n1].headroom.pods', 2),
      count('findings[severity=error]', 0),
    ],
    sayings: [{ command: 'lookup', words: held.ip, says: /kube-system\/cache-n1/ }],
  };
}

function ofNode(c: Cluster, node: string, reason: string, message: string, from: string): void {
  const event: Json = {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace: 'default', name: `${node}.${reason}`, uid: `ev-${node}-${reason}` },
    involvedObject: { kind: 'Node', name: node, uid: node },
    reason,
    message,
    count: 1,
    firstTimestamp: ago(1500),
    lastTimestamp: ago(1500),
    source: { component: from },
  };
  c.extraFiles.push({ path: `kubernetes/event-${String(c.extraFiles.length)}.json`, text: JSON.stringify(event) });
}

/** A type that the resource controller does not know yet: it says so in an Event of the node, the scheduler says nothing of it. */
function typeWithoutTrunks(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { type: 'r8a.xlarge' });
  node.primary.free(14);
  cluster.write('shop/guarded', null, [], {
    phase: 'Pending',
    createdAt: OLD,
    resources: { 'vpc.amazonaws.com/pod-eni': '1' },
  });
  warning(
    cluster,
    'shop/guarded',
    'FailedScheduling',
    '0/1 nodes are available: 1 Insufficient vpc.amazonaws.com/pod-eni.',
    'default-scheduler',
  );
  ofNode(
    cluster,
    'n1',
    'Unsupported',
    'The instance type r8a.xlarge is not supported yet by the vpc resource controller',
    'vpc-resource-controller',
  );
  return {
    source: 'aws/karpenter-provider-aws#8981',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/guarded]', 'vpc.amazonaws.com/pod-eni'),
      says('findings[subjects~pod:shop/guarded]', 'r8a\\.xlarge'),
      silentOn('findings[subjects~pod:shop/guarded].advice', '(?i)set ENABLE_POD_ENI'),
      silentOn('findings.advice', '(?i)replace the node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/guarded address', says: /r8a\.xlarge is not supported yet/ }],
  };
}

export const limits: Readonly<Record<string, () => Situation>> = {
  'address of a finished Job': addressOfAFinishedJob,
  'finished pods and the limit': finishedPodsAndTheLimit,
  'host network pods count': hostNetworkPodsCount,
  'which nodes are full': whichNodesAreFull,
  'static pods': staticPods,
  'type that the controller does not know': typeWithoutTrunks,
};
