/** What schedulers and autoscalers say beside each other, and texts of downgrades. */
import { Cluster } from '../kit/cluster';
import { fill, found, none, OLD, refused, says, silentOn, warning, type Situation } from './situation';

const POD_ENI = 'vpc.amazonaws.com/pod-eni';
const KARPENTER =
  'Failed to schedule pod, incompatible with nodepool "default", daemonset overhead={"cpu":"200m","pods":"4"}, no instance type satisfied resources {"cpu":"1200m","pods":"5","vpc.amazonaws.com/pod-eni":"1"} and requirements karpenter.sh/capacity-type In [spot] (no instance type met all requirements)';

function start(version = 'v1.23.1') {
  const cluster = new Cluster({ env: { ENABLE_POD_ENI: 'true' } });
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { type: 't3.medium', version });
  fill(cluster, node, node.primary, 3);
  node.primary.free(2);
  node.eni({ dev: 1, by: 'ipamd' }).free(5);
  return { cluster, node };
}

/** Karpenter's Event comes after the scheduler's, under the same reason. */
function karpenterSpeaksLast(): Situation {
  const { cluster } = start();
  cluster.write('shop/guarded', null, [], { phase: 'Pending', createdAt: OLD, resources: { [POD_ENI]: '1' } });
  warning(
    cluster,
    'shop/guarded',
    'FailedScheduling',
    `0/1 nodes are available: 1 Insufficient ${POD_ENI}. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`,
    'default-scheduler',
  );
  warning(cluster, 'shop/guarded', 'FailedScheduling', KARPENTER, 'karpenter');
  return {
    source: 'aws/karpenter-provider-aws#1252, #4557 (two Events of one reason)',
    cluster,
    checks: [
      found('findings[subjects~pod:shop/guarded]'),
      says('findings[subjects~pod:shop/guarded]', POD_ENI.replaceAll('.', String.raw`\.`)),
    ],
    sayings: [{ command: 'explain', words: 'guarded address', says: /pod-eni/ }],
  };
}

/** Only Karpenter's Event is left: the scheduler's has expired. */
function karpenterAlone(): Situation {
  const { cluster } = start();
  cluster.write('shop/guarded', null, [], { phase: 'Pending', createdAt: OLD, resources: { [POD_ENI]: '1' } });
  warning(cluster, 'shop/guarded', 'FailedScheduling', KARPENTER, 'karpenter');
  return {
    source: 'aws/karpenter-provider-aws#1252 (Karpenter alone)',
    cluster,
    checks: [
      found('findings[subjects~pod:shop/guarded]'),
      says('findings[subjects~pod:shop/guarded]', POD_ENI.replaceAll('.', String.raw`\.`)),
    ],
    sayings: [{ command: 'explain', words: 'guarded address', says: /no instance type satisfied/ }],
  };
}

/** Karpenter has no instance type with the CPU: no interface is concerned, and no error is made of it. */
function karpenterShortOfCpu(): Situation {
  const { cluster } = start();
  cluster.write('shop/big', null, [], { phase: 'Pending', createdAt: OLD });
  warning(
    cluster,
    'shop/big',
    'FailedScheduling',
    'Failed to schedule pod, incompatible with nodepool "default", daemonset overhead={"cpu":"200m","pods":"4"}, no instance type satisfied resources {"cpu":"999","pods":"5"} and requirements karpenter.sh/capacity-type In [spot] (no instance type has enough resources)',
    'karpenter',
  );
  return {
    source: 'aws/karpenter-provider-aws#1476 (no interface is concerned)',
    cluster,
    checks: [none('findings[severity=error]'), silentOn('findings[subjects~pod:shop/big]', 'address')],
    sayings: [{ command: 'explain', words: 'big address', says: /not scheduled/ }],
  };
}

/** The plugin on the node is of another version than ipamd. */
function otherPluginThanAgent(): Situation {
  const { cluster, node } = start();
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: Error received from AddNetwork gRPC call: rpc error: code = Unimplemented desc = unknown service rpc.CNIBackend',
  );
  return {
    source: 'aws/amazon-vpc-cni-k8s#1265, #486 (downgrade: unknown service)',
    cluster,
    checks: [
      says('findings[subjects~pod:shop/late]', '(?i)unknown service|version'),
      silentOn('findings[subjects~pod:shop/late].advice', 'WARM_|subnet'),
    ],
    sayings: [{ command: 'explain', words: 'late address', says: /unknown service|version/i }],
  };
}

/** The plugin's binary is gone: aws-vpc-cni-init has not copied it. */
function pluginGone(): Situation {
  const { cluster, node } = start();
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(cluster, 'shop/late', 'failed to find plugin "aws-cni" in path [/opt/cni/bin]');
  return {
    source: 'aws/amazon-vpc-cni-k8s#1930, awslabs/amazon-eks-ami#1141 (failed to find plugin)',
    cluster,
    checks: [
      found('findings[rule=plugin-binary-missing]'),
      says('findings[rule=plugin-binary-missing]', 'aws-cni'),
      says('findings[rule=plugin-binary-missing].advice', '(?i)aws-node|aws-vpc-cni-init'),
    ],
    sayings: [{ command: 'explain', words: 'late address', says: /aws-cni/ }],
  };
}

/** A bridge of a former CNI (flannel, kubenet) still has its address. */
function bridgeOfBefore(): Situation {
  const { cluster, node } = start();
  cluster.waiting('shop/late', node, { createdAt: OLD });
  refused(
    cluster,
    'shop/late',
    'plugin type="bridge" failed (add): failed to set bridge addr: "cni0" already has an IP address different from 10.244.3.1/24',
  );
  return {
    source: 'kubernetes/kubernetes#39557 (cni0 already has an IP address)',
    cluster,
    checks: [says('findings[subjects~pod:shop/late]', 'cni0')],
    sayings: [{ command: 'explain', words: 'late address', says: /cni0/ }],
  };
}

export const schedulers: Readonly<Record<string, () => Situation>> = {
  'Karpenter reports last': karpenterSpeaksLast,
  'only Karpenter': karpenterAlone,
  'Karpenter short of CPU': karpenterShortOfCpu,
  'plugin of another version than ipamd': otherPluginThanAgent,
  'missing plugin': pluginGone,
  'bridge of another CNI': bridgeOfBefore,
};
