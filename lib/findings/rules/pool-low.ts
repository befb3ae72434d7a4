/**
 * The warm pool has been below its target for more than three minutes (vpc-cni §2.4, with its guards: by design, a cordoned
 * node's pool does not grow). If every slot is taken, ipamd can do nothing more; `node-addresses-full` reports when that
 * matters.
 */
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { hasIpamd, isGrowing, isSettled, isStandstill } from '../guards/node';
import { heldFor, MINUTE } from '../guards/time';
import { awsNodeLog } from '../guards/words';
import { defineRule } from '../rule/rule';

const MIN_DURATION = 3 * MINUTE;

export default defineRule({
  id: 'pool-low',
  severity: 'info',
  scope: 'nodes',
  needs: [NODES, PODS, ENIS],
  check(node, context) {
    if (!hasIpamd(node) || isStandstill(node) || !isSettled(node, context)) return [];
    return node.pools.flatMap((pool) => {
      const since = heldFor(`card ${pool.card}`, isGrowing(pool), MIN_DURATION, context);
      if (since === null) return [];
      const blockedBy = pool.next?.blockedBy ?? null;
      return [
        {
          subjects: [node.id],
          title: `Warm pool of card ${pool.card} below its target`,
          detail: `${pool.available ?? '?'} addresses are free on ${node.name}, the targets require ${pool.target ?? 'more'}, and it has been short of them for more than three minutes.${
            blockedBy === null ? '' : ` It cannot grow: ${blockedBy}.`
          }`,
          evidence: [
            `total ${pool.total ?? '?'} − assigned ${pool.assigned ?? '?'} = available ${pool.available ?? '?'}`,
            `next by the rules of ipamd: ${pool.next?.action ?? 'not known'} (${pool.next?.reason ?? 'no reason known'})`,
          ],
          advice:
            blockedBy === null
              ? 'Check the log of aws-node on this node.'
              : 'Remove what blocks it, or place pods elsewhere.',
          command: awsNodeLog(node.name),
          since: new Date(since).toISOString(),
        },
      ];
    });
  },
});
