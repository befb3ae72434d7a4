/** CORDON_NO_GROW (vpc-cni §2.4, §10): by design, the pool of a cordoned node does not grow; DaemonSet pods may have to wait there. */
import { EVENTS, NODES, PODS } from '../../model/source-ids';
import { hasIpamd, isSettled, isStandstill } from '../guards/node';
import { refusalsOn } from '../guards/signals';
import { counted, shell } from '../guards/words';
import { defineRule } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Taints by which an autoscaler announces that it removes the node: if it were uncordoned, it would get pods again. */
const AUTOSCALER_TAINTS =
  /^(karpenter\.sh\/disrupt(ed|ion)|ToBeDeletedByClusterAutoscaler|DeletionCandidateOfClusterAutoscaler|aws-node-termination-handler\/.+|node\.cloudprovider\.kubernetes\.io\/shutdown)$/;
const isLeaving = ({ taints, deleting }: Steady<'nodes'>): boolean =>
  deleting || taints.some(({ key }) => AUTOSCALER_TAINTS.test(key));

export default defineRule({
  id: 'cordoned-no-growth',
  severity: 'info',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS, EVENTS],
  check(node, context) {
    if (!hasIpamd(node) || !isStandstill(node) || !isSettled(node, context)) return null;
    const waiting = refusalsOn(context, node.id, 'no-pod-address').filter(({ pod }) => pod.owner?.kind === 'DaemonSet');
    if (waiting.length === 0) return null;
    return {
      subjects: [node.id, ...waiting.slice(0, 10).map(({ pod }) => pod.id)],
      title: 'Cordoned: its pool does not grow',
      detail: `${node.name} is cordoned, so ipamd adds no addresses, and ${counted(waiting.length, 'DaemonSet pod waits', 'DaemonSet pods wait')} for one.`,
      evidence: [
        'Kubernetes: taint node.kubernetes.io/unschedulable',
        'event FailedCreatePodSandBox: failed to assign an IP address to container',
      ],
      advice: isLeaving(node)
        ? 'The node is being replaced, and its DaemonSet pods go with it: there is nothing to do.'
        : 'Uncordon the node when its work is done; AWS_MANAGE_ENIS_NON_SCHEDULABLE=true on aws-node lets the pools of cordoned nodes grow.',
      command: isLeaving(node) ? null : shell`kubectl uncordon ${node.name}`,
    };
  },
});
