/** Odd ends: trunks that are gone, pools that forgot their pods, an aws-node that is not there, networks asked for in vain. */
import { Cluster } from '../kit/cluster';
import { NETWORKS, STATUS } from '../kit/pod';
import type { Json } from '../kit/types';
import { ipPool, running, start } from './attaching';
import { fill, found, is, none, OLD, says, silentOn, warning, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';

/** The cleaner deleted a trunk that was detached for a moment, and its branches with it. */
function trunkDeleted(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { capacity: { [POD_ENI]: '9' } });
  node.primary.free(9);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.write('shop/guarded', node, ['10.40.9.17'], {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        {
          eniId: 'eni-0deadbranch000001',
          ifAddress: '06:aa:bb:cc:dd:01',
          privateIp: '10.40.9.17',
          vlanId: 1,
          subnetCidr: '10.40.0.0/20',
        },
      ]),
    },
  });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#209',
    cluster,
    checks: [
      found('findings[rule=pod-address-not-on-node][subjects~pod:shop/guarded]'),
      says('findings[subjects~pod:shop/guarded]', 'eni-0deadbranch000001|10\\.40\\.9\\.17'),
    ],
    sayings: [
      { command: 'lookup', words: '10.40.9.17', says: /shop\/guarded/ },
      { command: 'explain', words: 'pod shop/guarded where', says: /EC2 does not list|no ENI|not on/i },
    ],
  };
}

/** whereabouts' pool is empty, its pods are not: the next ones get the same addresses. */
function poolThatForgot(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'whereabouts', range: '192.168.7.0/24' },
  });
  ipPool(cluster, '192.168.7.0-24', '192.168.7.0/24', { '1': 'shop/c' });
  for (const [pod, ip, at] of [
    ['a', '192.168.7.1', 1],
    ['b', '192.168.7.2', 2],
    ['c', '192.168.7.1', 3],
  ] as const)
    running(cluster, `shop/${pod}`, node, 'lan', [
      { name: 'shop/lan', interface: 'net1', ips: [ip], mac: `0a:58:00:00:04:0${String(at)}`, dns: {} },
    ]);
  return {
    source: 'k8snetworkplumbingwg/whereabouts#393, #176, #207',
    cluster,
    checks: [
      says('findings[rule=duplicate-address]', '192\\.168\\.7\\.1'),
      says('findings[rule=ipam-inconsistent]', '192\\.168\\.7\\.2'),
    ],
    sayings: [{ command: 'explain', words: 'address 192.168.7.1 who', says: /shop\/a[\s\S]*shop\/c/ }],
  };
}

/** Auto Mode falls back to single addresses where no /28 is left: nobody can change its settings. */
function autoModeMixed(): Situation {
  const cluster = new Cluster({ daemon: false });
  const subnet = cluster.subnet('10.40.0.0/24', 'eu-west-1a', { available: 40 });
  const node = cluster.node('i-0auto', subnet, {
    ipamd: false,
    maxPods: 27,
    os: 'Bottlerocket (EKS Auto, Standard) 2026.8.1 (aws-k8s-1.34-standard)',
    labels: { 'eks.amazonaws.com/compute-type': 'auto' },
  });
  node.primary.prefix();
  cluster.pod('shop/a', node, node.primary, { via: 'prefix' });
  cluster.pod('shop/b', node, node.primary);
  return {
    source: 'aws/containers-roadmap#2488 (fallback to secondary addresses)',
    cluster,
    checks: [
      none('findings[rule=mixed-address-modes]'),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      is('interfaces[id=if:shop/b/eth0].link.rule', 'secondary-ip'),
      silentOn('findings', '(?i)aws-node|ENABLE_PREFIX'),
    ],
  };
}

/** The DaemonSet's pod is not on this node: nothing sets up a network there. */
function withoutItsAgent(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  cluster.node('n1', subnet).primary.free(9);
  const node = cluster.node('n2', subnet, { ipamd: false, ready: false, metrics: false });
  cluster.waiting('shop/late', node, { createdAt: OLD });
  warning(
    cluster,
    'shop/late',
    'NetworkNotReady',
    'network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
    'kubelet',
  );
  return {
    source: 'aws/karpenter-provider-aws#1391, aws/amazon-vpc-cni-k8s#1278',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', 'cni plugin not initialized'),
      says('findings[subjects~pod:shop/late]', '(?i)no aws-node|aws-node'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /aws-node/ }],
  };
}

