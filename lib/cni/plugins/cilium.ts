import { overlay } from './shared/overlay';

/** Cilium, a cluster network. */
export const cilium = overlay('cilium-cni', 'Cilium, routed or in an overlay', { aliases: ['cilium'] });
