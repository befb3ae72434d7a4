/**
 * A pod has claimed a whole ENI that ipamd still manages (claims §5.2): ipamd may assign other pods addresses of an ENI
 * whose link has left the host. Those pods, and pods that already had its addresses, lose connectivity.
 */
import { NO_MANAGE_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS, RESOURCE_CLAIMS } from '../../model/source-ids';
import { isCardsOnly, isPrimary } from '../guards/eni';
import { settledIpamdNode } from '../guards/node';
import { isLive } from '../guards/pod';
import { counted, eniPlace, listed, nameOf, shell } from '../guards/words';
import { defineRule, type RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Why the tag would not help, to follow “no_manage”; null if it would. */
function tagIsNoHelp(eni: Steady<'enis'>, node: Steady<'nodes'>, context: RuleContext): string | null {
  if (isPrimary(eni)) return 'has no effect on the primary ENI';
  if (eni.role === 'trunk') return 'has no effect on a trunk';
  if (node.cni?.imdsOnly === true) return 'has no effect here, since ipamd reads no tags';
  if (isCardsOnly(context, eni, node)) return 'would leave its card without an ENI for multi-NIC pods';
  return eni.creator === 'ipamd' ? 'would take from the pool an ENI that ipamd made for it' : null;
}

export default defineRule({
  id: 'claimed-eni-managed',
  severity: 'warning',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS, RESOURCE_CLAIMS],
  check(eni, context) {
    if (eni.claimedBy.length === 0 || eni.management.state !== 'managed') return null;
    const node = settledIpamdNode(context, eni.node);
    if (node === null) return null;
    const pods = new Set<string>();
    const owners = new Map<string, string>();
    for (const iface of context.read.each('interfacesByEni', eni.id)) {
      const pod = context.read.one('pods', iface.pod);
      if (pod === null || !isLive(pod)) continue;
      if (iface.network === 'cluster') pods.add(pod.id);
      else if (iface.claim?.whole === true && iface.link.certainty === 'observed') owners.set(iface.id, pod.id);
    }
    const holders = [...new Set(owners.values())].sort();
    if (holders.length === 0) return null;
    const cut = [...pods].sort();
    const noHelp = tagIsNoHelp(eni, node, context);
    return {
      subjects: [eni.id, node.id, ...[...owners.keys()].sort(), ...holders, ...cut.slice(0, 10)],
      severity: isPrimary(eni) || cut.length > 0 ? 'error' : 'warning',
      title: isPrimary(eni)
        ? 'A pod claims the primary ENI of its node'
        : 'ipamd manages an ENI that a pod has claimed',
      detail: `${listed(holders.map(nameOf))} ${holders.length === 1 ? 'has' : 'have'} ${eniPlace(eni)} by a claim, so its link is no longer on the host, while ipamd ${
        cut.length > 0
          ? `has given addresses on it to ${listed(cut.map(nameOf))}, which ${cut.length === 1 ? 'is' : 'are'} cut off`
          : 'may give addresses on it to pods, which would be cut off'
      }.${isPrimary(eni) ? ' The node itself is reached through it.' : ''}`,
      evidence: [
        `EC2 tag ${NO_MANAGE_TAG} ${eni.tags[NO_MANAGE_TAG] === undefined ? 'is absent' : `is “${eni.tags[NO_MANAGE_TAG]}”`}`,
        `management: ${eni.management.state} (${eni.management.rule})`,
        cut.length > 0 ? `${counted(cut.length, 'live pod holds', 'live pods hold')} an eth0 address on it` : null,
      ],
      advice:
        noHelp === null
          ? 'Tag it no_manage=true and restart aws-node on the node.'
          : `Keep it from claims: exclude it in the filter of the driver or in the selectors of the DeviceClass. no_manage ${noHelp}.`,
      command:
        noHelp === null
          ? shell`aws ec2 create-tags --resources ${eni.id} --tags Key=${NO_MANAGE_TAG},Value=true`
          : null,
    };
  },
});