/** A pod of the host network asks for networks: no CNI plugin runs for it. */
function onTheHostNetwork(): Situation {
  const { cluster, node } = start();
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'bridge', bridge: 'br0', ipam: {} });
  cluster.write('shop/agent', node, [], { hostNetwork: true, annotations: { [NETWORKS]: 'lan' } });
  return {
    source: 'k8snetworkplumbingwg/multus-cni (hostNetwork pods with networks)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/agent]', '(?i)host network|hostNetwork'),
      none('findings[severity=error]'),
    ],
  };
}

/** A pod's address is another node's own. */
function anotherNodesAddress(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const n1 = cluster.node('n1', subnet);
  const n2 = cluster.node('n2', subnet);
  for (const node of [n1, n2]) {
    node.primary.free(9);
    node.eni({ dev: 1, by: 'ipamd' }).free(9);
  }
  cluster.write('shop/odd', n1, [n2.primary.ip ?? '']);
  return {
    source: 'aws/amazon-vpc-cni-k8s#709, #732',
    cluster,
    checks: [
      found('findings[subjects~pod:shop/odd][severity=error]'),
      says('findings[subjects~pod:shop/odd]', 'n2|' + n2.primary.id),
    ],
    sayings: [{ command: 'lookup', words: n2.primary.ip ?? '', says: /shop\/odd[\s\S]*n2|n2[\s\S]*shop\/odd/ }],
  };
}

/** Pods on their way out still have their addresses. */
function goingPods(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet);
  fill(cluster, node, node.primary, 4);
  const going = cluster.pod('shop/going', node, node.primary, { deleting: true });
  node.primary.free(4);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'aws/amazon-vpc-cni-k8s#1127 (terminating pods)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 5),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
    ],
    sayings: [{ command: 'lookup', words: going.ip, says: /shop\/going/ }],
  };
}

/** The old misspelling of the annotation, as Multus before v4.0.0 writes both. */
function oldAnnotation(both: boolean): Situation {
  const { cluster, node } = start();
  cluster.nad('kube-system/storage', {
    cniVersion: '0.3.1',
    type: 'bridge',
    bridge: 'br0',
    ipam: { type: 'whereabouts', range: '192.168.0.0/16' },
  });
  const held = node.primary.add();
  const status: Json = [
    { name: 'cbr0', interface: 'eth0', ips: [held.ip], mac: 'da:ab:c6:3d:6c:f6', default: true, dns: {} },
    { name: 'kube-system/storage', interface: 'lhnet1', ips: ['192.168.1.2'], mac: '06:7c:1a:c7:45:9f', dns: {} },
  ];
  cluster.write('longhorn/instance-manager', node, [held.ip], {
    annotations: {
      [NETWORKS]: 'kube-system/storage@lhnet1',
      [STATUS.replace('network-status', 'networks-status')]: JSON.stringify(status),
      ...(both ? { [STATUS]: JSON.stringify(status) } : {}),
    },
  });
  return {
    source: 'longhorn/longhorn#6953, #5048, redhat-best-practices-for-k8s/certsuite#1129',
    cluster,
    checks: [
      is('interfaces[id=if:longhorn/instance-manager/lhnet1].ips', ['192.168.1.2']),
      none('findings[rule=network-status-missing]'),
      none('findings[rule=duplicate-address]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: '192.168.1.2', says: /instance-manager/ }],
  };
}

export const odd: Readonly<Record<string, () => Situation>> = {
  'trunk deleted under its pods': trunkDeleted,
  'whereabouts pool that forgot its pods': poolThatForgot,
  'Auto Mode on single addresses, too': autoModeMixed,
  'node without its aws-node': withoutItsAgent,
  'networks on the host network': onTheHostNetwork,
  'address of another node': anotherNodesAddress,
  'pods being deleted': goingPods,
  'old annotation of Multus': () => oldAnnotation(false),
  'both annotations of Multus': () => oldAnnotation(true),
};
