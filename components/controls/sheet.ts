/** The dialog over the page; one at a time. */
export type Sheet = 'find' | 'keys' | null;
