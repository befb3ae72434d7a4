/**
 * The EC2 source: five calls, five source records, one worker.
 *
 * - A full read ends with one `replaceAll` batch, valid as of the start of the read. If a page fails, only the state of
 * the record changes. If there are many changes, most of them are sent before that batch, in parts.
 * - The first sweep of network interfaces also sends each page as it arrives. Until the last page its record stays
 * `starting` without an `asOf`, so that interfaces not read yet do not count as gone.
 * - Facts are dropped only if EC2 refuses the action twice in a row.
 */
import { createBatcher, type Batcher } from '../batcher';
import type { Source, SourceContext } from '../source';
import { systemTimers } from '../timers';
import { CALLS } from './calls';
import { Pace } from './pace';
import { EC2_POLICY, type Ec2Policy } from './policy';
import { Projection } from './xml/projection';
import { refuseOthers } from './xml/whole-answers';
import { Ec2Worker, type Ec2SourceOptions } from './worker';

export type { Ec2Policy } from './policy';

/** A source with EC2's additional operations. */
export interface Ec2Source extends Source {
  /** Requests an early read of these instances, because a change on them needs EC2's data. */
  askSoon(instanceIds: readonly string[]): void;
  /** Calls started in the last minute, including retries. */
  readonly callsLastMinute: number;
  /** 1, or the factor by which polling is slower because EC2 throttles. */
  readonly slowdown: number;
}

/** Takes ownership of the client: `stop` destroys it. */
export function createEc2Source(ctx: SourceContext, options: Ec2SourceOptions): Ec2Source {
  const { client, timers = systemTimers } = options;
  const policy: Ec2Policy = { ...EC2_POLICY, ...options.policy };
  const controller = new AbortController();
  const { signal } = controller;
  const pace = new Pace(timers, ctx.now, policy);
  pace.govern(client, signal);
  const projection = new Projection();
  projection.install(client, signal);
  // After the projection, so that it is the inner middleware.
  refuseOthers(client);
  let batcher: Batcher | null = null;
  let worker: Ec2Worker | null = null;
  let running: Promise<void> = Promise.resolve();

  return {
    ids: CALLS.map(({ row }) => row.id),
    start(emit) {
      batcher = createBatcher(ctx, timers, 0, emit);
      worker = new Ec2Worker({ ...options, ctx, batcher, pace, policy, timers, signal, projection });
      running = worker.run().catch((error: unknown) => ctx.log('error', `ec2: ${String(error)}`));
    },
    async stop() {
      batcher?.close();
      controller.abort(new Error('stopped'));
      await running;
      client.destroy();
    },
    askSoon: (instanceIds) => worker?.askSoon(instanceIds),
    get callsLastMinute() {
      return pace.callsLastMinute;
    },
    get slowdown() {
      return pace.slowdown;
    },
  };
}
