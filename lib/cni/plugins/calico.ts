import { overlay } from './shared/overlay';

/** Calico, a cluster network. */
export const calico = overlay('calico', 'Calico, routed from node to node');
