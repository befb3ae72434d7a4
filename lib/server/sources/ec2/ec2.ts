/**
 * The EC2 source: five calls, five source records, one worker. It makes one call at a time, at least a second apart, and
 * does the most urgent thing first: a targeted call after a hint, then the sweep of the network interfaces, then what
 * changes more slowly.
 *
 * What always holds: a sweep is one `replaceAll` batch, true at least since the sweep began; a sweep with a page missing
 * changes nothing but the state of its record. Facts go only when EC2 refuses the action twice in a row.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EniFact, InstanceFact } from '../../../model/facts';
import { EC2_CALLS, type AnyEc2Row } from '../../../normalise/ec2/calls';
import { createBatcher, type Batcher } from '../batcher';
import { createHealth, type Health } from '../health';
import { removeOf, replaceAllOf, upsertOf, type Entry } from '../observe';
import type { Source, SourceContext } from '../source';
import { sleep, systemTimers, type Timers } from '../timers';
import {
  describeInstances,
  describeInstanceTypes,
  describeSubnets,
  filtersOver,
  FIRST_PAGE,
  getSubnetCidrReservations,
  type Describe,
} from './describe';
import { readAttached, sweepInterfaces } from './interfaces';
import { createPace } from './pace';
import { EC2_POLICY, type Ec2Policy } from './policy';
import { ec2TroubleOf, type Ec2Trouble } from './trouble';

export type { Ec2Policy } from './policy';

export interface Ec2SourceOptions {
  /** Its middleware stack gets one entry: the pace. The source owns it: `stop` destroys it. */
  readonly client: EC2Client;
  /** Instance ids of the cluster's nodes; null while the nodes are not known yet, empty when none is an instance. */
  readonly instances: () => readonly string[] | null;
  /** Addresses of nodes that are no instances (Fargate): their interfaces are found by address. */
  readonly addresses?: () => readonly string[];
  /** Where something names the VPC before EC2 does. */
  readonly vpc?: () => string | null;
  /** Instance types that the nodes' labels name, for when DescribeInstances is denied. */
  readonly instanceTypes?: () => readonly string[];
  readonly policy?: Partial<Ec2Policy>;
  readonly timers?: Timers;
}

export interface Ec2Source extends Source {
  /** Something changed on these instances that EC2 must explain: ask for them soon. */
  hint(instanceIds: readonly string[]): void;
  /** Calls begun in the last minute, retries included. */
  readonly callsLastMinute: number;
  /** 1, or how many times slower it polls because EC2 throttles. */
  readonly slowdown: number;
}

type CallId = 'network-interfaces' | 'instances' | 'instance-types' | 'subnets' | 'subnet-cidr-reservations';

interface InstanceEntry {
  readonly key: string;
  readonly fact: InstanceFact;
}

interface Call {
  readonly row: AnyEc2Row;
  health: Health;
  /** Due at; -Infinity: never read. */
  dueAt: number;
  held: boolean;
  refusals: number;
}

const ORDER: readonly CallId[] = [
  'network-interfaces',
  'instances',
  'instance-types',
  'subnets',
  'subnet-cidr-reservations',
];
/** Said when the calls that come first told nothing that this one could ask about. */
const NOTHING_TO_ASK: Readonly<Record<CallId, string>> = {
  'network-interfaces': 'no instance is known',
  instances: 'no instance is known',
  'instance-types': 'no instance type is known: neither DescribeInstances nor the nodes name one',
  subnets: 'no VPC is known: neither DescribeNetworkInterfaces nor DescribeInstances named one',
  'subnet-cidr-reservations': 'no subnet is known: DescribeNetworkInterfaces named none',
};
const MOST_HINTED = 200;

const rowOf = (id: CallId): AnyEc2Row => {
  const row = EC2_CALLS.find((each) => each.id === `ec2/${id}`);
  if (row === undefined) throw new Error(`no row for ec2/${id}`);
  return row;
};

