/** SecurityGroupPolicy (vpcresources.k8s.aws/v1beta1): which pods get their own branch ENI (vpc-cni §6). */
import { fields, readEach, text } from '../read/guards';
import { labelSelector } from './label-selector';
import { normaliser } from './object';

/** An absent selector is null; pods must match every selector that is present. */
export const normaliseSecurityGroupPolicy = normaliser<'securityGroupPolicy'>((object) => ({
  podSelector: labelSelector(object.spec['podSelector']),
  serviceAccountSelector: labelSelector(object.spec['serviceAccountSelector']),
  groupIds: readEach(fields(object.spec['securityGroups'])['groupIds'], text),
}));
