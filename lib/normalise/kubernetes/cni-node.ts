/** CNINode (vpcresources.k8s.aws/v1alpha1): the features that a node requests from the VPC resource controller (vpc-cni §6). */
import { INSTANCE_ID_TAG } from '../../model/eni-tags';
import { fields, readEach, text } from '../read/guards';
import { normaliser } from './object';

/** `instanceId` comes from spec.tags; null if the tag is absent or not an instance id. */
export const normaliseCniNode = normaliser<'cniNode'>((object) => {
  const instanceId = text(fields(object.spec['tags'])[INSTANCE_ID_TAG]);
  return {
    features: readEach(object.spec['features'], (item) => {
      const feature = fields(item);
      const name = text(feature['name']);
      return name === null ? null : { name, value: text(feature['value']) };
    }),
    instanceId: instanceId !== null && /^i-[0-9a-f]+$/.test(instanceId) ? instanceId : null,
  };
});
