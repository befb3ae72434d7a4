/** Advice to restart aws-node, and the side effects of a restart. */
import { NO_MANAGE_TAG } from '../../model/eni-tags';
import type { NodeRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';
import { enisOf, isPrimary } from './eni';
import { cordon, listed, shell } from './words';

/** Pods of the cluster network on an ENI that is tagged no_manage: when ipamd next reads the tags, it drops their addresses. */
export function podsThatLose(eni: Steady<'enis'>, context: RuleContext): readonly string[] {
  if (isPrimary(eni) || eni.tags[NO_MANAGE_TAG] !== 'true') return [];
  const pods = new Set<string>();
  for (const iface of context.read.each('interfacesByEni', eni.id))
    if (iface.network === 'cluster' && iface.link.certainty === 'observed') pods.add(iface.pod);
  return [...pods].sort();
}

interface Restart {
  /** What to do first, as sentences that end in a space; empty if a restart has no side effects. */
  readonly first: string;
  readonly command: string | null;
}

/** How aws-node is restarted on a node without harm: a new pod has the DaemonSet's settings, and reads the tags of ENIs. */
export function restartOf(node: NodeRecord, context: RuleContext): Restart {
  const refused = node.cni?.refusedNext ?? [];
  if (refused.length > 0)
    return {
      first: `First correct the DaemonSet aws-node: a new pod would not start, because ${refused.join('; ')}. `,
      command: 'kubectl -n kube-system get daemonset aws-node -o yaml',
    };
  const late =
    node.cni?.imdsOnly === true ? [] : enisOf(context, node).filter((eni) => podsThatLose(eni, context).length > 0);
  if (late.length > 0)
    return {
      first: `First drain the node: ${listed(late.map(({ id }) => id))} ${late.length === 1 ? 'is' : 'are'} tagged no_manage=true, and a restart takes the addresses of ${late.length === 1 ? 'its' : 'their'} pods. `,
      command: cordon(node),
    };
  return {
    first: '',
    command: shell`kubectl -n kube-system delete pod -l k8s-app=aws-node --field-selector spec.nodeName=${node.name}`,
  };
}
