/** Answers of EC2 and Kubernetes that leave something out: a filter, an old CLI, one namespace only. Nothing follows from what was not asked. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Json } from '../kit/types';
import { found, is, none, OLD, type Situation } from './situation';

function enis(c: Cluster, listed: readonly Eni[], project: (eni: Json) => Json = (eni) => eni): void {
  c.extraFiles.push({
    path: 'ec2/network-interfaces.json',
    text: JSON.stringify({ NetworkInterfaces: listed.map((eni) => project(eni.toEc2())) }),
  });
}

/** `--filters Name=attachment.instance-id`: one node's ENIs of two. */
function filteredByInstance(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const n1 = cluster.node('n1', subnet);
  const n2 = cluster.node('n2', subnet);
  for (const node of [n1, n2]) {
    cluster.pod(`shop/on-${node.name}`, node, node.primary);
    node.primary.free(8);
    node.eni({ dev: 1, by: 'ipamd' }).free(9);
  }
  enis(cluster, n1.enis);
  return {
    source: 'aws/amazon-vpc-cni-k8s (posted describe-network-interfaces of one instance)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/on-n1/eth0].eni', n1.primary.id),
      is('interfaces[id=if:shop/on-n2/eth0].eni', null),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[subjects~node:n2][severity=error]'),
      none('findings[subjects~node:n2][severity=warning]'),
      none('findings[rule=ipamd-view-differs]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/on-n2 where', silentOn: /no ENI of (its|the) node has|took .* back/i },
    ],
  };
}

/** `--network-interface-ids`: of one node, the ENI in question and not the others. */
function oneEniOfANode(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  cluster.pod('shop/first', node, node.primary);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  cluster.pod('shop/second', node, second);
  second.free(8);
  enis(cluster, [second]);
  return {
    source: 'aws/amazon-vpc-cni-k8s (posted describe-network-interfaces --network-interface-ids)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/second/eth0].eni', second.id),
      // The node has a primary ENI, which is not among them: the answer is not all there is.
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[severity=error]'),
    ],
  };
}

/** An old CLI: no attachment id, no card, no prefixes, no owner. */
function oldCli(): Situation {
  const cluster = new Cluster({ withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  cluster.pod('shop/a', node, node.primary);
  node.primary.free(8);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  second.free(9);
  const without = (value: Json | undefined, keys: readonly string[]): { readonly [key: string]: Json } =>
    Object.fromEntries(
      Object.entries(value as { readonly [key: string]: Json }).filter(([key]) => !keys.includes(key)),
    );
  enis(cluster, node.enis, (eni) => {
    const rest = without(eni, ['Ipv4Prefixes', 'Ipv6Prefixes', 'OwnerId', 'RequesterManaged', 'InterfaceType']);
    return { ...rest, Attachment: without(rest['Attachment'], ['AttachmentId', 'NetworkCardIndex', 'AttachTime']) };
  });
  return {
    source: 'aws/aws-cli (answers of 2019, posted)',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].eni', node.primary.id),
      is('interfaces[id=if:shop/a/eth0].link.certainty', 'observed'),
      is('nodes[name=n1].pools.0.total', 18),
      is('nodes[name=n1].pools.0.assigned', 1),
      none('findings[severity=error]'),
    ],
  };
}

/** Pods and ENIs, and nobody asked for the nodes. */
function withoutNodes(): Situation {
  const cluster = new Cluster({ withoutEc2: true, daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const other = new Cluster();
  const node = other.node('n1', subnet, { ipamd: false });
  const held = node.primary.add();
  cluster.write('shop/a', node, [held.ip]);
  node.primary.free(3);
  enis(cluster, node.enis);
  cluster.extraFiles.push({
    path: 'capture.json',
    text: JSON.stringify({ takenAt: '2026-09-01T12:00:00Z' }),
  });
  return {
    source: 'posted: kubectl get pods, aws ec2 describe-network-interfaces',
    cluster,
    checks: [none('findings[severity=error]')],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/a[\s\S]*eni-|eni-[\s\S]*shop\/a/ }],
  };
}

