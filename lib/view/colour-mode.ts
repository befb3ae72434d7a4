/** What the colours of the picture mean. */
export const COLOUR_MODES = ['network', 'state', 'fullness', 'findings'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];
