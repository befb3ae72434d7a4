import { overlay } from './shared/overlay';

export const cilium = overlay('cilium-cni', 'Cilium, routed or in an overlay', { aliases: ['cilium'] });