/** `kubectl get pods -n shop`: aws-node is not among them, and runs. */
function oneNamespace(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { ipamd: false });
  cluster.pod('shop/a', node, node.primary);
  node.primary.free(8);
  const second = node.eni({ dev: 1, by: 'ipamd' });
  second.free(9);
  return {
    source: 'posted: kubectl get pods -n shop',
    cluster,
    checks: [
      is('interfaces[id=if:shop/a/eth0].eni', node.primary.id),
      is('nodes[name=n1].headroom.pods', null),
      none('findings[severity=error]'),
      none('findings[rule=eni-leaked]'),
    ],
  };
}

/** No provider id, as of a node that no cloud controller has seen: nobody says which instance it is, and nothing is made up. */
function withoutProviderId(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { providerId: null });
  const held = cluster.pod('shop/a', node, node.primary);
  node.primary.free(8);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s (self-managed nodes without a cloud controller)',
    cluster,
    checks: [none('findings[rule=pod-address-not-on-node]'), none('findings[severity=error]')],
    sayings: [{ command: 'lookup', words: held.ip, says: new RegExp(`shop/a[\\s\\S]*${node.primary.id}`) }],
  };
}

/** Two pods of aws-node on a node: one that goes or was evicted, one that runs. */
function twoAgents(gone: 'deleting' | 'evicted'): Situation {
  const cluster = new Cluster({ env: { WARM_IP_TARGET: '4' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { metrics: false });
  cluster.pod('shop/a', node, node.primary);
  node.primary.free(4);
  const old: Json = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'aws-node-0old',
      namespace: 'kube-system',
      uid: 'uid-aws-node-0old',
      creationTimestamp: OLD,
      labels: { 'k8s-app': 'aws-node' },
      ...(gone === 'deleting' ? { deletionTimestamp: '2026-09-01T11:59:40Z' } : {}),
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'aws-node', uid: 'x', controller: true }],
    },
    spec: {
      nodeName: 'n1',
      hostNetwork: true,
      containers: [
        {
          name: 'aws-node',
          image: '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.12.1',
          env: [{ name: 'WARM_IP_TARGET', value: '0' }],
        },
      ],
    },
    status:
      gone === 'deleting'
        ? { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }
        : { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
  };
  cluster.object(old);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2892 (rollout), #294 (evicted)',
    cluster,
    checks: [
      is('nodes[name=n1].cni.warmIpTarget', 4),
      is('nodes[name=n1].ipamd.ready', true),
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.next.action', 'none'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 settings', says: /1\.23\.1/, silentOn: /1\.12\.1/ }],
  };
}

/** A mirrored image by its digest: which version runs is not known. Who sets a variable runs a version that has it. */
function imageByDigest(): Situation {
  const cluster = new Cluster({ env: { ENABLE_MULTI_NIC: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, {
    metrics: false,
    version: 'sha',
    type: 'c6in.32xlarge',
    maxPods: 110,
  });
  cluster.pod('shop/a', node, node.primary);
  node.primary.free(48);
  node.eni({ dev: 1, by: 'ipamd' }).free(49);
  return {
    source: 'aws/amazon-vpc-cni-k8s (images mirrored by digest)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', 98),
      is('nodes[name=n1].cni.multiNic', true),
      none('findings[rule=multi-nic-no-effect]'),
      found('interfaces[id=if:shop/a/eth0]'),
    ],
  };
}

export const partial: Readonly<Record<string, () => Situation>> = {
  'ENIs of one instance of two': filteredByInstance,
  'one ENI of a node': oneEniOfANode,
  'answers of an old CLI': oldCli,
  'pods and ENIs without nodes': withoutNodes,
  'pods of one namespace': oneNamespace,
  'node without a provider id': withoutProviderId,
  'aws-node terminating next to the new one': () => twoAgents('deleting'),
  'aws-node evicted next to the new one': () => twoAgents('evicted'),
  'aws-node by digest': imageByDigest,
};
