/** Only the list of Events from `kubectl describe pod` is posted, without the output above it. */
import { Cluster } from '../kit/cluster';
import { fill, OLD, says, silentOn, type Situation } from './situation';

const FULL = 'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container';

/** A full m5.large, and one pod too many. */
function fullNode(...events: readonly string[]): Cluster {
  const cluster = new Cluster();
  const node = cluster.node('n1', cluster.subnet('10.40.0.0/20'), { maxPods: 58 });
  fill(cluster, node, node.primary, 9);
  for (const dev of [1, 2]) fill(cluster, node, node.eni({ dev }), 9);
  cluster.waiting('shop/late', node, { createdAt: OLD });
  cluster.extraFiles.push({
    path: 'post.txt',
    text: `Any pods are stuck in "ContainerCreating" status with below error:

Events:
  Type     Reason                  Age                    From               Message
  ----     ------                  ----                   ----               -------
${events.join('\n')}
`,
  });
  return cluster;
}

const ASSIGNED =
  '  Normal   Scheduled               6h                     default-scheduler  Successfully assigned shop/late to n1';
const FAILED = `  Warning  FailedCreatePodSandBox  2m47s (x1642 over 6h)  kubelet            (combined from similar events): Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "71ef22cd": ${FULL}`;

/** The scheduler's Event names the pod. */
function named(): Situation {
  return {
    source: 'aws/karpenter-provider-aws#7318',
    cluster: fullNode(ASSIGNED, FAILED),
    checks: [
      says('findings[rule=pod-ip-failed].evidence', 'event FailedCreatePodSandBox: failed to assign an IP address'),
      says('findings[rule=pod-ip-failed].detail', 'every slot on every attachable ENI of the node is taken'),
    ],
  };
}

/** Nothing names the object of the Events: they are assigned to no pod, and the file is reported. */
function nameless(): Situation {
  return {
    source: 'aws/karpenter-provider-aws#7318, as it was posted',
    cluster: fullNode(FAILED),
    checks: [
      silentOn('findings[rule=pod-ip-failed].evidence', 'event FailedCreatePodSandBox'),
      says('findings[rule=pod-ip-failed].detail', 'every slot on every attachable ENI of the node is taken'),
      says('sources[id=capture/files].reason', 'post\\.txt.*does not name their object'),
    ],
  };
}

export const listsAlone: Readonly<Record<string, () => Situation>> = {
  'list of Events that names its pod': named,
  'list of Events without a subject': nameless,
};
