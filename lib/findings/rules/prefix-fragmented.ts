/** PREFIX_FRAGMENTED (vpc-cni.md §10): prefix mode, pool low for three minutes, addresses free, but no aligned /28 as far as visible. */
import { defineRule } from '../rule';
import { enisOf, hasIpamd, isSettled, MINUTE, poolOf, signalsOf, subnetOf } from '../guards';

const PATIENCE = 3 * MINUTE;

export default defineRule({
  id: 'prefix-fragmented',
  severity: 'warning',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'ec2/network-interfaces', 'ec2/subnets'],
  check(node, context) {
    const pool = poolOf(node);
    const low =
      hasIpamd(node) &&
      node.cni?.mode === 'prefix' &&
      isSettled(node, context) &&
      !node.unschedulable &&
      pool?.low === true;
    const since = context.heldSince('low', low);
    if (!low) return [];
    const refused = signalsOf(context, node.id, 'metric:awscni_aws_api_error_count').filter(({ kind, text }) =>
      (kind + text).includes('InsufficientCidrBlocks'),
    );
    const subnets = new Set(
      enisOf(context, node)
        .filter((eni) => eni.management.state === 'managed')
        .map((eni) => eni.subnet),
    );
    const fragmented = [...subnets]
      .map((id) => subnetOf(context, id))
      .filter(
        (subnet) =>
          subnet !== null &&
          (subnet.availableAddresses ?? 0) >= 16 &&
          (refused.length > 0 || subnet.freePrefixes === 0),
      );
    if (fragmented.length === 0) return [];
    if (refused.length === 0 && context.now - since < PATIENCE) {
      context.again(since + PATIENCE);
      return [];
    }
    return fragmented.flatMap((subnet) =>
      subnet === null
        ? []
        : [
            {
              subjects: [node.id, subnet.id],
              title: 'Addresses are free, but no whole /28',
              detail: `${subnet.id} has ${subnet.availableAddresses ?? '?'} free addresses, yet no free block of 16 on a /28 boundary${
                subnet.freePrefixes === 0 ? ' among the addresses that ifscope can see' : ''
              }. ${node.name} cannot get its next prefix.`,
              evidence: [
                `EC2: AvailableIpAddressCount ${subnet.availableAddresses ?? '?'}, free aligned /28 blocks ${subnet.freePrefixes ?? 'not known'}`,
                ...refused.map((signal) => `aws-node metrics: ${signal.text}`),
              ],
              advice:
                'Reserve whole blocks for prefixes with a subnet CIDR reservation, or use a new subnet for new nodes.',
              command: `aws ec2 create-subnet-cidr-reservation --subnet-id ${subnet.id} --cidr <FREE-RANGE> --reservation-type prefix`,
            },
          ],
    );
  },
});
