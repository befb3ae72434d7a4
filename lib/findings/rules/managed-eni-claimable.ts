/**
 * A driver offers ENIs of the VPC CNI to claims (claims §5.3). DRANET leaves out only the link of the main table's default route; the VPC
 * CNI keeps the default routes of its secondary ENIs in other tables.
 */
import { NO_MANAGE_TAG } from '../../model/eni-tags';
import { ENIS, NODES, PODS, RESOURCE_CLAIMS, RESOURCE_SLICES } from '../../model/source-ids';
import { DRANET } from '../guards/claim';
import { enisOf, isPrimary } from '../guards/eni';
import { hasIpamd, isSettled } from '../guards/node';
import { counted, eniPlace, listed, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

const driverOf = (offer: string): string => offer.slice(0, offer.indexOf('/'));

export default defineRule({
  id: 'managed-eni-claimable',
  severity: 'warning',
  scope: 'nodes',
  isSteady: true,
  needs: [NODES, PODS, ENIS, RESOURCE_CLAIMS, RESOURCE_SLICES],
  check(node, context) {
    if (node.devicePools.length === 0 || !hasIpamd(node) || !isSettled(node, context)) return null;
    const offered = enisOf(context, node).filter(
      ({ offeredBy, claimedBy, management }) =>
        offeredBy.length > 0 && claimedBy.length === 0 && management.state === 'managed',
    );
    if (offered.length === 0) return null;
    const drivers = [...new Set(offered.flatMap(({ offeredBy }) => offeredBy.map(driverOf)))].sort();
    const foreign = offered.filter((eni) => eni.creator === 'other' && !isPrimary(eni)).length;
    return {
      subjects: [node.id, ...offered.slice(0, 10).map(({ id }) => id)],
      title: `${drivers.join(', ')} offers ${counted(offered.length, 'ENI', 'ENIs')} of the VPC CNI to claims`,
      detail: `On ${node.name} a claim may get ${listed(offered.map(eniPlace))}. A pod that gets one takes the link away from the host, and every pod with an address on that ENI is cut off.`,
      evidence: [
        `Kubernetes: ResourceSlices list ${listed(offered.flatMap(({ offeredBy }) => offeredBy))}`,
        ...offered
          .slice(0, 3)
          .map(({ id, management, tags }) =>
            tags[NO_MANAGE_TAG] === undefined
              ? `EC2 tag ${NO_MANAGE_TAG} is absent on ${id}; management: managed (${management.rule})`
              : `management of ${id}: managed (${management.rule})`,
          ),
      ],
      advice: `Exclude them ${
        drivers.includes(DRANET) ? 'with --filter of DRANET' : 'in the configuration of the driver'
      } or in the selectors of the DeviceClasses.${
        foreign > 0 && node.cni?.imdsOnly !== true
          ? ' An ENI that is meant for claims needs the tag no_manage=true instead.'
          : ''
      }`,
      command: shell`kubectl get resourceslices --field-selector spec.nodeName=${node.name} -o yaml`,
    };
  },
});
