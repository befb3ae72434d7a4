/** What would happen if this advice were followed: max pods, prefix mode, MAX_ENI. */
import { Cluster } from '../kit/cluster';
import { CUSTOM_NETWORKING, eniConfig, fill, NO_ADDRESS, OLD, refused, says, type Situation } from './situation';

/** The kubelet takes 29 pods, and 18 addresses can be there. */
function fewerPods(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16', 'eu-west-1a', { available: 60_000 });
  eniConfig(cluster, pods.id);
  const node = cluster.node('n1', nodes, { type: 'm5.large', maxPods: 29 });
  const second = node.eni({ dev: 1, by: 'ipamd' }, pods);
  fill(cluster, node, second, 5);
  second.free(4);
  node.eni({ dev: 2, by: 'ipamd' }, pods).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#331, awsdocs/amazon-eks-user-guide#72',
    cluster,
    checks: [says('findings[rule=max-pods-too-high][subjects~node:n1]', '\\b20\\b')],
    sayings: [
      {
        command: 'explain',
        words: 'finding f:max-pods-too-high/node:n1 advice',
        // Now nine of those that the scheduler may place there would wait; then none.
        says: /With max-pods=20, n1 could take 13 more pods \(max pods\)[^]*now: the kubelet takes 22 more pods, and 9 of them/,
        silentOn: /then: the kubelet/,
      },
      {
        command: 'explain',
        words: 'node n1 if max-pods=110',
        says: /13 more pods \(address slots\)[^]*then: the kubelet/,
      },
      {
        command: 'explain',
        words: 'node n1 if max-pods=110 prefix-mode=on',
        says: /as a new node with the same pods, n1 could take 103 more pods \(max pods\)/,
      },
      { command: 'explain', words: 'node n1 if MAX_ENI=2', says: /With MAX_ENI=2, n1 could take 13 more pods/ },
      {
        command: 'explain',
        words: 'node n1 if WARM_IP_TARGET=2 max-pods=20',
        says: /then: 7 addresses for pods on 2 ENIs/,
      },
      { command: 'explain', words: 'node n1 if WARM_IP_TARGET=2', says: /ipamd would give back 11 addresses/ },
      { command: 'explain', words: 'node n1 if prefix-mode=maybe', says: /cannot be computed/ },
    ],
  };
}

/** Every slot is taken: prefixes are advised. */
function prefixesInstead(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.large', maxPods: 110 });
  fill(cluster, node, node.primary, 9);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev, by: 'ipamd' }), 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  const says =
    /With prefix-mode=on, as a new node with the same pods, n1 could take 80 more pods \(max pods\) instead of 0/;
  return {
    source: 'aws/containers-roadmap#138 (prefix mode on m5.large)',
    cluster,
    checks: [],
    sayings: [
      { command: 'explain', words: 'finding f:node-addresses-full/node:n1 advice', says },
      { command: 'explain', words: 'finding f:pod-ip-failed/pod:shop/late advice', says },
    ],
  };
}

/** MAX_ENI keeps the node at one of three ENIs. */
function raisedMaxEni(): Situation {
  const cluster = new Cluster({ env: { MAX_ENI: '1' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 'm5.large', maxPods: 29 });
  fill(cluster, node, node.primary, 9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#239, #251',
    cluster,
    checks: [],
    sayings: [
      {
        command: 'explain',
        words: 'finding f:node-addresses-full/node:n1 advice',
        says: /With MAX_ENI=3, n1 could take 18 more pods/,
      },
    ],
  };
}

export const followed: Readonly<Record<string, () => Situation>> = {
  'advice on max pods followed': fewerPods,
  'advice on prefix mode followed': prefixesInstead,
  'advice on MAX_ENI followed': raisedMaxEni,
};
