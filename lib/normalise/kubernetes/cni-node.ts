/**
 * CNINode (vpcresources.k8s.aws/v1alpha1): the features that a node requests from the VPC resource controller (vpc-cni
 * §6).
 */
import { objectKey } from '../../model/facts';
import { fields, readEach, text } from '../read/guards';
import type { Keyed } from '../read/keyed';
import { openObject } from './object';

export function normaliseCniNode(value: unknown): Keyed<'cniNode'> | null {
  const object = openObject(value);
  if (object === null) return null;
  const instanceId = text(fields(object.spec['tags'])['node.k8s.amazonaws.com/instance_id']);
  return {
    key: objectKey(object.meta),
    fact: {
      ...object.meta,
      features: readEach(object.spec['features'], (item) => {
        const feature = fields(item);
        const name = text(feature['name']);
        return name === null ? null : { name, value: text(feature['value']) };
      }),
      instanceId: instanceId !== null && /^i-[0-9a-f]+$/.test(instanceId) ? instanceId : null,
    },
  };
}
