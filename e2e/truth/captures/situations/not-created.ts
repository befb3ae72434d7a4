/** Pods that the API server rejects: only the Events of their workload show it. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import { fill, found, none, says, silentOn, type Situation } from './situation';

function healthy(): Cluster {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  return cluster;
}

/** The controller's Event, as in `kubectl get events -o json`. */
function failedCreate(c: Cluster, kind: string, key: string, message: string, last = 30): void {
  const [namespace = '', name = ''] = key.split('/');
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    type: 'Warning',
    metadata: { namespace, name: `${name}.${String(c.extraFiles.length)}`, uid: `ev-${key}` },
    involvedObject: { kind, namespace, name, apiVersion: 'apps/v1' },
    reason: 'FailedCreate',
    message,
    count: 14,
    firstTimestamp: ago(1_200),
    lastTimestamp: ago(last),
    source: { component: `${kind.toLowerCase()}-controller` },
  };
  c.extraFiles.push({ path: `kubernetes/event-${String(c.extraFiles.length)}.json`, text: JSON.stringify(event) });
}

/** The load balancer controller's pods cannot be reached from the control plane. */
function webhookTimesOut(): Situation {
  const cluster = healthy();
  failedCreate(
    cluster,
    'ReplicaSet',
    'shop/web-5d8f7c9b6d',
    'Error creating: Internal error occurred: failed calling webhook "mpod.elbv2.k8s.aws": failed to call webhook: Post "https://aws-load-balancer-webhook-service.kube-system.svc:443/mutate-v1-pod?timeout=10s": context deadline exceeded',
  );
  return {
    source: 'kubernetes-sigs/aws-load-balancer-controller#2462, linkerd/linkerd2#9672, istio/istio#13840',
    cluster,
    checks: [
      says('findings[subjects~work:shop/ReplicaSet/web-5d8f7c9b6d]', 'context deadline exceeded'),
      says('findings[subjects~work:shop/ReplicaSet/web-5d8f7c9b6d].advice', '(?i)security group'),
      silentOn('findings.advice', 'WARM_|subnet has no'),
    ],
    sayings: [
      { command: 'lookup', words: 'shop/web-5d8f7c9b6d', says: /mpod\.elbv2\.k8s\.aws/ },
      { command: 'lookup', words: 'web', says: /mpod\.elbv2\.k8s\.aws/ },
      { command: 'explain', words: 'pod shop/web-5d8f7c9b6d address', says: /mpod\.elbv2\.k8s\.aws/ },
    ],
  };
}

/** The webhook's pods are in an overlay network: the control plane refuses their address. */
function addressNotAllowed(): Situation {
  const cluster = healthy();
  failedCreate(
    cluster,
    'StatefulSet',
    'data/kafka',
    'create Pod kafka-0 in StatefulSet kafka failed error: Internal error occurred: failed calling webhook "sidecar-injector.istio.io": Post "https://istiod.istio-system.svc:443/inject?timeout=30s": Address is not allowed',
  );
  return {
    source: 'istio/istio#36702, aws/containers-roadmap#1215, cert-manager/cert-manager#3645',
    cluster,
    checks: [
      says('findings[subjects~work:data/StatefulSet/kafka]', 'Address is not allowed'),
      says('findings[subjects~work:data/StatefulSet/kafka].advice', 'hostNetwork'),
      says('findings[subjects~work:data/StatefulSet/kafka]', 'control plane'),
      silentOn('findings[subjects~work:data/StatefulSet/kafka].advice', '(?i)security group'),
    ],
  };
}

/** A quota: not a network fault, and not reported as an error. */
function quota(): Situation {
  const cluster = healthy();
  failedCreate(
    cluster,
    'Job',
    'batch/nightly-28411',
    'Error creating: pods "nightly-28411-x8k2p" is forbidden: exceeded quota: compute, requested: limits.cpu=2, used: limits.cpu=40, limited: limits.cpu=40',
  );
  return {
    source: 'kubernetes/kubernetes#57150, repost.aws (exceeded quota)',
    cluster,
    checks: [
      says('findings[rule=pods-not-created]', 'exceeded quota: compute'),
      none('findings[severity=error]'),
      silentOn('findings.advice', '(?i)security group|WARM_'),
    ],
  };
}

