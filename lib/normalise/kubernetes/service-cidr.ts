/** ServiceCIDR (networking.k8s.io): where Services get their addresses from. GA in Kubernetes 1.33; older clusters keep it in a flag. */
import { parseCidr } from '../../model/ip';
import { readEach, text } from '../read/guards';
import { normaliser } from './object';

export const normaliseServiceCidr = normaliser<'serviceCidr'>(({ spec }) => ({
  cidrs: readEach(spec['cidrs'], (cidr) => parseCidr(text(cidr) ?? '')?.text ?? null),
}));
