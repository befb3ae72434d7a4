/** Settings of aws-node as people spell them, and where they put them: Go's Atoi and ParseBool decide, and the container that reads them. */
import { Cluster } from '../kit/cluster';
import { ago } from '../kit/node';
import type { Json, NodeSpec } from '../kit/types';
import { fill, is, none, silentOn, type Situation } from './situation';

/** An m5.large with two pods and seven free addresses on its only ENI. */
function withEnv(env: Readonly<Record<string, string>>, checks: Situation['checks'], spec: NodeSpec = {}): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { env, metrics: false, ...spec });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  return { source: 'aws/amazon-vpc-cni-k8s ipamd.go getWarmIPTarget, utils.go (Atoi, ParseBool)', cluster, checks };
}

const pool = (field: string, value: unknown) => is(`nodes[name=n1].pools.0.${field}`, value);
const cni = (field: string, value: unknown) => is(`nodes[name=n1].cni.${field}`, value);

/** aws-node with its containers as they are posted, each with an environment of its own. */
function agent(cluster: Cluster, containers: readonly Json[], init: readonly Json[] = []): void {
  const spec = { hostNetwork: true, nodeName: 'n1', initContainers: init, containers };
  cluster.object({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'kube-system', name: 'aws-node', uid: 'ds-aws-node', creationTimestamp: ago(90_000) },
    spec: { template: { metadata: { labels: { 'k8s-app': 'aws-node' } }, spec } },
  });
  cluster.object({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'kube-system',
      name: 'aws-node-7zk2p',
      uid: 'aws-node-7zk2p',
      labels: { 'k8s-app': 'aws-node' },
      creationTimestamp: ago(90_000),
    },
    spec,
    status: {
      phase: 'Running',
      podIP: '10.40.0.5',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: ago(80_000) }],
    },
  });
}

/** A target on a container that is not ipamd's. */
function onAnotherContainer(which: 'aws-eks-nodeagent' | 'aws-vpc-cni-init'): Situation {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: false, metrics: false });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  const target = [{ name: 'WARM_IP_TARGET', value: '20' }];
  const own = [
    { name: 'ENABLE_IPv4', value: 'true' },
    { name: 'WARM_ENI_TARGET', value: '1' },
  ];
  agent(
    cluster,
    [
      { name: 'aws-node', image: 'eks/amazon-k8s-cni:v1.23.1-eksbuild.1', env: own },
      {
        name: 'aws-eks-nodeagent',
        image: 'eks/aws-network-policy-agent:v1.4.1',
        env: which === 'aws-eks-nodeagent' ? target : [],
      },
    ],
    [
      {
        name: 'aws-vpc-cni-init',
        image: 'eks/amazon-k8s-cni-init:v1.23.1',
        env: which === 'aws-vpc-cni-init' ? target : [],
      },
    ],
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#2294, #1635 (kubectl set env -c)',
    cluster,
    checks: [cni('warmIpTarget', null), cni('warmEniTarget', 1), pool('target', 9)],
    sayings: [{ command: 'explain', words: 'node n1 settings', silentOn: /WARM_IP_TARGET=20/ }],
  };
}

/** The same, with a WARM_IP_TARGET by reference. */
function targetFrom(valueFrom: Json): Cluster {
  const cluster = new Cluster({ daemon: false });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { ipamd: false, metrics: false });
  fill(cluster, node, node.primary, 2);
  node.primary.free(7);
  const env = [
    { name: 'ENABLE_IPv4', value: 'true' },
    { name: 'WARM_IP_TARGET', valueFrom },
  ];
  agent(cluster, [{ name: 'aws-node', image: 'eks/amazon-k8s-cni:v1.23.1-eksbuild.1', env }]);
  return cluster;
}

/** The target stands in a label of aws-node's pod. */
function fromALabel(): Situation {
  const cluster = targetFrom({ fieldRef: { fieldPath: "metadata.labels['cni/warm']" } });
  return {
    source: 'aws/amazon-vpc-cni-k8s#3630; kubelet: a label that is not there is an empty text',
    cluster,
    // The pod has no such label: an empty text, which Atoi refuses.
    checks: [pool('target', 9), pool('low', true)],
  };
}

/** A number that the kubelet takes from the container's own limits: nobody can tell it from here. */
function fromAResource(): Situation {
  const cluster = targetFrom({ resourceFieldRef: { resource: 'limits.cpu' } });
  return {
    source: 'Kubernetes: resourceFieldRef (limits of the container, else what the node has)',
    cluster,
    checks: [
      is('nodes[name=n1].cni.unresolved', ['WARM_IP_TARGET']),
      pool('target', null),
      pool('low', null),
      none('findings[rule=pool-low]'),
    ],
  };
}

export const spelled: Readonly<Record<string, () => Situation>> = {
  'target with a plus sign': () => withEnv({ WARM_IP_TARGET: '+5' }, [cni('warmIpTarget', 5), pool('over', 2)]),
  'target with leading zeros': () => withEnv({ WARM_IP_TARGET: '007' }, [cni('warmIpTarget', 7), pool('low', false)]),
  'warm target with a trailing space': () => withEnv({ WARM_IP_TARGET: '5 ' }, [pool('target', 9), pool('low', true)]),
  'target of 2.0': () => withEnv({ WARM_IP_TARGET: '2.0' }, [pool('target', 9), pool('low', true)]),
  'empty warm ENI target': () => withEnv({ WARM_ENI_TARGET: '' }, [pool('target', 9), pool('low', true)]),
  'MAX_ENI of 0': () =>
    withEnv({ MAX_ENI: '0' }, [is('nodes[name=n1].eniSlots.limit', 3), is('nodes[name=n1].headroom.pods', 25)]),
  'prefix mode by T': () =>
    withEnv({ ENABLE_PREFIX_DELEGATION: 'T', WARM_PREFIX_TARGET: '1' }, [cni('mode', 'prefix'), pool('total', 0)]),
  'prefix mode by yes': () =>
    withEnv({ ENABLE_PREFIX_DELEGATION: 'yes' }, [cni('mode', 'secondary-ip'), pool('total', 9)]),
  'prefix mode by On, mixed addresses': () =>
    withEnv({ ENABLE_PREFIX_DELEGATION: 'On' }, [
      cni('mode', 'secondary-ip'),
      silentOn('findings', 'mixed-address-modes'),
    ]),
  'target on the wrong container: node agent': () => onAnotherContainer('aws-eks-nodeagent'),
  'target on the wrong container: init container': () => onAnotherContainer('aws-vpc-cni-init'),
  'target from a missing label': fromALabel,
  'target from limits': fromAResource,
};
