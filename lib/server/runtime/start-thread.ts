/**
 * Starts the collecting thread. In a file of its own because the bundler emits a separate file for the target of `new
 * URL`.
 */
import { Worker } from 'node:worker_threads';
import type { ThreadData } from '../thread/run';
import type { LiveFrom } from './from';

/** Starts a thread that collects from `from`; `data` is passed to it. */
export const startThread = (from: LiveFrom, data: ThreadData): Worker =>
  new Worker(new URL('./collecting-thread.ts', import.meta.url), { workerData: { from, ...data } });
