/** A collecting thread without sources that follows the orders of a test. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Batch } from '../../../lib/model/observation';
import { Collector } from '../../../lib/server/collect/collector';
import { Problem } from '../../../lib/server/runtime/problem';
import { systemClock } from '../../../lib/server/store/clock';
import { runCollecting, type ThreadData } from '../../../lib/server/thread/run';
import { Engine } from '../../../lib/topology/engine';

export type Order =
  | { readonly is: 'take'; readonly batch: Batch }
  /** Blocks the thread, as an endless loop would. */
  | { readonly is: 'spin'; readonly ms: number }
  | { readonly is: 'throw'; readonly message: string }
  | { readonly is: 'reject'; readonly message: string }
  | { readonly is: 'exit' };

export interface Script extends ThreadData {
  readonly orders: MessagePort;
  /** Ids of the sources that every picture needs. */
  readonly required: readonly string[];
  /** Thrown by `start`: a problem that the user can fix. */
  readonly problem: string | null;
}

const { orders, required, problem, ...data } = workerData as Script;
if (parentPort === null) throw new Error('this file is a thread');
await runCollecting(
  parentPort,
  data,
  (serving) => {
    const collector = new Collector({ engine: new Engine(), findings: null, clock: systemClock, serving });
    const obey = (order: Order): void => {
      switch (order.is) {
        case 'take':
          collector.take(order.batch, () => undefined);
          return;
        case 'spin':
          for (const end = performance.now() + order.ms; performance.now() < end;);
          return;
        case 'throw':
          throw new Error(order.message);
        case 'reject':
          void Promise.reject(new Error(order.message));
          return;
        case 'exit':
          process.exit(3);
      }
    };
    return {
      start() {
        if (problem !== null) return Promise.reject(new Problem('runtime', problem));
        serving.started(required);
        orders.on('message', obey);
        return Promise.resolve();
      },
      settle: () => undefined,
      stop() {
        collector.close();
        return Promise.resolve();
      },
    };
  },
  (error) => (error instanceof Problem ? error : null),
);
