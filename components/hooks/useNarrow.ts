import { useMedia } from './useMedia';

/** Whether the window is as narrow as a phone. */
export const useNarrow = (): boolean => useMedia('(max-width: 640px)');
