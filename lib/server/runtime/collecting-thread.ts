/** Entry point of the collecting thread, loaded by `start-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { atLevel, logOptionsFrom } from '../log/options';
import { runCollecting, type ThreadData } from '../thread/run';
import { collectLive } from './collecting';
import type { LiveFrom } from './from';
import { Problem } from './problem';

const { from, ...data } = workerData as ThreadData & { readonly from: LiveFrom };
if (parentPort === null) throw new Error('this file is a thread');
const { level } = logOptionsFrom(process.env);
await runCollecting(
  parentPort,
  data,
  (serving, log) =>
    collectLive(from, {
      serving,
      // Messages below the level are not even sent to the other thread.
      log: atLevel(level, log),
      env: process.env,
    }),
  (error) => (error instanceof Problem ? error : null),
);