/** aws-node's own pods are rejected on new nodes, because of a quota. */
function agentNotAccepted(): Situation {
  const cluster = healthy();
  failedCreate(
    cluster,
    'DaemonSet',
    'kube-system/aws-node',
    'Error creating: pods "aws-node-" is forbidden: exceeded quota: kube-system-quota, requested: pods=1, used: pods=30, limited: pods=30',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1340 (quota), kubernetes/kubernetes#60596',
    cluster,
    checks: [
      found('findings[rule=pods-not-created][severity=error]'),
      says('findings[rule=pods-not-created]', 'kube-system-quota'),
      says('findings[rule=pods-not-created]', '(?i)new node has no network'),
    ],
    sayings: [{ command: 'lookup', words: 'kube-system/aws-node', says: /kube-system-quota/ }],
  };
}

/** The same Event, and a pod that the controller created a minute later: nothing to report. */
function madeSince(): Situation {
  const cluster = healthy();
  const [node] = cluster.nodes;
  failedCreate(
    cluster,
    'ReplicaSet',
    'shop/web-5d8f7c9b6d',
    'Error creating: Internal error occurred: failed calling webhook "v.kyverno.svc": failed to call webhook: Post "https://kyverno-svc.kyverno.svc:443/mutate": no endpoints available for service "kyverno-svc"',
    600,
  );
  if (node !== undefined)
    cluster.pod('shop/web-5d8f7c9b6d-7xk2p', node, node.primary, {
      createdAt: ago(540),
      owner: { kind: 'ReplicaSet', name: 'web-5d8f7c9b6d' },
    });
  return {
    source: 'kyverno/kyverno#3302 (after its restart)',
    cluster,
    checks: [none('findings[rule=pods-not-created]')],
  };
}

/** As `kubectl get events` prints them. */
function printed(): Situation {
  const cluster = healthy();
  cluster.extraFiles.push({
    path: 'events.txt',
    text: `$ kubectl get events -n shop
LAST SEEN   TYPE      REASON         OBJECT                         MESSAGE
2m          Warning   FailedCreate   replicaset/web-5d8f7c9b6d      Error creating: Internal error occurred: failed calling webhook "mpod.vpc.k8s.aws": failed to call webhook: Post "https://127.0.0.1:9443/mutate-v1-pod?timeout=10s": dial tcp 127.0.0.1:9443: connect: connection refused
`,
  });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#98 (webhook), as posted in a support thread',
    cluster,
    checks: [
      says('findings[rule=pods-not-created]', 'mpod\\.vpc\\.k8s\\.aws'),
      says('findings[rule=pods-not-created]', '(?i)control plane'),
      silentOn('findings[rule=pods-not-created].advice', 'targetPort'),
    ],
    sayings: [{ command: 'lookup', words: 'shop/web-5d8f7c9b6d', says: /mpod\.vpc\.k8s\.aws/ }],
  };
}

/** As `kubectl describe` prints it. */
function described(): Situation {
  const cluster = healthy();
  cluster.extraFiles.push({
    path: 'describe-rs.txt',
    text: `$ kubectl describe rs web-5d8f7c9b6d -n shop
Name:           web-5d8f7c9b6d
Namespace:      shop
Selector:       app=web,pod-template-hash=5d8f7c9b6d
Labels:         app=web
Controlled By:  Deployment/web
Replicas:       0 current / 3 desired
Pods Status:    0 Running / 0 Waiting / 0 Succeeded / 0 Failed
Conditions:
  Type             Status  Reason
  ----             ------  ------
  ReplicaFailure   True    FailedCreate
Events:
  Type     Reason        Age                 From                   Message
  ----     ------        ----                ----                   -------
  Warning  FailedCreate  46s (x16 over 3m)   replicaset-controller  Error creating: pods "web-5d8f7c9b6d-" is forbidden: error looking up service account shop/web: serviceaccount "web" not found
`,
  });
  return {
    source: 'kubernetes/kubernetes#66689 (described)',
    cluster,
    checks: [
      says(
        'findings[rule=pods-not-created]',
        'serviceaccount "web" not found|serviceaccount .{1,4}web.{1,4} not found',
      ),
      none('findings[severity=error]'),
    ],
  };
}

export const notCreated: Readonly<Record<string, () => Situation>> = {
  'webhook that times out': webhookTimesOut,
  'webhook behind an overlay': addressNotAllowed,
  'Job over its quota': quota,
  'aws-node over the quota of its namespace': agentNotAccepted,
  'pod created since the webhook failed': madeSince,
  'FailedCreate as kubectl prints it': printed,
  'FailedCreate as kubectl describes it': described,
};
