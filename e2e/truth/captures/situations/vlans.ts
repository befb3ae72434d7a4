/** Trunks and VLANs: two branches of one, a controller that passes a pod over, trunks at work on large types. */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import { ago, type Node } from '../kit/node';
import { found, is, NO_ADDRESS, none, OLD, refused, says, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const quiet = [none('findings[severity=error]'), none('findings[severity=warning]')];

interface Start {
  readonly cluster: Cluster;
  readonly node: Node;
  readonly trunk: Eni;
}

function start(type = 'm5.large', maxPods = 20, limit = '9'): Start {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type, maxPods, capacity: { [POD_ENI]: limit } });
  node.primary.free(node.slots);
  node.eni({ dev: 2, by: 'ipamd' }).free(node.slots);
  const trunk = node.eni({ dev: 1, type: 'trunk', by: 'controller' });
  cluster.object({
    apiVersion: 'vpcresources.k8s.aws/v1alpha1',
    kind: 'CNINode',
    metadata: { name: node.name, uid: 'cn-1' },
    spec: { features: [{ name: 'SecurityGroupsForPods' }] },
  });
  return { cluster, node, trunk };
}

function guarded({ cluster, node, trunk }: Start, key: string, vlan: number): Eni {
  const tags = { 'vpcresources.k8s.aws/vlan-id': String(vlan) };
  const eni = node.eni({ type: 'branch', by: 'controller', trunk: trunk.id, status: 'in-use', tags });
  cluster.write(key, node, [eni.ip ?? ''], {
    resources: { [POD_ENI]: '1' },
    annotations: {
      [POD_ENI]: JSON.stringify([
        { eniId: eni.id, ifAddress: eni.mac, privateIp: eni.ip, vlanId: vlan, subnetCidr: '10.40.0.0/20' },
      ]),
    },
  });
  return eni;
}

/** The controller was restarted and gave a VLAN out twice. */
function oneVlanTwice(): Situation {
  const s = start();
  guarded(s, 'shop/a', 3);
  guarded(s, 'shop/b', 3);
  guarded(s, 'shop/c', 4);
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#13, aws/amazon-vpc-cni-k8s#1644',
    cluster: s.cluster,
    checks: [
      says('findings[rule=branch-vlan-conflict][subjects~node:n1]', '(?s)shop/a.*shop/b'),
      none('findings[rule=branch-vlan-conflict][subjects~pod:shop/c]'),
    ],
    sayings: [{ command: 'explain', words: 'node n1 trunk', says: /3 pods/ }],
  };
}

/** The trunk is there and empty, and the controller never writes the annotation: it has lost the node. */
function passedOver(): Situation {
  const s = start();
  s.cluster.waiting('shop/late', s.node, { createdAt: OLD, resources: { [POD_ENI]: '1' } });
  refused(s.cluster, 'shop/late', NO_ADDRESS);
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#118 (Trunk already exist in cache), aws/amazon-vpc-cni-k8s#3066',
    cluster: s.cluster,
    checks: [
      found('findings[rule=pod-eni-stuck][subjects~pod:shop/late]'),
      says('findings[rule=pod-eni-stuck]', '(?i)0 of (its |the )?9|controller'),
      none('findings[rule=trunk-missing]'),
      is('nodes[name=n1].branch.used', 0),
    ],
    sayings: [{ command: 'explain', words: 'late address', says: /branch ENI|controller/i }],
  };
}

/** p4d.24xlarge carries a trunk on card 0, with 62 branches. */
function trunkOfALargeType(): Situation {
  const s = start('p4d.24xlarge', 688, '62');
  guarded(s, 'ml/a', 1);
  guarded(s, 'ml/b', 2);
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#185 (mended)',
    cluster: s.cluster,
    checks: [...quiet, is('nodes[name=n1].branch.limit', 62), is('nodes[name=n1].branch.used', 2)],
  };
}

/** A pod ends while its branch cools down: it is counted, and not called leaked. */
function coolingBranch(): Situation {
  const s = start();
  guarded(s, 'shop/a', 1);
  s.node.eni({ type: 'branch', by: 'controller', trunk: s.trunk.id, status: 'in-use' });
  s.cluster.write('shop/new', null, [], { phase: 'Pending', createdAt: ago(5), resources: { [POD_ENI]: '1' } });
  return {
    source: 'aws/amazon-vpc-resource-controller-k8s#595 (cooldown of a minute)',
    cluster: s.cluster,
    checks: [...quiet, is('nodes[name=n1].branch.used', 2)],
  };
}

export const vlans: Readonly<Record<string, () => Situation>> = {
  'one VLAN used twice': oneVlanTwice,
  'pod ignored by the controller': passedOver,
  'trunk of a large type': trunkOfALargeType,
  'cooling branch ENI': coolingBranch,
};
