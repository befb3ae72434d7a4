import { overlay } from './shared/overlay';

/** Weave Net, a cluster network. */
export const weave = overlay('weave-net', 'Weave Net overlay', { aliases: ['weave'] });
