/**
 * Starts the worker that reads chunks, in a form that the page's bundler recognises. A page in one file starts its own
 * (`client/embedded`).
 */
export const startReader = (): Worker => new Worker(new URL('./chunk-worker.ts', import.meta.url), { type: 'module' });
