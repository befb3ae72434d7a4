import { overlay } from './shared/overlay';

export const weave = overlay('weave-net', 'Weave Net overlay', { aliases: ['weave'] });
