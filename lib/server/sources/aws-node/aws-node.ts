/**
 * Reads aws-node's metrics through the API server's pod proxy (vpc-cni §4.3), the only source of how many addresses
 * ipamd has assigned per ENI and prefix. Requires `get` on `pods/proxy` in kube-system. Without that permission the
 * source is `denied`, and one request at a time checks whether it has been granted.
 *
 * Every byte passes through the API server, so the limits are ten requests a second, five at a time, five seconds each.
 * A node that does not respond keeps its last fact, whose `readAt` shows its age. The transport's owner closes it.
 */
import { AWS_NODE_METRICS } from '../../../normalise/aws-node/rows';
import { Attempts, type AttemptRules } from '../attempts';
import { createBatcher, type Batcher } from '../batcher';
import { createHealth, type Health } from '../health';
import type { LagReading } from '../lags';
import { removeOf, upsertOf } from '../observe';
import { reason, type Reason } from '../reason';
import type { Source, SourceContext } from '../source';
import { sleep, systemTimers, type Timers } from '../timers';
import { NodeAnswers } from './node-answers';
import { readMetrics, type PodProxy, type ReadResult } from './read';
import { createSchedule, type Target } from './schedule';

/** Limits and intervals; milliseconds unless noted. */
export interface AwsNodePolicy {
  /** Between two reads of one node. */
  readonly everyMs: number;
  /** Between the starts of two requests. */
  readonly gapMs: number;
  /** Maximum concurrent requests. */
  readonly atOnce: number;
  readonly deadlineMs: number;
  /** Maximum size of an answer, in bytes. */
  readonly mostBytes: number;
  /** Wait before the next attempt while access is denied. */
  readonly deniedMs: number;
  /** Wait before the next attempt when the API server could not be reached. */
  readonly brokenMs: number;
  /** Interval of checking for targets when none is due. */
  readonly waitMs: number;
  readonly gatherMs: number;
}

/** The default limits. */
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

/** Options of the source. */
export interface AwsNodeSourceOptions {
  readonly transport: PodProxy;
  /**
   * The nodes to read with their aws-node pods, those on screen first; null while pods are unknown. Returns the same
   * array while nothing has changed.
   */
  readonly targets: () => readonly Target[] | null;
  /** Why pods will stay unknown; null if they are known, or about to be. */
  readonly unknownBecause?: () => Reason | null;
  readonly policy?: Partial<AwsNodePolicy>;
  readonly timers?: Timers;
}

const ROW = AWS_NODE_METRICS;

const rulesOf = (policy: AwsNodePolicy): AttemptRules => ({
  confirmMs: () => policy.gapMs,
  deniedMs: () => policy.deniedMs,
  failedMs: () => policy.brokenMs,
  unshownFailures: 0,
});

interface ReaderOptions extends Required<Omit<AwsNodeSourceOptions, 'policy'>> {
  readonly ctx: SourceContext;
  readonly policy: AwsNodePolicy;
  readonly batcher: Batcher;
  readonly signal: AbortSignal;
}

/** Reads the nodes in turn, several concurrently. */
class MetricsReader {
  readonly #options: ReaderOptions;
  readonly #schedule;
  readonly #answers = new NodeAnswers();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #health: Health;
  readonly #lag: LagReading;
  readonly #attempts: Attempts;
  #wanted: readonly Target[] | null = null;

  constructor(options: ReaderOptions) {
    const { ctx, policy, batcher } = options;
    this.#options = options;
    this.#schedule = createSchedule(policy.everyMs);
    this.#health = createHealth(ROW.id, (status) => batcher.add(status));
    this.#lag = ctx.lagOf(ROW.id);
    const rules = rulesOf(policy);
    this.#attempts = new Attempts({ row: ROW, health: this.#health, batcher, rules, now: ctx.now, random: ctx.random });
  }

