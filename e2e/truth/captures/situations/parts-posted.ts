/** Parts of what the cluster has, as people post them: one namespace, one object, one ENI. Nothing follows from what is missing. */
import { Cluster } from '../kit/cluster';
import { NETWORKS } from '../kit/pod';
import type { Json } from '../kit/types';
import {
  count,
  CUSTOM_NETWORKING,
  eniConfig,
  fill,
  found,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  silentOn,
  warning,
  type Situation,
} from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const CALM = [none('findings[severity=error]'), none('findings[severity=warning]')];
const list = (items: readonly Json[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
type Bag = { readonly [key: string]: Json | undefined };
const isIn = (namespace: string, object: Json): boolean =>
  ((object as Bag)['metadata'] as Bag)['namespace'] === namespace;

/** The pods of one namespace, of many on a full node. */
function podsOfOneNamespace(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const node = cluster.node('n1', subnet, { daemonPods: false, ipamd: false, metrics: false });
  fill(cluster, node, node.primary, 3);
  node.primary.free(6);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  return {
    source: 'posted: kubectl get pods -n shop -o yaml',
    cluster,
    checks: [
      is('sources[id=kubernetes/pods].partial', true),
      says('sources[id=kubernetes/pods].reason', 'namespace shop only'),
      is('nodes[name=n1].podCount', null),
      is('nodes[name=n1].headroom.pods', null),
      is('nodes[name=n1].pools.0.assigned', null),
      is('nodes[name=n1].pools.0.total', 18),
      is(`enis[id=${node.primary.id}].addresses.1.state`, 'assigned'),
      is(`enis[id=${node.primary.id}].addresses.5.state`, 'unknown'),
      ...CALM,
    ],
    sayings: [
      { command: 'explain', words: 'node n1 ipamd', silentOn: /gone/ },
      { command: 'lookup', words: node.primary.addresses[5]?.ip ?? '', says: /kubernetes\/pods is incomplete/ },
    ],
  };
}

/** Those of the namespace and those of kube-system, in two files. */
function twoNamespaces(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { daemonPods: false });
  fill(cluster, node, node.primary, 9);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1' });
  cluster.nad('other/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1' });
  const own = cluster.objects.splice(0, 9);
  cluster.extraFiles.push({ path: 'kubernetes/pods-shop.json', text: list(own) });
  return {
    source: 'posted: kubectl get pods -n kube-system, kubectl get pods -n shop',
    cluster,
    checks: [
      is('sources[id=kubernetes/pods].partial', true),
      says('sources[id=kubernetes/pods].reason', 'kube-system, shop'),
      is('nodes[name=n1].headroom.pods', null),
      is('nodes[name=n1].cni.warmEniTarget', 1),
      none('findings[rule=network-unused]'),
      ...CALM,
    ],
  };
}

/** `kubectl -n kube-system get pods`, and ipamd's own list, which names the pods of all others. */
function listAndSystemPods(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { enisJson: 'per-card' });
  fill(cluster, node, node.primary, 6);
  node.primary.free(3);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  cluster.objects.splice(0, cluster.objects.length);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2892 (posted: kubectl -n kube-system get pods, curl localhost:61679/v1/enis)',
    cluster,
    checks: [is('sources[id=kubernetes/pods].partial', true), none('findings[rule=ipamd-view-differs]'), ...CALM],
  };
}

/** A pod that waits, with its Event, out of a namespace of its own. */
function waitingPodOfOneNamespace(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { daemonPods: false, ipamd: false, metrics: false });
  node.primary.free(9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  cluster.waiting('shop/later', node, { createdAt: OLD });
  refused(cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'posted: kubectl get pods -n shop -o yaml, kubectl get events -n shop',
    cluster,
    checks: [
      found('findings[rule=pod-ip-failed][subjects~pod:shop/late]'),
      silentOn('findings[rule=pod-ip-failed]', '9 (of 9 )?(are )?free|9 free addresses'),
      is('nodes[name=n1].pools.0.available', null),
    ],
  };
}

