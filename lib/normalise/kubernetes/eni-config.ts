/** ENIConfig (crd.k8s.amazonaws.com/v1alpha1): subnet and security groups of a node's ENIs under custom networking (vpc-cni §7). */
import { items, readEach, text } from '../read/guards';
import { normaliser } from './object';

/** Whatever prevents ipamd from using the ENIConfig is listed in `problems`. */
export const normaliseEniConfig = normaliser<'eniConfig'>((object) => {
  const groups = object.spec['securityGroups'];
  const problems: string[] = [];
  const subnet = text(object.spec['subnet']);
  if (subnet === null) problems.push('spec.subnet is missing');
  if (groups !== undefined && groups !== null && !Array.isArray(groups)) {
    problems.push('spec.securityGroups is not a list');
  } else if (items(groups).some((group) => text(group) === null)) {
    problems.push('spec.securityGroups holds something that is no security group id');
  }
  return {
    subnet,
    // Absent means the node's own groups; anything but a list prevents ipamd from starting on the node.
    securityGroups:
      groups === undefined || groups === null ? [] : Array.isArray(groups) ? readEach(groups, text) : null,
    problems,
  };
});
