/**
 * Makes one EC2 call at a time: targeted reads first, then the sweep of network interfaces, then the calls for data
 * that changes more slowly.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import { Attempts, type AttemptRules } from '../attempts';
import type { Batcher } from '../batcher';
import { createHealth } from '../health';
import { upsertOf, type Entry } from '../observe';
import { counted } from '../../../model/counted';
import type { EniFact } from '../../../model/facts';
import { cleaned, reason, type Reason } from '../reason';
import type { SourceContext } from '../source';
import { sleep, type Timers } from '../timers';
import { renewCredentials } from './client';
import { CALLS, entryOf, INSTANCE_TYPES, INSTANCES, NETWORK_INTERFACES, wantedTypes, type Call } from './calls';
import type { Describe } from './describe';
import { InterfaceSweeps } from './interfaces';
import { Inventory } from './inventory';
import type { Pace } from './pace';
import type { Ec2Policy } from './policy';
import { TargetedReads } from './targeted';
import { ec2TroubleOf, type Ec2Trouble } from './trouble';
import type { Projection } from './xml/projection';

/** Options of the source. The functions are called before each read. */
export interface Ec2SourceOptions {
  /** Gets the pace and the projection as middleware. The source owns it: `stop` destroys it. */
  readonly client: EC2Client;
  /** Ids of the nodes' EC2 instances; null while the nodes are not known, empty when no node is an instance. */
  readonly instances: () => readonly string[] | null;
  /** Why the nodes will stay unknown; null if they are known, or about to be. */
  readonly unknownBecause?: () => Reason | null;
  /** Addresses of nodes that are not instances (Fargate): their interfaces are found by address. */
  readonly addresses?: () => readonly string[];
  /** The VPC according to a source other than EC2. */
  readonly vpc?: () => string | null;
  /** Instance types in the nodes' labels, in case DescribeInstances is denied. */
  readonly instanceTypes?: () => readonly string[];
  readonly policy?: Partial<Ec2Policy>;
  /** Never request interfaces of others: a capture stores the answers unchanged. */
  readonly ownOnly?: boolean;
  readonly timers?: Timers;
}

/** Additional options of the worker. */
export interface WorkerOptions extends Ec2SourceOptions {
  readonly ctx: SourceContext;
  readonly batcher: Batcher;
  readonly pace: Pace;
  readonly policy: Ec2Policy;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly projection: Projection;
}

const NO_INSTANCE = reason`no node of this cluster is an EC2 instance`;
/** Without one identified node the VPC is not known, and another VPC may use the same addresses. */
const UNIDENTIFIED = reason`no node of this cluster names an EC2 instance (spec.providerID); EC2 is not queried by address alone, because another VPC may use the same addresses`;

/** Network interfaces per part of a later sweep: their nodes and pods are derived in less than a second. */
const PART = 250;

const inSeconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
const jittered = (milliseconds: number, random: number): number => milliseconds * (0.9 + 0.2 * random);

const rulesOf = ({ confirmMs, deniedMs, commonMs }: Ec2Policy): AttemptRules => ({
  confirmMs: (random) => jittered(confirmMs, random),
  deniedMs: (random) => jittered(deniedMs, random),
  failedMs: (_failures, random) => jittered(commonMs, random),
  unshownFailures: 0,
});

/** The loop that makes the calls. */
export class Ec2Worker {
  readonly #options: WorkerOptions;
  readonly #inventory = new Inventory();
  readonly #sweeps: InterfaceSweeps;
  readonly #attempts: ReadonlyMap<Call, Attempts>;
  readonly #targeted: TargetedReads;
  readonly #describe: Describe;
  /** The error last logged for each call, or for all calls in common, so that it is not repeated. */
  readonly #logged = new Map<Attempts | 'every call', string>();
  /** Whether AWS refused the credentials of the last call. */
  #areRefused = false;
  /** The region and VPC last sent. */
  #sentCluster: { readonly region: string | null; readonly vpcId: string | null } | null = null;
  #wake: (() => void) | null = null;
  /** Facts already sent; unchanged facts are the same objects. */
  readonly #sent = new WeakSet<Entry['fact']>();