export function createEc2Source(ctx: SourceContext, options: Ec2SourceOptions): Ec2Source {
  const { client, instances, timers = systemTimers } = options;
  const policy: Ec2Policy = { ...EC2_POLICY, ...options.policy };
  const controller = new AbortController();
  const { signal } = controller;
  const stopped = (): boolean => signal.aborted;
  const pace = createPace(timers, ctx.now, policy.gapMs);

  let batcher: Batcher | null = null;
  let running: Promise<void> = Promise.resolve();
  let slowdown = 1;
  /** Attempts that EC2 throttled, those that the SDK's retry then saved among them. */
  let throttles = 0;
  let nudge: (() => void) | null = null;

  const hinted = new Set<string>();
  let lastHintAt = Number.NEGATIVE_INFINITY;
  /** What targeted calls read since the running sweep began; null: no sweep runs. */
  let fresher: Map<string, { at: number; enis: readonly EniFact[] }> | null = null;

  /** What other calls need to know, by id only: no second copy of facts. */
  let vpcs: ReadonlySet<string> = new Set();
  let subnets: ReadonlySet<string> = new Set();
  const eniInstance = new Map<string, string | null>();
  const instanceType = new Map<string, string | null>();
  let askedTypes: ReadonlySet<string> = new Set();
  let told: { region: string | null; vpcId: string | null } | null = null;

  // Every attempt waits for its turn, the SDK's own retries among them.
  client.middlewareStack.add(
    (next) => async (args) => {
      await pace.turn(signal);
      signal.throwIfAborted();
      try {
        return await next(args);
      } catch (error) {
        if (ec2TroubleOf(error, '').kind === 'throttled') throttles++;
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'ifscopePace' },
  );

  const send = (observe: (batch: Batcher) => void): void => {
    if (batcher === null || stopped()) return;
    observe(batcher);
    batcher.flush();
  };
  const makeCall = (id: CallId): Call => ({
    row: rowOf(id),
    health: createHealth(`ec2/${id}`, (status) => batcher?.add(status)),
    dueAt: Number.NEGATIVE_INFINITY,
    held: false,
    refusals: 0,
  });
  const calls: Readonly<Record<CallId, Call>> = {
    'network-interfaces': makeCall('network-interfaces'),
    instances: makeCall('instances'),
    'instance-types': makeCall('instance-types'),
    subnets: makeCall('subnets'),
    'subnet-cidr-reservations': makeCall('subnet-cidr-reservations'),
  };
  const all = ORDER.map((id) => calls[id]);
  const jittered = (milliseconds: number): number => milliseconds * (0.9 + 0.2 * ctx.random());

  /** The targeted call: a few instances, now. */
  const serveHints = async (): Promise<void> => {
    if (hinted.size === 0 || ctx.now() - lastHintAt < policy.hintGapMs * slowdown || !calls['network-interfaces'].held)
      return;
    const ids = [...hinted].slice(0, MOST_HINTED);
    for (const id of ids) hinted.delete(id);
    lastHintAt = ctx.now();
    const row = calls['network-interfaces'].row;
    const at = ctx.now();
    try {
      const enis = await readAttached({ ...describe, between: () => Promise.resolve() }, ids);
      for (const id of ids) fresher?.set(id, { at, enis: enis.filter((eni) => eni.instanceId === id) });
      const found = new Set(enis.map(({ id }) => id));
      const gone = [...eniInstance].filter(([eni, on]) => on !== null && ids.includes(on) && !found.has(eni));
      send((batch) => {
        for (const [eni] of gone) batch.add(removeOf(row, eni, null));
        for (const eni of enis) batch.add(upsertOf(row, { key: eni.id, fact: eni }));
      });
      for (const [eni] of gone) eniInstance.delete(eni);
      for (const eni of enis) eniInstance.set(eni.id, eni.instanceId);
    } catch (error) {
      // The next sweep meets the same trouble, and reports it.
      if (!stopped()) ctx.log('info', `ec2: a targeted call failed: ${ec2TroubleOf(error, row.action).message}`);
    }
  };
  const describe: Describe = { client, signal, between: serveHints, page: { size: FIRST_PAGE } };

  const read: Readonly<Record<CallId, (ids: readonly string[]) => Promise<readonly Entry[] | null>>> = {
    async 'network-interfaces'(ids) {
      fresher = new Map();
      const hint = options.vpc?.() ?? null;
      const sweep = await sweepInterfaces(
        describe,
        {
          instances: ids,
          addresses: options.addresses?.() ?? [],
          vpcs: hint === null ? vpcs : new Set([...vpcs, hint]),
          now: ctx.now,
        },
        fresher,
      );
      vpcs = sweep.vpcs;
      const enis = [...sweep.enis.values()];
      subnets = new Set(enis.flatMap(({ subnet }) => (subnet === null ? [] : [subnet])));
      eniInstance.clear();
      for (const eni of enis) eniInstance.set(eni.id, eni.instanceId);
      return enis.map((fact) => ({ key: fact.id, fact }));
    },
    async instances(ids) {
      const raw: unknown[] = [];
      for (const filters of filtersOver('instance-id', ids)) raw.push(...(await describeInstances(describe, filters)));
      const entries = calls.instances.row.normalise(raw) as readonly InstanceEntry[];
      instanceType.clear();
      // One that EC2 does not know is not asked for again before the next full read.
      for (const id of ids) instanceType.set(id, null);
      for (const { key, fact } of entries) {
        instanceType.set(key, fact.instanceType);
        if (fact.vpc !== null && !vpcs.has(fact.vpc)) vpcs = new Set([...vpcs, fact.vpc]);
      }
      return entries;
    },
    async 'instance-types'() {
      const types = wantedTypes();
      if (types.length === 0) return null;
      const raw: unknown[] = [];
      for (const filters of filtersOver('instance-type', types)) {
        raw.push(...(await describeInstanceTypes(describe, filters)));
      }
      askedTypes = new Set(types);
      return calls['instance-types'].row.normalise(raw);
    },
    async subnets() {
      if (vpcs.size === 0) return null;
      return calls.subnets.row.normalise(await describeSubnets(describe, [{ Name: 'vpc-id', Values: [...vpcs] }]));
    },
    async 'subnet-cidr-reservations'() {
      if (subnets.size === 0) return null;
      const raw: unknown[] = [];
      for (const subnet of [...subnets].sort()) raw.push(...(await getSubnetCidrReservations(describe, subnet)));
      return calls['subnet-cidr-reservations'].row.normalise(raw);
    },
  };

  const wantedTypes = (): string[] => {
    const types = new Set(options.instanceTypes?.() ?? []);
    for (const type of instanceType.values()) if (type !== null) types.add(type);
    return [...types].sort();
  };
  const every: Readonly<Record<CallId, () => number>> = {
    'network-interfaces': () => policy.pollMs,
    instances: () => policy.slowMs,
    'instance-types': () => policy.typesMs,
    subnets: () => policy.pollMs,
    'subnet-cidr-reservations': () => policy.slowMs,
  };

  const trouble = (call: Call, { kind, message }: Ec2Trouble): void => {
    if (kind === 'denied') {
      call.refusals++;
      // What was readable a moment ago is asked for once more, soon, before its facts go.
      const confirming = call.held && call.refusals === 1;
      call.dueAt = ctx.now() + jittered(confirming ? policy.confirmMs : policy.deniedMs);
      if (confirming) return;
      if (call.held) batcher?.add(replaceAllOf(call.row, []));
      call.held = false;
      call.health.become('denied', message);
      return;
    }
    const wait = kind === 'throttled' ? policy.pollMs * slowdown : policy.commonMs;
    // Without credentials or a connection, no call need be tried for now.
    for (const each of kind === 'common' ? all : [call]) {
      each.dueAt = ctx.now() + jittered(wait);
      each.health.become(each.held ? 'stale' : 'failing', message);
    }
  };

  /** What EC2 says of the cluster as a whole, once. */
  const tellCluster = async (): Promise<void> => {
    const region = await client.config.region().catch(() => null);
    const [vpcId = null] = [...vpcs].sort();
    if (told?.region === region && told.vpcId === vpcId) return;
    told = { region, vpcId };
    batcher?.add({
      op: 'cluster',
      cluster: { ...(region === null ? {} : { region }), ...(vpcId === null ? {} : { vpcId }) },
    });
  };

  const perform = async (id: CallId, ids: readonly string[]): Promise<void> => {
    const call = calls[id];
    const began = ctx.now();
    const throttledBefore = throttles;
    try {
      const entries = await read[id](ids);
      if (stopped()) return;
      call.dueAt = began + jittered(every[id]()) * slowdown;
      if (entries === null) {
        call.dueAt = ctx.now() + jittered(policy.commonMs);
        send(() => call.health.become(call.held ? 'stale' : 'failing', NOTHING_TO_ASK[id]));
        return;
      }
      await tellCluster();
      call.held = true;
      call.refusals = 0;
      send((batch) => {
        batch.add(replaceAllOf(call.row, entries));
        call.health.proved(began);
        call.health.become('live', null);
      });
      if (throttles === throttledBefore && id === 'network-interfaces') slowdown = Math.max(1, slowdown / 2);
    } catch (error) {
      if (stopped()) return;
      const why = ec2TroubleOf(error, call.row.action);
      if (why.kind === 'failed') ctx.log('warn', `ec2: ${why.message}`);
      send(() => trouble(call, why));
    } finally {
      if (id === 'network-interfaces') fresher = null;
      if (throttles > throttledBefore) slowdown = Math.min(policy.slowest, slowdown * 2);
    }
  };

  const rest = (milliseconds: number): Promise<void> => {
    const pause = new AbortController();
    const wake = (): void => pause.abort();
    signal.addEventListener('abort', wake);
    nudge = wake;
    return sleep(timers, milliseconds, 'poll', pause.signal).finally(() => {
      signal.removeEventListener('abort', wake);
      nudge = null;
    });
  };

  const live = (call: Call): boolean => call.held && call.health.state === 'live';

  /** Nodes that joined since the last full read: only they are asked for. */
  const greet = async (ids: readonly string[]): Promise<void> => {
    const { row } = calls.instances;
    const newcomers = live(calls.instances) ? ids.filter((id) => !instanceType.has(id)).slice(0, MOST_HINTED) : [];
    if (newcomers.length === 0) return;
    for (const id of newcomers) {
      instanceType.set(id, null);
      hinted.add(id);
    }
    try {
      const [filters = []] = filtersOver('instance-id', newcomers);
      const entries = row.normalise(await describeInstances(describe, filters)) as readonly InstanceEntry[];
      for (const { key, fact } of entries) instanceType.set(key, fact.instanceType);
      send((batch) => {
        for (const entry of entries) batch.add(upsertOf(row, entry));
      });
    } catch (error) {
      // The next full read meets the same trouble, and reports it.
      if (!stopped()) ctx.log('info', `ec2: new instances: ${ec2TroubleOf(error, row.action).message}`);
    }
  };

  /** A type that was never asked for makes its call due. */
  const askForNewTypes = (): void => {
    const types = calls['instance-types'];
    if (live(types) && wantedTypes().some((type) => !askedTypes.has(type))) types.dueAt = ctx.now();
  };

  const run = async (): Promise<void> => {
    for (const { health } of all) health.become('starting', null);
    batcher?.flush();
    for (;;) {
      if (stopped()) return;
      const ids = instances();
      if (ids === null || ids.length === 0) {
        if (ids !== null) {
          send(() => {
            for (const call of all) {
              if (call.held) batcher?.add(replaceAllOf(call.row, []));
              call.held = false;
              call.dueAt = Number.NEGATIVE_INFINITY;
              call.health.become('absent', 'no node of this cluster is an EC2 instance');
            }
          });
        }
        await rest(policy.waitMs);
        continue;
      }
      await greet(ids);
      askForNewTypes();
      await serveHints();
      const due = ORDER.find((id) => calls[id].dueAt <= ctx.now());
      if (due !== undefined) {
        await perform(due, ids);
        continue;
      }
      const next = Math.min(...all.map(({ dueAt }) => dueAt));
      const hintAt =
        hinted.size > 0 && calls['network-interfaces'].held
          ? lastHintAt + policy.hintGapMs * slowdown
          : Number.POSITIVE_INFINITY;
      await rest(Math.max(1, Math.min(next, hintAt) - ctx.now()));
    }
  };

  return {
    ids: ORDER.map((id) => `ec2/${id}`),
    start(emit) {
      batcher = createBatcher(ctx, timers, 0, emit);
      running = run().catch((error: unknown) => ctx.log('error', `ec2: ${String(error)}`));
    },
    async stop() {
      batcher?.close();
      controller.abort(new Error('stopped'));
      await running;
      client.destroy();
    },
    hint(instanceIds) {
      const known = new Set(instances() ?? []);
      for (const id of instanceIds) if (known.has(id)) hinted.add(id);
      if (hinted.size > 0) nudge?.();
    },
    get callsLastMinute() {
      return pace.callsLastMinute;
    },
    get slowdown() {
      return slowdown;
    },
  };
}
