/** Starts the collecting thread. Apart, because the bundler makes a file of its own of what `new URL` names. */
import { Worker } from 'node:worker_threads';
import type { ThreadData } from '../thread/run';
import type { LiveFrom } from './from';

export const startThread = (from: LiveFrom, data: ThreadData): Worker =>
  new Worker(new URL('./collecting-thread.ts', import.meta.url), { workerData: { from, ...data } });
