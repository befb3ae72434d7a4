/**
 * IAM_MISSING (vpc-cni §6, §10): the CNI itself lacks EC2 permissions. A NotReady aws-node, a symptom of this, does not
 * suppress the finding. A counter whose increase was not seen may be as old as aws-node, so it is reported for ten minutes
 * only.
 */
import { EVENTS, METRICS, NODES } from '../../model/source-ids';
import { isEstablished } from '../guards/node';
import { apiErrors, podSignalsOn, signalsOf } from '../guards/signals';
import { heldAtLeast, MINUTE } from '../guards/time';
import { isSourceLive } from '../rule/trust';
import { counted, listed } from '../guards/words';
import { defineRule } from '../rule/rule';

const MAX_AGE = 10 * MINUTE;

/** The calls without permission, in parentheses with a leading space. */
function refusedOf(apiErrors: Readonly<Record<string, number>>): string {
  const calls = Object.keys(apiErrors)
    .filter((key) => /\/(UnauthorizedOperation|AccessDenied\w*)$/.test(key))
    .map((key) => `ec2:${key.slice(0, key.indexOf('/'))}`);
  return calls.length === 0 ? '' : ` (${listed([...new Set(calls)].sort())})`;
}

export default defineRule({
  id: 'ec2-permission-missing',
  severity: 'error',
  scope: 'nodes',
  needs: [NODES],
  uses: [EVENTS, METRICS],
  check(node, context) {
    if (!isEstablished(node, context)) return null;
    const events = [podSignalsOn, signalsOf].flatMap((of) => of(context, node.id, 'MissingIAMPermissions'));
    const metrics = apiErrors(context, node.id, /UnauthorizedOperation|AccessDenied/);
    const read = isSourceLive(context.read, METRICS);
    const refused = (read ? node.metrics?.refusedCalls : null) ?? 0;
    const isCounted = refused > 0 && heldAtLeast(`refused ${refused}`, true, MAX_AGE, context) === null;
    if (events.length + metrics.length === 0 && !isCounted) return null;
    return {
      subjects: [node.id, ...new Set(events.map(({ subject }) => subject).filter((id) => id !== node.id))],
      title: 'aws-node lacks EC2 permissions',
      detail: `EC2 refuses calls from aws-node on ${node.name} for lack of permissions: until it has them, the node may get no ENIs or addresses.`,
      evidence: [
        ...events.map(({ kind, text }) => `event ${kind}: ${text}`),
        ...metrics.map(({ text }) => `aws-node metrics: ${text}`),
        metrics.length === 0 && isCounted
          ? `aws-node metrics: ${counted(refused, 'call', 'calls')} refused by EC2 for lack of permissions since aws-node started${refusedOf(node.metrics?.apiErrors ?? {})}`
          : null,
      ],
      advice:
        'Attach AmazonEKS_CNI_Policy (in an IPv6 cluster, your own IPv6 policy) to the IAM role of aws-node. If its service account got another role lately, restart aws-node: a pod keeps the role with which it started. If the role has the policy, another one (of the organisation, a permissions boundary, a VPC endpoint) denies the call: CloudTrail names it.',
      command: 'kubectl -n kube-system get serviceaccount aws-node -o yaml',
    };
  },
});
