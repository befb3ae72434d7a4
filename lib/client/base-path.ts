/** The path below which the page is served, `/map`; empty at the root. The server sets it on the root element. */
export const basePath = (): string => document.documentElement.dataset.base ?? '';
