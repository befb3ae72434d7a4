/** SecurityGroupPolicy (vpcresources.k8s.aws/v1beta1): which pods get their own branch ENI (vpc-cni §6). */
import { objectKey } from '../../model/facts';
import { fields, readEach, text } from '../read/guards';
import type { Keyed } from '../read/keyed';
import { labelSelector } from './label-selector';
import { openObject } from './object';

export function normaliseSecurityGroupPolicy(value: unknown): Keyed<'securityGroupPolicy'> | null {
  const object = openObject(value);
  if (object === null) return null;
  return {
    key: objectKey(object.meta),
    fact: {
      ...object.meta,
      podSelector: labelSelector(object.spec['podSelector']),
      serviceAccountSelector: labelSelector(object.spec['serviceAccountSelector']),
      groupIds: readEach(fields(object.spec['securityGroups'])['groupIds'], text),
    },
  };
}
