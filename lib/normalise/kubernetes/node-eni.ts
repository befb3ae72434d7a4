/** NodeENI (networking.k8s.aws/v1alpha1): ENIs that aws-multi-eni-controller attached to nodes (multus §4.6). */
import { count, fields, readEach, text } from '../read/guards';
import { normaliser } from './object';

/** The attachments in its status that name both a node and an ENI. */
export const normaliseNodeEni = normaliser<'nodeEni'>((object) => ({
  attachments: readEach(object.status['attachments'], (item) => {
    const one = fields(item);
    const node = text(one['nodeID']);
    const eni = text(one['eniID']);
    if (node === null || eni === null) return null;
    return {
      node,
      eni,
      instanceId: text(one['instanceID']),
      deviceIndex: count(one['deviceIndex']),
      subnet: text(one['subnetID']),
    };
  }),
}));
