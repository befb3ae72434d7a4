/** Measures how late an idle thread wakes up during a measurement: the machine's own contribution to every block. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The returned function ends the thread and returns its longest delay, in milliseconds. */
export async function idleThread(): Promise<() => Promise<number>> {
  const source = `
    const { parentPort } = require('node:worker_threads');
    const delay = require('node:perf_hooks').monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    parentPort.on('message', () => parentPort.postMessage(Math.max(0, delay.max / 1e6 - 10)));
    parentPort.postMessage(0);`;
  const worker = new Worker(source, { eval: true });
  await once(worker, 'message');
  return async () => {
    const answer = once(worker, 'message');
    worker.postMessage(null);
    const [longest] = (await answer) as [number];
    await worker.terminate();
    return longest;
  };
}
