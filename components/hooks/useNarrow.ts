import { mediaHook } from './media-hook';

/** Whether the window is as narrow as a phone. */
export const useNarrow = mediaHook('(max-width: 640px)');
