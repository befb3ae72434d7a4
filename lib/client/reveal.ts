/**
 * A request to bring something into view, from a table, the finder or the details panel; the picture handles it once it
 * is on the page. Each new object is a new request, even for the same record.
 */
export type Reveal = { readonly to: 'fit' | 'arrange' } | { readonly to: 'record'; readonly id: string };
