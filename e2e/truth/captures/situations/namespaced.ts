/** Lists taken with `-n NAMESPACE`, together with pods of other namespaces. */
import { Cluster } from '../kit/cluster';
import { NETWORKS, STATUS } from '../kit/pod';
import { fill, found, none, OLD, says, type Situation } from './situation';

const CONFIG = JSON.stringify({ cniVersion: '0.3.1', type: 'ipvlan', master: 'eth1', ipam: { type: 'whereabouts' } });

/** `kubectl get net-attach-def -n shop -o json`, in a separate file. */
function withNads(...names: readonly string[]): Cluster {
  const cluster = new Cluster({ multus: 'v4.1.4' });
  cluster.node('n1', cluster.subnet('10.40.0.0/20')).primary.free(7);
  cluster.extraFiles.push({
    path: 'nads.json',
    text: JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: names.map((name) => ({
        apiVersion: 'k8s.cni.cncf.io/v1',
        kind: 'NetworkAttachmentDefinition',
        metadata: { namespace: 'shop', name, uid: name, creationTimestamp: OLD },
        spec: { config: CONFIG },
      })),
    }),
  });
  return cluster;
}

function running(cluster: Cluster, key: string, network: string): void {
  const [node] = cluster.nodes;
  if (node === undefined) return;
  const [namespace = ''] = key.split('/');
  cluster.pod(key, node, node.primary, {
    annotations: {
      [NETWORKS]: network,
      [STATUS]: JSON.stringify([
        { name: `${namespace}/${network}`, interface: 'net1', ips: ['192.168.5.9'], mac: '02:00:00:00:00:09' },
      ]),
    },
  });
}

/** A pod of another namespace runs with its network: the network exists, but is not in the list. */
function onlyAPart(): Situation {
  const cluster = withNads('a', 'b');
  running(cluster, 'core/upf-1', 'n4');
  return {
    source: 'posted with kubectl get net-attach-def -n shop -o json (k8snetworkplumbingwg/multus-cni#1052 and others)',
    cluster,
    checks: [none('findings[rule=network-missing]'), found('interfaces[id=if:core/upf-1/net1]')],
    sayings: [{ command: 'lookup', words: 'core/n4', says: /core\/n4/ }],
  };
}

/** The network is in a different namespace from the pod, the most common mistake. */
function inAnotherNamespace(): Situation {
  const cluster = withNads('n4');
  cluster.write('core/upf-1', cluster.nodes[0] ?? null, [], {
    phase: 'Pending',
    createdAt: OLD,
    annotations: { [NETWORKS]: 'n4' },
  });
  return {
    source: 'k8snetworkplumbingwg/multus-cni#1362 (the namespace of the pod is meant)',
    cluster,
    checks: [
      found('findings[rule=network-missing][subjects~pod:core/upf-1]'),
      says('findings[rule=network-missing].advice', 'shop/n4'),
    ],
  };
}

/** In the listed namespace, a network that is not in the list does not exist. */
function missingInTheListedOne(): Situation {
  const cluster = withNads('a');
  if (cluster.nodes[0] !== undefined) fill(cluster, cluster.nodes[0], cluster.nodes[0].primary, 1);
  cluster.write('shop/web', cluster.nodes[0] ?? null, [], {
    phase: 'Pending',
    createdAt: OLD,
    annotations: { [NETWORKS]: 'bb' },
  });
  return {
    source: 'posted with -n of the same namespace',
    cluster,
    checks: [found('findings[rule=network-missing][subjects~pod:shop/web]')],
  };
}

export const namespaced: Readonly<Record<string, () => Situation>> = {
  'networks of one namespace, a pod of another': onlyAPart,
  'network of another namespace than the pod': inAnotherNamespace,
  'network missing in the namespace that was listed': missingInTheListedOne,
};
