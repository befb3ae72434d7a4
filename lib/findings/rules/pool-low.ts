/**
 * The warm pool is below its target for more than three minutes (vpc-cni.md §2.4, with its guards: a cordoned node's pool does
 * not grow by design; a full node is another finding's).
 */
import { defineRule } from '../rule';
import { hasIpamd, isSettled, MINUTE } from '../guards';

const PATIENCE = 3 * MINUTE;

export default defineRule({
  id: 'pool-low',
  severity: 'info',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(node, context) {
    const settled = hasIpamd(node) && isSettled(node, context) && !node.unschedulable;
    return node.pools.flatMap((pool) => {
      const low = settled && pool.low === true;
      const since = context.heldSince(`low ${pool.card}`, low);
      if (!low) return [];
      if (context.now - since < PATIENCE) {
        context.again(since + PATIENCE);
        return [];
      }
      return [
        {
          subjects: [node.id],
          title: `Warm pool of card ${pool.card} below its target`,
          detail: `${pool.available ?? '?'} addresses are free on ${node.name}, the targets ask for ${pool.target ?? 'more'}, and that has not changed for more than three minutes.${
            pool.next?.blockedBy ? ` It cannot grow: ${pool.next.blockedBy}.` : ''
          }`,
          evidence: [
            `total ${pool.total ?? '?'} − assigned ${pool.assigned ?? '?'} = available ${pool.available ?? '?'}`,
            `next by the rules of ipamd: ${pool.next?.action ?? 'not known'} (${pool.next?.reason ?? 'no reason known'})`,
          ],
          advice: pool.next?.blockedBy
            ? 'Remove what blocks it, or place pods elsewhere.'
            : 'Look at the log of aws-node on this node.',
          command: `kubectl -n kube-system logs -l k8s-app=aws-node --field-selector spec.nodeName=${node.name} --tail=50`,
          since: new Date(since).toISOString(),
        },
      ];
    });
  },
});
