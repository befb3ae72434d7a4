import { overlay } from './shared/overlay';

export const calico = overlay('calico', 'Calico, routed from node to node');