  constructor(options: WorkerOptions) {
    this.#options = options;
    const { client, ctx, batcher, policy, pace, signal, projection } = options;
    this.#sweeps = new InterfaceSweeps({ byVpc: options.ownOnly !== true });
    this.#describe = { client, signal, between: () => this.#serveTargeted(), onPage: () => undefined, projection };
    this.#targeted = new TargetedReads({
      ctx,
      describe: this.#describe,
      inventory: this.#inventory,
      batcher,
      pace,
      gapMs: policy.targetedGapMs,
    });
    const attemptsOf = ({ row }: Call): Attempts =>
      new Attempts({
        row,
        health: createHealth(row.id, (status) => batcher.add(status)),
        batcher,
        rules: rulesOf(policy),
        now: ctx.now,
        random: ctx.random,
        lag: ctx.lagOf(row.id),
      });
    this.#attempts = new Map(CALLS.map((call) => [call, attemptsOf(call)]));
  }

  /** Requests an early read of these instances; instances that are not nodes of the cluster are ignored. */
  askSoon(instances: readonly string[]): void {
    const known = new Set(this.#options.instances() ?? []);
    this.#targeted.request(instances.filter((id) => known.has(id)));
    if (this.#targeted.dueAt !== Number.POSITIVE_INFINITY) this.#wake?.();
  }

  /** Runs until the signal is aborted. */
  async run(): Promise<void> {
    const { signal, batcher, policy, instances } = this.#options;
    batcher.flush();
    while (!signal.aborted) {
      const ids = instances();
      if (ids === null || ids.length === 0) {
        if (ids === null) this.#reportUnknownInstances();
        else this.#reportNoInstances();
        await this.#rest(policy.waitMs);
      } else await this.#turn(ids);
    }
  }

  /** Makes the most urgent call, or waits until the next one is due. */
  async #turn(instances: readonly string[]): Promise<void> {
    const now = this.#options.ctx.now;
    if (this.#of(INSTANCES).state === 'live') await this.#targeted.readNewcomers(instances);
    this.#askForNewTypes();
    await this.#serveTargeted();
    const due = CALLS.find((call) => this.#of(call).nextAt <= now());
    if (due !== undefined) {
      await this.#perform(due, instances);
      return;
    }
    const nextAt = Math.min(...[...this.#attempts.values()].map((each) => each.nextAt));
    const targetedAt = this.#hasSweep ? this.#targeted.dueAt : Number.POSITIVE_INFINITY;
    await this.#rest(Math.max(1, Math.min(nextAt, targetedAt) - now()));
  }

  /** Makes one complete call. If a page fails, only the state of its record changes. */
  async #perform(call: Call, instances: readonly string[]): Promise<void> {
    const { ctx, batcher, pace, policy, signal } = this.#options;
    const attempts = this.#of(call);
    const began = ctx.now();
    const throttledBefore = pace.throttled;
    let pages = 0;
    const onPage = (): void => {
      pages++;
    };
    try {
      if (this.#areRefused) await renewCredentials(this.#options.client);
      this.#areRefused = false;
      const entries = await call.read(this.#contextFor(instances, onPage));
      if (signal.aborted) return;
      if (typeof entries === 'string') attempts.report({ kind: 'failed', reason: entries });
      else {
        await this.#sendCluster();
        if (attempts.hasFacts) await this.#deliverParts(call, entries);
        if (this.#isStopped) return;
        this.#logged.delete(attempts);
        this.#logged.delete('every call');
        // The facts are at least as new as the start of the read, and the interval counts from there.
        const everyMs = jittered(call.everyMs(policy), ctx.random()) * pace.slowdown;
        attempts.replace(entries, began, began + everyMs);
        for (const { fact } of entries) this.#sent.add(fact);
        if (pace.throttled === throttledBefore && call === NETWORK_INTERFACES) pace.speedUp();
      }
    } catch (error) {
      if (signal.aborted) return;
      const trouble = ec2TroubleOf(error, call.row.action);
      this.#reportTrouble(attempts, trouble);
    } finally {
      this.#trace(call, began, pages);
      batcher.flush();
      this.#targeted.forget();
      if (pace.throttled > throttledBefore) pace.slowDown();
      if ([...this.#attempts.values()].every(({ state }) => state !== 'starting')) pace.settle();
    }
  }

  /**
   * Sends all changes except the last part, which is sent with the complete answer: large clusters would fall behind if
   * everything were derived at once. A sweep takes seconds, so it never shows a single moment anyway.
   */
  async #deliverParts({ row }: Call, entries: readonly Entry[]): Promise<void> {
    const changed = entries.filter(({ fact }) => !this.#sent.has(fact));
    for (let from = 0; from + PART < changed.length && !this.#isStopped; from += PART)
      await this.#options.batcher.deliver(changed.slice(from, from + PART).map((entry) => upsertOf(row, entry)));
  }

  get #isStopped(): boolean {
    return this.#options.signal.aborted;
  }

  /** Logs a complete call: pages, duration, result and the next read. */
  #trace(call: Call, began: number, pages: number): void {
    const { state, reason: why, waitMs } = this.#of(call);
    const { now, log } = this.#options.ctx;
    const took = `${counted(pages, 'page')} of ${call.row.action} in ${inSeconds(now() - began)}`;
    const then = `${state}${why === null ? '' : ` (${why})`}, next read in ${inSeconds(waitMs)}`;
    if (!this.#isStopped) log('debug', `${call.row.id}: ${took}; ${then}`);
  }

  #contextFor(instances: readonly string[], onPage: () => void): Parameters<Call['read']>[0] {
    const { addresses, vpc, instanceTypes, ctx } = this.#options;
    return {
      describe: { ...this.#describe, onPage },
      inventory: this.#inventory,
      sweeps: this.#sweeps,
      now: ctx.now,
      instances,
      addresses: addresses?.() ?? [],
      vpc: vpc?.() ?? null,
      labelledTypes: instanceTypes?.() ?? [],
      freshReads: () => this.#targeted.remember(),
      areAllVpcs: this.#of(INSTANCES).state === 'live',
      onPage: (enis) => this.#showPage(enis),
      onSweep: (requestedAt) => this.#targeted.swept(requestedAt),
    };
  }

  /** Sends the interfaces that the first sweep has found so far. */
  #showPage(enis: readonly EniFact[]): void {
    const { batcher } = this.#options;
    for (const eni of enis) batcher.add(upsertOf(NETWORK_INTERFACES.row, entryOf(eni)));
    this.#of(NETWORK_INTERFACES).report({
      kind: 'incomplete',
      reason: reason`not every network interface was read yet`,
    });
    batcher.flush();
  }

  #reportTrouble(attempts: Attempts, { kind, message, detail = '' }: Ec2Trouble): void {
    const { ctx, pace, policy } = this.#options;
    const text = `ec2: ${message}: ${cleaned(detail)}`;
    const of = kind === 'common' || kind === 'credentials' ? 'every call' : attempts;
    if (detail !== '' && text !== this.#logged.get(of)) ctx.log('warn', text);
    this.#logged.set(of, text);
    this.#areRefused = kind === 'credentials';
    if (kind === 'denied') attempts.report({ kind: 'refused', as: 'denied', reason: message });
    else if (kind === 'throttled') {
      const waitMs = jittered(policy.pollMs * pace.slowdown, ctx.random());
      attempts.report({ kind: 'failed', reason: message, waitMs });
    } else if (kind === 'failed') attempts.report({ kind: 'failed', reason: message });
    // Without credentials or a connection, other calls would fail as well.
    else for (const each of this.#attempts.values()) each.report({ kind: 'failed', reason: message });
  }

  /** The calls stay due, for when the nodes become known. */
  #reportUnknownInstances(): void {
    const why = this.#options.unknownBecause?.() ?? null;
    if (why === null) return;
    for (const attempts of this.#attempts.values()) {
      if (attempts.state !== 'starting') continue;
      attempts.report({ kind: 'refused', as: 'denied', reason: why });
      attempts.hasten();
    }
    this.#options.batcher.flush();
  }

  #reportNoInstances(): void {
    const isAddressed = (this.#options.addresses?.() ?? []).length > 0;
    const why = isAddressed ? UNIDENTIFIED : NO_INSTANCE;
    for (const attempts of this.#attempts.values()) attempts.report({ kind: 'absent', reason: why });
    this.#options.batcher.flush();
  }

  /** Does nothing before the first sweep, which includes the results of targeted reads. */
  async #serveTargeted(): Promise<void> {
    if (this.#hasSweep) await this.#targeted.serve();
  }

  get #hasSweep(): boolean {
    return this.#inventory.hasSweep && this.#of(NETWORK_INTERFACES).hasFacts;
  }

  /** Makes the call due if a type has never been described. */
  #askForNewTypes(): void {
    const attempts = this.#of(INSTANCE_TYPES);
    if (attempts.state !== 'live') return;
    const wanted = wantedTypes(this.#inventory, this.#options.instanceTypes?.() ?? []);
    if (wanted.some((type) => !this.#inventory.isDescribed(type))) attempts.hasten();
  }

  /** Sends region and VPC when they become known or change. */
  async #sendCluster(): Promise<void> {
    const { client, batcher } = this.#options;
    const region = await client.config.region().catch(() => null);
    const [vpcId = null] = [...this.#inventory.vpcs].sort();
    if (this.#sentCluster?.region === region && this.#sentCluster.vpcId === vpcId) return;
    this.#sentCluster = { region, vpcId };
    const cluster = { ...(region === null ? {} : { region }), ...(vpcId === null ? {} : { vpcId }) };
    batcher.add({ op: 'cluster', cluster });
  }

  /** Resolves after this time, or earlier on a request or at the end. */
  #rest(milliseconds: number): Promise<void> {
    const { timers, signal } = this.#options;
    // A signal that has aborted sends no event.
    if (signal.aborted) return Promise.resolve();
    const pause = new AbortController();
    const wake = (): void => pause.abort();
    signal.addEventListener('abort', wake);
    this.#wake = wake;
    return sleep(timers, milliseconds, 'poll', pause.signal).finally(() => {
      signal.removeEventListener('abort', wake);
      this.#wake = null;
    });
  }

  #of(call: Call): Attempts {
    const attempts = this.#attempts.get(call);
    if (attempts === undefined) throw new Error(`no attempts for ${call.row.id}`);
    return attempts;
  }
}
