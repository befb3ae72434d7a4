/**
 * SUBNET_EXCLUDED (vpc-cni §1.1): an ENI of the CNI is in a subnet that the CNI may not use, so its addresses do not count.
 * ipamd reads these tags since v1.22.0 (cluster tags since v1.22.1), and not under custom networking.
 */
import { ENIS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import { versionBefore } from '../../model/version';
import { settledIpamdNode } from '../guards/node';
import { eniPlace, listed } from '../guards/words';
import { defineRule } from '../rule/rule';
import type { Steady } from '../rule/steady';

const ROLE = 'kubernetes.io/role/cni';
const CLUSTER = 'cni.networking.k8s.aws/cluster/';

/** The tags that exclude the subnet, in words; null without such a tag. */
function exclusion(subnet: Steady<'subnets'>, eni: Steady<'enis'>, node: Steady<'nodes'>): string | null {
  const role = subnet.tags[ROLE] ?? '';
  if (role === '0') return `${ROLE}=0`;
  // ipamd tags each of its ENIs with CLUSTER_NAME, if that is set.
  const own = eni.tags['cluster.k8s.amazonaws.com/name'];
  const clusters = Object.keys(subnet.tags).filter((key) => key.startsWith(CLUSTER));
  if (role === '' || own === undefined || clusters.length === 0 || clusters.includes(CLUSTER + own)) return null;
  return versionBefore(node.cni?.version ?? null, [1, 22, 1]) ? null : listed(clusters.sort());
}

export default defineRule({
  id: 'subnet-excluded',
  severity: 'info',
  scope: 'enis',
  isSteady: true,
  needs: [NODES, PODS, ENIS, SUBNETS],
  check(eni, context) {
    const node = settledIpamdNode(context, eni.node);
    const subnet = context.read.one('subnets', eni.subnet);
    if (node === null || subnet === null || eni.management.state !== 'managed' || eni.role === 'trunk') return null;
    if (node.cni?.customNetworking === true || versionBefore(node.cni?.version ?? null, [1, 22, 0])) return null;
    // Without ENABLE_SUBNET_DISCOVERY, ipamd reads no subnet tags.
    const tags = node.cni?.subnetDiscovery === false ? null : exclusion(subnet, eni, node);
    if (tags === null) return null;
    return {
      subjects: [eni.id, node.id, subnet.id],
      title: 'Is in a subnet that the CNI may not use',
      detail: `${subnet.id} is tagged ${tags}, so ipamd gives pods no more addresses from ${eniPlace(eni)}.`,
      evidence: [`EC2: subnet tag ${tags}`, `EC2: ${eni.id} is in ${subnet.id}`],
      advice: 'Change the tag if pods should use these addresses; otherwise there is nothing to do.',
    };
  },
});