/** One node by its name, and pods on two. */
function oneNodeOfTwo(): Situation {
  const cluster = new Cluster();
  const subnet = cluster.subnet('10.40.0.0/20');
  const [first, second] = [cluster.node('n1', subnet), cluster.node('n2', subnet)];
  for (const node of [first, second]) fill(cluster, node, node.primary, 2);
  cluster.extraFiles.push(
    { path: 'kubernetes/nodes.json', text: JSON.stringify(first.toKubernetes()) },
    // ipamd of a node that was not posted.
  );
  return {
    source: 'posted: kubectl get node n1 -o yaml, kubectl get pods -A -o yaml',
    cluster,
    checks: [
      is('sources[id=kubernetes/nodes].partial', true),
      count('nodes[name=n2][gone=true]', 0),
      none('findings[severity=error]'),
    ],
  };
}

/** One CNINode of two. */
function oneCniNode(): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const subnet = cluster.subnet('10.40.0.0/20');
  for (const name of ['n1', 'n2']) {
    const node = cluster.node(name, subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
    fill(cluster, node, node.primary, 2);
    node.primary.free(7);
    node.eni({ dev: 1, type: 'trunk', by: 'controller' });
    node.eni({ dev: 2, by: 'ipamd' }).free(9);
  }
  cluster.extraFiles.push({
    path: 'kubernetes/cninode.yaml',
    text: 'apiVersion: vpcresources.k8s.aws/v1alpha1\nkind: CNINode\nmetadata:\n  name: n1\nspec:\n  features:\n  - name: SecurityGroupsForPods\n',
  });
  return {
    source: 'posted: kubectl get cninode n1 -o yaml',
    cluster,
    checks: [is('nodes[name=n1].cniNode.found', true), is('nodes[name=n2].cniNode.found', null), ...CALM],
  };
}

/** One ENIConfig of two zones. */
function oneEniConfig(): Situation {
  const cluster = new Cluster({ env: CUSTOM_NETWORKING });
  const pods = cluster.subnet('100.64.0.0/18');
  const zones = [cluster.subnet('10.40.0.0/20'), cluster.subnet('10.40.16.0/20', 'eu-west-1b')];
  const far = cluster.subnet('100.64.64.0/18', 'eu-west-1b');
  for (const [at, subnet] of zones.entries()) {
    const node = cluster.node(`n${String(at + 1)}`, subnet, { maxPods: 20 });
    const eni = node.eni({ dev: 1, by: 'ipamd', groups: ['sg-0pods'] }, at === 0 ? pods : far);
    fill(cluster, node, eni, 2);
    eni.free(7);
    node.eni({ dev: 2, by: 'ipamd', groups: ['sg-0pods'] }, at === 0 ? pods : far).free(9);
  }
  eniConfig(cluster, pods.id);
  const [config = null] = cluster.objects.splice(cluster.objects.length - 1, 1);
  cluster.extraFiles.push({ path: 'kubernetes/eniconfig.json', text: JSON.stringify(config) });
  return {
    source: 'posted: kubectl get eniconfig eu-west-1a -o yaml',
    cluster,
    checks: [
      is('nodes[name=n1].eniConfig.found', true),
      is('nodes[name=n2].eniConfig.found', null),
      none('findings[rule=eniconfig-missing]'),
      none('findings[severity=error]'),
    ],
  };
}

/** One network of two that the pod asks for. */
function oneNetwork(): Situation {
  const cluster = new Cluster({ multus: 'v4.1.4-eksbuild.3' });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  cluster.nad('shop/lan', { cniVersion: '0.3.1', type: 'macvlan', master: 'eth1' });
  const [nad = null] = cluster.objects.splice(0, 1);
  cluster.extraFiles.push({ path: 'kubernetes/nad.json', text: JSON.stringify(nad) });
  cluster.waiting('shop/web', node, { createdAt: OLD, annotations: { [NETWORKS]: 'lan,storage' } });
  warning(
    cluster,
    'shop/web',
    'FailedCreatePodSandBox',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "0a1b": plugin type="multus" name="multus-cni-network" failed (add): [shop/web/uid:lan]: error adding container to network "lan": failed to create macvlan: device or resource busy',
    'kubelet',
  );
  return {
    source: 'posted: kubectl get net-attach-def lan -o yaml, kubectl get pod web -o yaml',
    cluster,
    checks: [
      none('findings[rule=network-missing]'),
      count('networks[id=net:shop/storage][missing=true]', 0),
      says('findings[subjects~pod:shop/web]', 'device or resource busy'),
    ],
  };
}

