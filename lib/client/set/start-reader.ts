/** The worker that reads chunks, as the bundler of the page finds it. A page in one file starts its own (`client/embedded`). */
export const startReader = (): Worker => new Worker(new URL('./chunk-worker.ts', import.meta.url), { type: 'module' });
