/** NO_MANAGE_BAD_VALUE (vpc-cni §1.2): only the exact value `true` counts; any other value, or a key that is almost the right one, has no effect. */
import { NO_MANAGE_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { distance } from '../../model/spelling';
import { isCardsOnly, isPrimary } from '../guards/eni';
import { hasIpamd, isEstablished, nodeOf } from '../guards/node';
import { cordon, eniPlace, shell } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Domains of Kubernetes and EKS; a key without a domain may be meant as well. */
const OF_KUBERNETES = /^$|k8s|kubernetes/;

/**
 * Whether the tag was probably meant to keep ipamd off: `no-manage`, `noManage`, `no_manage` under another domain; or
 * `manage`=`false`, which was proposed and never implemented (amazon-vpc-cni-k8s #1606).
 */
function isMeant([key, value]: readonly [key: string, value: string]): boolean {
  const [, domain = '', name = ''] = /^(?:(.*)\/)?([^/]*)$/.exec(key.trim().toLowerCase()) ?? [];
  if (!OF_KUBERNETES.test(domain)) return false;
  const letters = name.replaceAll(/[^a-z]/g, '');
  if (letters === 'manage' || letters === 'managed') return domain !== '' && value.trim().toLowerCase() === 'false';
  return distance(letters, 'nomanage') <= 1 && value !== 'false';
}

/** The mistyped tag, as key and value; null when it is correct or says that ipamd shall manage the ENI. */
function misspelt(tags: Readonly<Record<string, string>>): readonly [key: string, value: string] | null {
  const value = tags[NO_MANAGE_TAG];
  if (value !== undefined) return value === 'true' || value === 'false' ? null : [NO_MANAGE_TAG, value];
  return Object.entries(tags).find(isMeant) ?? null;
}

/**
 * Correct it right away only if no pod uses the ENI: with the tag, aws-node drops the ENI at its next start, and pods lose
 * connectivity.
 */
function remedy(
  eni: Steady<'enis'>,
  node: Steady<'nodes'>,
  isValue: boolean,
  context: RuleContext,
): Pick<Sighting, 'advice' | 'command'> {
  if (isCardsOnly(context, eni, node))
    return {
      advice:
        'Remove the tag: it is the only ENI of its card that ipamd has, and with no_manage=true multi-NIC pods would get no interface there.',
      command: null,
    };
  const what = isValue ? 'set the value to exactly true' : `write the key as ${NO_MANAGE_TAG}, with the value true`;
  const isUsed = context.read.all('interfacesByEni', eni.id).some(({ network }) => network === 'cluster');
  return isUsed
    ? {
        advice: `Pods have addresses on this ENI and would lose them: drain the node first, then ${what}, and restart aws-node there.`,
        command: cordon(node),
      }
    : {
        advice: `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
        command: shell`aws ec2 create-tags --resources ${eni.id} --tags Key=${NO_MANAGE_TAG},Value=true`,
      };
}

export default defineRule({
  id: 'no-manage-bad-value',
  severity: 'warning',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS],
  check(eni, context) {
    // A NotReady aws-node does not suppress the finding: the tag is wrong even then, and somebody may rely on it.
    const node = nodeOf(context, eni.node);
    const wrong = misspelt(eni.tags);
    // If the tag decides nothing (primary ENI, unmanaged card, trunk), its value is not the problem.
    if (node === null || !hasIpamd(node) || !isEstablished(node, context)) return null;
    if (wrong === null || isPrimary(eni) || eni.role === 'trunk') return null;
    // In IMDS-only mode, ipamd reads no tags, so no value would help (§1.2 rule 5).
    if (eni.management.state !== 'managed' || node.cni?.imdsOnly === true) return null;
    const seen = `“${wrong[0]}”=“${wrong[1]}”`;
    return {
      subjects: [eni.id, node.id],
      title: 'The no_manage tag has no effect',
      detail: `${eniPlace(eni)} carries ${seen}. ipamd looks for the key ${NO_MANAGE_TAG} with exactly the value true, so it manages the ENI anyway.`,
      evidence: [`EC2 tag ${seen}`, `management: ${eni.management.state} (${eni.management.rule})`],
      ...remedy(eni, node, wrong[0] === NO_MANAGE_TAG, context),
    };
  },
});
