/**
 * An ENI without an IPv4 address on a node in IPv4 mode (vpc-cni §9, §10; amazon-vpc-cni-k8s #2386, #3122, #3681): before
 * v1.23.1, ipamd mistakes this for a failed read of the instance metadata and exits, whether or not the ENI is tagged
 * no_manage. A NotReady aws-node, its effect, does not suppress the finding. A running ipamd fails at its next start.
 * Before v1.18.5 the same goes for EFA-only interfaces, which have no address at all (pull request 3047).
 * ipamd needs the primary ENI's IPv4 address in every mode and version (#3654): it reads local-ipv4 first.
 */
import { agentVersion } from '../../model/agent-version';
import { ENIS, NODES, PODS } from '../../model/source-ids';
import { familyOf } from '../../model/ip';
import { versionBefore } from '../../model/version';
import { enisOf, isPrimary } from '../guards/eni';
import { hasIpamd, isEstablished, nodeOf } from '../guards/node';
import { counted, eniPlace, listed } from '../guards/words';
import { defineRule, type RuleContext, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** One finding for all EFA-only interfaces of a node, about the first of them. */
function ofEfaOnly(steady: Steady<'enis'>, node: Steady<'nodes'>, context: RuleContext): Sighting | null {
  const version = agentVersion(node);
  if (steady.instanceId === null || !versionBefore(version, [1, 18, 5])) return null;
  const all = enisOf(context, node).filter(({ role }) => role === 'efa-only');
  if (all[0]?.id !== steady.id) return null;
  const stopped = node.ipamd?.ready === false;
  return {
    subjects: [steady.id, node.id],
    severity: stopped ? 'error' : 'warning',
    title: stopped
      ? 'EFA-only interfaces keep this ipamd from starting'
      : 'ipamd will not start again with EFA-only interfaces',
    detail: `${node.name} has ${counted(all.length, 'EFA-only interface')}, which have no IP address. Before v1.18.5, ipamd takes that for a failed read of the instance metadata and exits. aws-node ${stopped ? 'is not Ready there' : 'runs, but will exit at its next start'}.`,
    evidence: [
      `EC2: ${listed(
        all.map(({ id }) => id),
        4,
      )}: efa-only`,
      `aws-node ${version ?? ''}${stopped ? ', not Ready' : ''}`,
    ],
    advice: 'Upgrade the VPC CNI to v1.18.5 or later, or launch such nodes with interfaces of type efa.',
    command: IMAGE,
  };
}

const IMAGE = 'kubectl -n kube-system get daemonset aws-node -o jsonpath="{.spec.template.spec.containers[*].image}"';

export default defineRule({
  id: 'eni-without-ipv4',
  severity: 'error',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS],
  check(steady, context) {
    const node = nodeOf(context, steady.node);
    if (node === null || !hasIpamd(node) || !isEstablished(node, context)) return null;
    if (steady.role === 'efa-only') return ofEfaOnly(steady, node, context);
    const version = agentVersion(node);
    const stopped = node.ipamd?.ready === false;
    const isFirst = isPrimary(steady);
    if (isFirst ? !stopped : node.cni?.mode === 'ipv6' || !versionBefore(version, [1, 23, 1])) return null;
    if (steady.instanceId === null || steady.role === 'branch' || steady.attachmentStatus === 'detaching') return null;
    const eni = context.read.whole('enis', steady.id);
    if (eni === null || eni.addresses.length === 0 || eni.prefixes.some(({ cidr }) => !cidr.includes(':'))) return null;
    if (eni.addresses.some(({ ip }) => familyOf(ip) === 4)) return null;
    const seen = [
      `EC2: ${eni.addresses.map(({ ip }) => ip).join(', ')} on ${eni.id}, and no IPv4 address`,
      `aws-node ${version ?? ''}${stopped ? ', not Ready' : ''}`,
    ];
    if (isFirst)
      return {
        subjects: [eni.id, node.id],
        title: 'The node has no IPv4 address, and ipamd needs one to start',
        detail: `${eniPlace(eni)}, the primary ENI of ${node.name}, has no IPv4 address. When ipamd starts, it reads the IPv4 address of the instance, in IPv6 clusters as well, and exits without one.`,
        evidence: seen,
        advice:
          'Launch the nodes in subnets with an IPv4 and an IPv6 range: subnets of IPv6 alone do not work with the VPC CNI.',
        command: null,
      };
    return {
      subjects: [eni.id, node.id],
      severity: stopped ? 'error' : 'warning',
      title: stopped
        ? 'This ENI without IPv4 keeps ipamd from starting'
        : 'ipamd will not start again with this ENI without IPv4',
      detail: `${eniPlace(eni)} on ${node.name} has no IPv4 address. Before v1.23.1, ipamd in IPv4 mode takes that for a failed read of the instance metadata and exits; the tag no_manage does not help, because it reads the addresses first. aws-node ${stopped ? 'is not Ready there' : 'runs, but will exit at its next start'}.`,
      evidence: seen,
      advice: 'Upgrade the VPC CNI to v1.23.1 or later, or give the ENI a subnet with IPv4.',
      command: IMAGE,
    };
  },
});