  /** Reads until the signal is aborted. */
  async run(): Promise<void> {
    while (!this.#options.signal.aborted) await this.#turn();
    await Promise.all(this.#inFlight);
  }

  /** Starts one read, or waits until one may start. */
  async #turn(): Promise<void> {
    const { ctx, policy, targets, unknownBecause, timers, signal } = this.#options;
    const wanted = targets();
    const why = wanted === null && this.#attempts.state === 'starting' ? unknownBecause() : null;
    if (why !== null) {
      this.#attempts.report({ kind: 'refused', as: 'denied', reason: why });
      this.#attempts.hasten();
    }
    // This runs ten times a second, and comparing thousands of nodes takes milliseconds.
    if (wanted !== null && wanted !== this.#wanted) this.#dropAllBut(wanted);
    this.#wanted = wanted;
    // While denied, one request checks for permission; five would be five refusals.
    if (this.#inFlight.size >= (this.#attempts.refusals > 0 ? 1 : policy.atOnce)) {
      await Promise.race(this.#inFlight);
      return;
    }
    const now = ctx.now();
    if (wanted === null || wanted.length === 0) return this.#pause(policy.waitMs);
    if (this.#attempts.waitMs > 0) return this.#pause(Math.min(policy.waitMs, this.#attempts.waitMs));
    const target = this.#schedule.next(wanted, now);
    if (target === null) return this.#pause(Math.min(policy.waitMs, this.#schedule.dueAt(wanted) - now));
    const reading: Promise<void> = this.#read(target).finally(() => this.#inFlight.delete(reading));
    this.#inFlight.add(reading);
    return sleep(timers, policy.gapMs, 'pace', signal);
  }

  #pause(milliseconds: number): Promise<void> {
    return sleep(this.#options.timers, Math.max(1, milliseconds), 'poll', this.#options.signal);
  }

  /** Drops the facts of nodes that are no longer targets. */
  #dropAllBut(wanted: readonly Target[]): void {
    for (const node of this.#schedule.forget(wanted)) {
      if (this.#answers.forget(node)) this.#reportAnswers();
      this.#options.batcher.add(removeOf(ROW, node, null));
    }
    if (wanted.length > 0) return;
    this.#answers.clear();
    this.#attempts.report({ kind: 'absent', reason: reason`no node runs aws-node` });
  }

  async #read(target: Target): Promise<void> {
    const { transport, timers, signal, policy, ctx } = this.#options;
    const at = ctx.now();
    const { deadlineMs, mostBytes } = policy;
    const result = await readMetrics(target, { transport, timers, signal, at, deadlineMs, mostBytes });
    if (!signal.aborted) this.#take(target.node, result, at);
  }

  #take(node: string, result: ReadResult, at: number): void {
    this.#answers.forget(node);
    if (result.kind !== 'read')
      this.#options.ctx.log('debug', `${ROW.id}: ${node} was not read (${result.kind}): ${result.message}`);
    switch (result.kind) {
      case 'read':
        this.#options.batcher.add(upsertOf(ROW, { key: node, fact: result.fact }));
        this.#health.proved(at);
        this.#lag.missing(at + 1.5 * this.#options.policy.everyMs, 'no node was read for longer than planned');
        this.#answers.answered(node);
        this.#reportAnswers();
        return;
      case 'silent':
        this.#answers.silent(node, result.message);
        this.#reportAnswers();
        return;
      case 'denied':
        this.#attempts.report({ kind: 'refused', as: 'denied', reason: result.message });
        if (!this.#attempts.hasFacts) this.#answers.clear();
        return;
      case 'broken':
        this.#attempts.report({ kind: 'failed', reason: result.message });
    }
  }

  #reportAnswers(): void {
    const outcome = this.#answers.outcome(this.#options.targets());
    if (outcome !== null) this.#attempts.report(outcome);
  }
}

/** The source of `aws-node/metrics`. */
export function createAwsNodeSource(ctx: SourceContext, options: AwsNodeSourceOptions): Source {
  const { timers = systemTimers, unknownBecause = () => null } = options;
  const policy: AwsNodePolicy = { ...AWS_NODE_POLICY, ...options.policy };
  const controller = new AbortController();
  let batcher: Batcher | null = null;
  let running: Promise<void> = Promise.resolve();

  return {
    ids: [ROW.id],
    start(emit) {
      batcher = createBatcher(ctx, timers, policy.gatherMs, emit);
      const parts = { ctx, timers, unknownBecause, policy, batcher, signal: controller.signal };
      const reader = new MetricsReader({ ...options, ...parts });
      running = reader.run().catch((error: unknown) => ctx.log('error', `aws-node: ${String(error)}`));
    },
    async stop() {
      batcher?.close();
      controller.abort(new Error('stopped'));
      await running;
    },
  };
}
