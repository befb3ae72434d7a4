/** Answers to narrower questions than “all of them”: the pods of one node, the nodes of one group, the ENIs of one subnet. */
import { Cluster } from '../kit/cluster';
import type { Json } from '../kit/types';
import { CUSTOM_NETWORKING, eniConfig, fill, found, is, none, silentOn, type Situation } from './situation';

const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];
type Bag = { readonly [key: string]: Json | undefined };
const namespaceOf = (object: Json): Json | undefined => ((object as Bag)['metadata'] as Bag)['namespace'];
const podList = (items: readonly Json[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'PodList', metadata: { resourceVersion: '77' }, items });

/** `kubectl cluster-info dump --all-namespaces`: a list for each namespace, the empty ones too. */
function dumpOfAll(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 3);
  cluster.pod('web/front', node, node.primary);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const pods = cluster.objects.splice(0, cluster.objects.length);
  for (const namespace of ['default', 'kube-node-lease', 'kube-public', 'shop', 'web'])
    cluster.extraFiles.push({
      path: `${namespace}/pods.json`,
      text: podList(pods.filter((pod) => namespaceOf(pod) === namespace)),
    });
  return {
    source: 'posted: kubectl cluster-info dump --all-namespaces --output-directory',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 4),
      is('nodes[name=n1].headroom.pods', 23),
      is('sources[id=kubernetes/pods].partial', false),
      ...CALM,
    ],
  };
}

/** `kubectl get pods -A --field-selector spec.nodeName=n1`: of the other node nobody asked. */
function podsOfOneNode(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const first = cluster.node('n1', subnet);
  const second = cluster.node('n2', subnet, { daemonPods: false, ipamd: false, metrics: false });
  fill(cluster, first, first.primary, 4);
  first.primary.free(5);
  first.eni({ dev: 1, by: 'ipamd' }).free(9);
  second.primary.free(9);
  second.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'posted: kubectl get pods -A --field-selector spec.nodeName=n1 -o yaml',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 4),
      is('nodes[name=n1].headroom.pods', 23),
      is('nodes[name=n2].podCount', null),
      is('nodes[name=n2].headroom.pods', null),
      is(`enis[id=${second.primary.id}].addresses.1.state`, 'unknown'),
      none('findings[rule=warm-pool-waste]'),
      ...CALM,
    ],
    sayings: [{ command: 'lookup', words: second.primary.addresses[0]?.ip ?? '', silentOn: /warm slot/ }],
  };
}

/** `kubectl get nodes -l eks.amazonaws.com/nodegroup=workers`, and the pods of all. */
function nodesOfOneGroup(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const nodes = ['n1', 'n2', 'n3'].map((name) => cluster.node(name, subnet));
  for (const node of nodes) {
    fill(cluster, node, node.primary, 3);
    node.primary.free(6);
    node.eni({ dev: 1, by: 'ipamd' }).free(9);
  }
  cluster.extraFiles.push({
    path: 'kubernetes/nodes.json',
    text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [nodes[0]?.toKubernetes() ?? null] }),
  });
  const [own, other] = nodes;
  return {
    source: 'posted: kubectl get nodes -l eks.amazonaws.com/nodegroup=workers -o yaml',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 3),
      none('findings[severity=error]'),
      found(`interfaces[eni=${own?.primary.id ?? ''}]`),
    ],
    sayings: [
      {
        command: 'lookup',
        words: other?.primary.addresses[0]?.ip ?? '',
        says: new RegExp(other?.primary.id ?? ''),
        silentOn: /leaked|is gone/,
      },
    ],
  };
}

/** `--filters Name=subnet-id,Values=…` of the nodes, under custom networking: the ENIs of pods are in another one. */
function enisOfTheNodesSubnet(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING, withoutEc2: true });
  const nodes = cluster.subnet('10.40.0.0/20');
  const pods = cluster.subnet('100.64.0.0/16');
  eniConfig(cluster, pods.id);
  const all = ['n1', 'n2'].map((name) => cluster.node(name, nodes, { maxPods: 20 }));
  for (const node of all) {
    const eni = node.eni({ dev: 1, by: 'ipamd' }, pods);
    fill(cluster, node, eni, 5);
    eni.free(4);
  }
  cluster.extraFiles.push({
    path: 'ec2/enis.json',
    text: JSON.stringify({ NetworkInterfaces: all.map(({ primary }) => primary.toEc2()) }),
  });
  return {
    source: 'posted: aws ec2 describe-network-interfaces --filters Name=subnet-id,Values=subnet-01',
    cluster,
    checks: [
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[severity=error]'),
      is('nodes[name=n1].headroom.pods', null),
      is('nodes[name=n1].pools.0.total', null),
    ],
  };
}

/** The log of ipamd, saved as text beside the answers. */
function logOfIpamd(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const line = (message: string): string =>
    JSON.stringify({
      level: 'debug',
      ts: '2026-09-01T11:58:00.123Z',
      caller: 'ipamd/ipamd.go:683',
      msg: message,
    });
  cluster.extraFiles.push({
    path: 'ipamd.txt',
    text: `${[
      line('IP pool is too low: available (5) < ENI target (1) * addrsPerENI (9)'),
      line('Starting to increase pool size'),
      line('Successfully increased IP pool, total: 18, assigned: 4'),
    ].join('\n')}\n`,
  });
  return {
    source: 'posted: /var/log/aws-routed-eni/ipamd.log',
    cluster,
    checks: [none('sources[id=capture/files]'), is('nodes[name=n1].pools.0.assigned', 4), ...CALM],
  };
}

/** The log of the plugin, with the answers that it had. */
function logOfThePlugin(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.extraFiles.push({
    path: 'plugin.txt',
    text: [
      '{"level":"info","ts":"2026-09-01T11:58:00.123Z","caller":"routed-eni-cni-plugin/cni.go:125","msg":"Received CNI add request: ContainerID(0a1b) Netns(/var/run/netns/cni-1) IfName(eth0) Args(K8S_POD_NAMESPACE=shop;K8S_POD_NAME=late) Path(/opt/cni/bin) argsStdinData({\\"cniVersion\\":\\"0.4.0\\",\\"mtu\\":\\"9001\\",\\"name\\":\\"aws-cni\\"})"}',
      '{"level":"error","ts":"2026-09-01T11:58:00.200Z","caller":"routed-eni-cni-plugin/cni.go:125","msg":"Failed to assign an IP address to container 0a1b"}',
      '',
    ].join('\n'),
  });
  return {
    source: 'posted: /var/log/aws-routed-eni/plugin.log',
    cluster,
    checks: [none('sources[id=capture/files]'), silentOn('findings', 'late'), ...CALM],
  };
}

export const selections: Readonly<Record<string, () => Situation>> = {
  'dump of all namespaces': dumpOfAll,
  'pods of one node of two': podsOfOneNode,
  'nodes of one group': nodesOfOneGroup,
  'ENIs of the subnet of the nodes': enisOfTheNodesSubnet,
  'log of ipamd as text': logOfIpamd,
  'log of the plugin as text': logOfThePlugin,
};
