/** The collecting thread: what `start-thread.ts` loads. */
import { parentPort, workerData } from 'node:worker_threads';
import { runCollecting, type ThreadData } from '../thread/run';
import { collectCluster } from './collecting';
import type { ClusterFrom } from './from';
import { Problem } from './problem';

const { from, ...data } = workerData as ThreadData & { readonly from: ClusterFrom };
if (parentPort === null) throw new Error('this file is a thread');
await runCollecting(
  parentPort,
  data,
  (serving, log) => collectCluster(from, { serving, log, env: process.env }),
  (error) => (error instanceof Problem ? error : null),
);
