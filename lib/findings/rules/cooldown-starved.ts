/** COOLDOWN_STARVED (vpc-cni.md §2.3, §10): ipamd counts cooling addresses as available, so a pool of them looks full and gives none. */
import { defineRule } from '../rule';
import { hasIpamd, isSettled, poolOf, signalsOf, timeOf } from '../guards';

/** A counter that rose this long ago still speaks of now. Milliseconds. */
const RECENT = 120_000;

export default defineRule({
  id: 'cooldown-starved',
  severity: 'warning',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces'],
  check(node, context) {
    const pool = poolOf(node);
    if (!hasIpamd(node) || !isSettled(node, context) || pool === null || (pool.available ?? 0) <= 0) return [];
    const refused = signalsOf(context, node.id, 'metric:awscni_no_available_ip_addresses').filter((signal) => {
      const at = timeOf(signal.lastAt);
      if (at === null || context.now - at > RECENT) return false;
      context.again(at + RECENT + 1);
      return true;
    });
    const waiting = [...(context.replica.indexes.podsByNode.get(node.id) ?? [])].filter(
      (id) =>
        (context.replica.records.pods.get(id)?.ips.length ?? 1) === 0 &&
        signalsOf(context, id, 'FailedCreatePodSandBox').some(({ text }) =>
          /failed to assign an IP address/.test(text),
        ),
    );
    const allCooling = pool.cooling !== null && pool.cooling >= (pool.available ?? 0);
    if (refused.length === 0 && !(allCooling && waiting.length > 0)) return [];
    return [
      {
        subjects: [node.id, ...waiting.slice(0, 10)],
        title: 'The pool looks free, but its addresses are cooling',
        detail: `ipamd on ${node.name} counts ${pool.available ?? '?'} addresses as available and still found none to hand out: released addresses wait ${
          node.cni?.cooldownSeconds ?? 30
        } s before they are used again.`,
        evidence: [
          ...refused.map((signal) => `aws-node metrics: ${signal.text}`),
          ...(pool.cooling === null
            ? []
            : [`${pool.cooling} of ${pool.available ?? '?'} free addresses were released less than the cooldown ago`]),
          ...(waiting.length === 0 ? [] : [`${waiting.length} pods on the node wait for an address`]),
        ],
        advice: 'It passes by itself within the cooldown. If pods come and go fast here, raise WARM_IP_TARGET.',
      },
    ];
  },
});
