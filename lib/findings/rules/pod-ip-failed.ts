/**
 * POD_IP_FAILED (vpc-cni.md §10): a pod waits because no address could be assigned. The error text is the same for every cause, so the
 * finding names the most likely one from the state of its node.
 */
import type { NodeRecord, PodRecord } from '../../model/records';
import { enisOf, nodeOf, poolOf, signalsOf, subnetOf } from '../guards';
import { defineRule, type RuleContext } from '../rule';

interface Cause {
  readonly rule: string | null;
  readonly text: string;
  readonly subjects: readonly string[];
}

function likelyCause(node: NodeRecord, pod: PodRecord, context: RuleContext): Cause {
  const pool = poolOf(node);
  const managed = enisOf(context, node).filter((eni) => eni.management.state === 'managed');
  const dry = managed.map((eni) => subnetOf(context, eni.subnet)).find((subnet) => subnet?.availableAddresses === 0);
  if (pod.nicConfig === 'multi-nic-attachment' && node.cni?.multiNic === false) {
    return { rule: 'multi-nic-no-effect', text: 'it asks for multi-NIC, which is off on this node', subjects: [] };
  }
  if (node.eniConfig?.found === false)
    return {
      rule: 'eniconfig-missing',
      text: `its ENIConfig ${node.eniConfig.name ?? ''} does not exist`,
      subjects: [],
    };
  if (
    signalsOf(context, node.id, 'metric:awscni_aws_api_error_count').some(({ kind, text }) =>
      (kind + text).includes('InsufficientCidrBlocks'),
    )
  ) {
    return { rule: 'prefix-fragmented', text: 'its subnet has no free aligned /28', subjects: [] };
  }
  if (node.unschedulable)
    return { rule: 'cordoned-no-growth', text: 'the node is cordoned, so its pool does not grow', subjects: [] };
  if (node.headroom.limitedBy === 'slots' && node.headroom.pods === 0) {
    return {
      rule: 'node-addresses-full',
      text: 'every slot on every attachable ENI of the node is taken',
      subjects: [],
    };
  }
  if (dry) return { rule: 'subnet-low', text: `subnet ${dry.id} has no free address`, subjects: [dry.id] };
  if (pool !== null && (pool.available ?? 0) > 0 && pool.cooling !== null && pool.cooling >= (pool.available ?? 0)) {
    return { rule: 'cooldown-starved', text: 'the free addresses are cooling', subjects: [] };
  }
  return { rule: null, text: 'ifscope sees no cause in what it knows; the log of aws-node has it', subjects: [] };
}

export default defineRule({
  id: 'pod-ip-failed',
  severity: 'error',
  scope: 'pods',
  needs: ['kubernetes/pods', 'kubernetes/events'],
  check(pod, context) {
    if (pod.ips.length > 0 || pod.hostNetwork || pod.deleting || pod.phase === 'Succeeded' || pod.phase === 'Failed')
      return [];
    const events = signalsOf(context, pod.id, 'FailedCreatePodSandBox').filter(({ text }) =>
      text.includes('failed to assign an IP address to container'),
    );
    const node = nodeOf(context, pod.node);
    const [event] = events;
    if (event === undefined || node === null) return [];
    const cause = likelyCause(node, pod, context);
    return [
      {
        subjects: [pod.id, node.id, ...cause.subjects],
        title: 'Waits: no address could be assigned',
        detail: `${pod.namespace}/${pod.name} cannot start on ${node.name}; most likely because ${cause.text}.`,
        evidence: [
          `event ${event.kind} (seen ${event.count} times): ${event.text}`,
          ...(cause.rule === null ? [] : [`see ${cause.rule}`]),
        ],
        advice: cause.rule === null ? 'Read the log of aws-node on the node.' : `Mend what ${cause.rule} names.`,
        command: `kubectl -n kube-system logs -l k8s-app=aws-node --field-selector spec.nodeName=${node.name} --tail=50`,
        since: event.firstAt,
      },
    ];
  },
});
