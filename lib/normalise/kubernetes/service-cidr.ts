/** ServiceCIDR (networking.k8s.io): the ranges of Service addresses. GA in Kubernetes 1.33; older clusters set them by a flag. */
import { parseCidr } from '../../model/ip';
import { readEach, text } from '../read/guards';
import { normaliser } from './object';

/** Ranges that cannot be parsed are left out. */
export const normaliseServiceCidr = normaliser<'serviceCidr'>(({ spec }) => ({
  cidrs: readEach(spec['cidrs'], (cidr) => parseCidr(text(cidr) ?? '')?.text ?? null),
}));
