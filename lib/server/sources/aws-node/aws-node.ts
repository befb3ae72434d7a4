/**
 * aws-node's own metrics, read through the API server's pod proxy (vpc-cni.md §4.3): the only place that says how many
 * addresses ipamd has assigned per ENI and prefix. Needs `get` on `pods/proxy` in kube-system; not granted is a state, not
 * an error, and then one request a minute finds out when it is.
 *
 * The API server carries every byte: at most ten requests a second, five at once, five seconds each. A node that does not
 * answer keeps its last fact, whose `readAt` is its age. The transport is borrowed; its owner closes it.
 */
import { normaliseMetrics } from '../../../normalise/aws-node/metrics';
import { AWS_NODE_METRICS } from '../../../normalise/aws-node/rows';
import { createBatcher } from '../batcher';
import { createHealth, oneLine } from '../health';
import { removeOf, replaceAllOf, upsertOf } from '../observe';
import type { Source, SourceContext } from '../source';
import { sleep, systemTimers, type Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import { createSchedule, type Target } from './schedule';

export type { Target } from './schedule';

/** What is used of the Kubernetes source's transport. */
export interface PodProxy {
  request(
    path: string,
    query: Readonly<Record<string, string>>,
    options: { readonly signal: AbortSignal; readonly accept: string },
  ): Promise<{
    readonly status: number;
    readonly credentials: number;
    text(most: number): Promise<string>;
    discard(): void;
  }>;
  refresh(credentials: number): void;
}

export interface AwsNodePolicy {
  /** Between two reads of one node. */
  readonly everyMs: number;
  /** Between the beginnings of two requests. */
  readonly gapMs: number;
  readonly atOnce: number;
  readonly deadlineMs: number;
  readonly mostBytes: number;
  /** While refused, and while the API server cannot be reached. */
  readonly deniedMs: number;
  readonly brokenMs: number;
  /** How often it is asked whom to read, when nobody is due. */
  readonly waitMs: number;
  readonly gatherMs: number;
}

export const AWS_NODE_POLICY: AwsNodePolicy = {
  everyMs: 30_000,
  gapMs: 100,
  atOnce: 5,
  deadlineMs: 5_000,
  mostBytes: 4 << 20,
  deniedMs: 30_000,
  brokenMs: 10_000,
  waitMs: 1_000,
  gatherMs: 250,
};

export interface AwsNodeSourceOptions {
  readonly transport: PodProxy;
  /** The nodes to read and their aws-node pods, what is on screen first; null while the pods are not known yet. */
  readonly targets: () => readonly Target[] | null;
  readonly policy?: Partial<AwsNodePolicy>;
  readonly timers?: Timers;
}

const PORT = 61678;
const ROW = AWS_NODE_METRICS;

/** How one read ended. */
type Outcome =
  | { readonly kind: 'read' }
  | { readonly kind: 'denied'; readonly message: string }
  /** The API server itself could not be asked. */
  | { readonly kind: 'broken'; readonly message: string }
  /** This node's aws-node did not answer, or not with metrics. */
  | { readonly kind: 'mute'; readonly message: string };

export function createAwsNodeSource(ctx: SourceContext, options: AwsNodeSourceOptions): Source {
  const { transport, targets, timers = systemTimers } = options;
  const policy: AwsNodePolicy = { ...AWS_NODE_POLICY, ...options.policy };
  const controller = new AbortController();
  const { signal } = controller;
  const stopped = (): boolean => signal.aborted;
  let running: Promise<void> = Promise.resolve();
  let close = (): void => undefined;

  const run = async (batcher: ReturnType<typeof createBatcher>): Promise<void> => {
    const health = createHealth(ROW.id, (status) => batcher.add(status));
    const schedule = createSchedule(policy.everyMs);
    const inFlight = new Set<Promise<void>>();
    /** Nodes whose last read succeeded, and those whose last read did not. */
    const answered = new Set<string>();
    const mute = new Map<string, string>();
    let held = false;
    let refusals = 0;
    let pausedUntil = Number.NEGATIVE_INFINITY;

    const clear = (): void => {
      if (held) batcher.add(replaceAllOf(ROW, []));
      held = false;
      answered.clear();
      mute.clear();
    };
    const read = async ({ node, pod }: Target): Promise<Outcome> => {
      const dog = createWatchdog(timers, signal);
      dog.expect(policy.deadlineMs, 'metrics');
      const began = ctx.now();
      const path = `/api/v1/namespaces/kube-system/pods/${encodeURIComponent(pod)}:${PORT}/proxy/metrics`;
      try {
        const answer = await transport.request(path, {}, { signal: dog.signal, accept: 'text/plain' });
        if (answer.status !== 200) answer.discard();
        if (answer.status === 403)
          return { kind: 'denied', message: 'get on pods/proxy in kube-system is not granted' };
        if (answer.status === 401) {
          transport.refresh(answer.credentials);
          return { kind: 'broken', message: 'HTTP 401: the API server refuses the credentials' };
        }
        if (answer.status !== 200) return { kind: 'mute', message: `HTTP ${answer.status}` };
        const fact = normaliseMetrics(await answer.text(policy.mostBytes), node, new Date(began).toISOString());
        if (fact === null) return { kind: 'mute', message: 'what answers on its port is not ipamd' };
        if (stopped()) return { kind: 'read' };
        batcher.add(upsertOf(ROW, { key: node, fact }));
        held = true;
        health.proved(began);
        return { kind: 'read' };
      } catch (error) {
        const message = oneLine(error instanceof Error ? error.message : String(error));
        // Our own deadline is the node's silence; anything else is the way to the API server.
        return dog.signal.aborted ? { kind: 'mute', message: 'no answer in time' } : { kind: 'broken', message };
      } finally {
        dog.stop();
      }
    };

    /** Whoever waits for `live` (a capture, a snapshot) waits for every node; until then the facts come all the same. */
    let wasComplete = false;
    const isComplete = (): boolean => {
      const isSettled = ({ node }: Target): boolean => answered.has(node) || mute.has(node);
      wasComplete ||= targets()?.every(isSettled) === true;
      return wasComplete;
    };
    const tellHealth = (): void => {
      if (!isComplete() && answered.size > 0) {
        health.become('starting', 'not every node was read yet');
        return;
      }
      const [example] = mute;
      const total = answered.size + mute.size;
      const silent =
        example === undefined ? null : `${mute.size} of ${total} nodes do not answer (${example[0]}: ${example[1]})`;
      if (answered.size > 0) health.become('live', silent);
      else if (silent !== null) health.become(held ? 'stale' : 'failing', silent);
    };
    const settle = (target: Target, outcome: Outcome): void => {
      if (stopped()) return;
      answered.delete(target.node);
      mute.delete(target.node);
      switch (outcome.kind) {
        case 'read':
          refusals = 0;
          answered.add(target.node);
          tellHealth();
          return;
        case 'mute':
          mute.set(target.node, outcome.message);
          tellHealth();
          return;
        case 'denied':
          refusals++;
          pausedUntil = ctx.now() + (held && refusals === 1 ? policy.gapMs : policy.deniedMs);
          if (held && refusals === 1) return;
          clear();
          health.become('denied', outcome.message);
          return;
        case 'broken':
          pausedUntil = ctx.now() + policy.brokenMs;
          health.become(held ? 'stale' : 'failing', outcome.message);
      }
    };

    health.become('starting', null);
    for (;;) {
      if (stopped()) break;
      const wanted = targets();
      if (wanted !== null) {
        for (const node of schedule.forget(wanted)) {
          if (answered.delete(node) || mute.delete(node)) tellHealth();
          batcher.add(removeOf(ROW, node, null));
        }
        if (wanted.length === 0) {
          clear();
          health.become('absent', 'no node runs aws-node');
        }
      }
      // While refused, one request finds out; five would be five refusals.
      const atOnce = refusals > 0 ? 1 : policy.atOnce;
      if (inFlight.size >= atOnce) {
        await Promise.race(inFlight);
        continue;
      }
      const now = ctx.now();
      if (wanted === null || wanted.length === 0 || now < pausedUntil) {
        await sleep(
          timers,
          Math.max(1, Math.min(policy.waitMs, now < pausedUntil ? pausedUntil - now : Infinity)),
          'poll',
          signal,
        );
        continue;
      }
      const target = schedule.next(wanted, now);
      if (target === null) {
        await sleep(timers, Math.max(1, Math.min(policy.waitMs, schedule.dueAt(wanted) - now)), 'poll', signal);
        continue;
      }
      const reading: Promise<void> = read(target).then((outcome) => {
        inFlight.delete(reading);
        settle(target, outcome);
      });
      inFlight.add(reading);
      await sleep(timers, policy.gapMs, 'pace', signal);
    }
    await Promise.all(inFlight);
  };

  return {
    ids: [ROW.id],
    start(emit) {
      const batcher = createBatcher(ctx, timers, policy.gatherMs, emit);
      close = () => batcher.close();
      running = run(batcher).catch((error: unknown) => ctx.log('error', `aws-node: ${String(error)}`));
    },
    async stop() {
      close();
      controller.abort(new Error('stopped'));
      await running;
    },
  };
}