/** ENIs by their ids and the instances: the branch ENIs were not asked for. */
function withoutBranches(as: 'list' | 'single'): Situation {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' }, withoutEc2: true });
  const subnet = cluster.subnet('10.40.0.0/20');
  const other = new Cluster();
  const node = cluster.node('n1', subnet, { maxPods: 20, capacity: { [POD_ENI]: '9' } });
  fill(cluster, node, node.primary, 4);
  node.primary.free(5);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const trunk = node.eni({ dev: 2, type: 'trunk', by: 'controller' });
  const branch = other.loose(
    { id: 'eni-0b000000000000001', type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use' },
    subnet,
  );
  const entry = { eniId: branch.id, ifAddress: branch.mac, privateIp: branch.ip, vlanId: 3 };
  cluster.write('prod/db', node, [branch.ip ?? ''], {
    resources: { [POD_ENI]: '1' },
    annotations: { [POD_ENI]: JSON.stringify([{ ...entry, subnetCidr: '10.40.0.0/20' }]) },
  });
  const enis = node.enis.map((eni) => eni.toEc2());
  const [first = null] = enis;
  cluster.extraFiles.push(
    {
      path: 'ec2/eni.json',
      text: JSON.stringify(as === 'single' ? first : { NetworkInterfaces: [first] }),
    },
    {
      path: 'ec2/instances.json',
      text: JSON.stringify({
        Reservations: [
          {
            Instances: [
              {
                InstanceId: node.instance,
                InstanceType: 'm5.large',
                VpcId: subnet.vpc,
                SubnetId: subnet.id,
                State: { Name: 'running' },
                NetworkInterfaces: enis,
              },
            ],
          },
        ],
      }),
    },
    { path: 'ec2/subnets.json', text: JSON.stringify({ Subnets: [subnet.toEc2()] }) },
  );
  return {
    source: 'posted: aws ec2 describe-network-interfaces --network-interface-ids, aws ec2 describe-instances',
    cluster,
    checks: [
      is('sources[id=ec2/network-interfaces].partial', true),
      is('nodes[name=n1].branch.used', null),
      is('nodes[name=n1].eniSlots.used', 3),
      is(`subnets[id=${subnet.id}].heldByCluster`, null),
      none('findings[rule=pod-address-not-on-node]'),
      none('findings[severity=error]'),
    ],
    sayings: [{ command: 'lookup', words: branch.ip ?? '', says: /prod\/db/ }],
  };
}

/** A post saved as it was written, with its fences. */
function savedAsMarkdown(): Situation {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'));
  const held = cluster.pod('shop/a', node, node.primary);
  node.primary.free(8);
  node.eni({ dev: 1, by: 'ipamd' }).free(9);
  const pods = cluster.objects.splice(0, cluster.objects.length).filter((one) => isIn('shop', one));
  cluster.extraFiles.push({
    path: 'issue.md',
    text: `# Pods without addresses\n\nThe pods:\n\n\`\`\`console\n$ kubectl get pods -n shop -o json\n${list(pods)}\n\`\`\`\n\nAny idea?\n`,
  });
  return {
    source: 'posted: an issue saved as Markdown',
    cluster,
    checks: [found('interfaces[id=if:shop/a/eth0]'), is('interfaces[id=if:shop/a/eth0].eni', node.primary.id)],
    sayings: [{ command: 'lookup', words: held.ip, says: /shop\/a/ }],
  };
}

export const partsPosted: Readonly<Record<string, () => Situation>> = {
  'pods of one namespace, and others there': podsOfOneNamespace,
  'pods of two namespaces, each alone': twoNamespaces,
  'pods of kube-system and the list of ipamd': listAndSystemPods,
  'waiting pods of one namespace': waitingPodOfOneNamespace,
  'one node of two': oneNodeOfTwo,
  'one CNINode of two': oneCniNode,
  'one ENIConfig of two': oneEniConfig,
  'one network of two': oneNetwork,
  'one ENI in a list, and branch ENIs': () => withoutBranches('list'),
  'one ENI by itself, and branch ENIs': () => withoutBranches('single'),
  'post saved as Markdown': savedAsMarkdown,
};
