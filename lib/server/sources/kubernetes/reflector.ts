/**
 * Drives the state machine of one kind (`machine.ts`) and answers each class of trouble: how long to wait, what the
 * source's record says, and when facts are given up. What always holds:
 *
 * - A relist is one batch; the events before it are handed on first.
 * - Facts stay while the server cannot be asked (the record says `stale`). They go, by an empty `replaceAll`, only when
 *   the server says twice that there is nothing to read (403, 404): once may be a restarting server's hiccup.
 * - Nothing is retried without a wait, but for the first relist after an expiry and the first try with new credentials.
 * - When `signal` is aborted, `reflect` resolves soon, and nothing is reported after it.
 */
import type { Batcher } from '../batcher';
import type { Health } from '../health';
import { sleep, type Timers } from '../timers';
import type { Discovery } from './discovery';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { replaceAllOf, type Entry } from '../observe';
import { createListWatch } from './listwatch';
import { EMPTY, step, type Happening, type Machine, type State } from './machine';
import { createBackoff, type Policy } from './policy';
import { createProjector } from './project';
import type { Transport } from './transport';
import type { Trouble } from './trouble';

export interface ReflectorOptions {
  readonly row: AnyKindRow;
  readonly health: Health;
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly batcher: Batcher;
  readonly policy: Policy;
  readonly timers: Timers;
  readonly now: () => number;
  readonly random: () => number;
  readonly complain: (message: string) => void;
}

/** After this long without one, a relist that was forced upon us counts as the first again. */
const CALM_MS = 120_000;

export async function reflect(options: ReflectorOptions, signal: AbortSignal): Promise<void> {
  const { row, health, transport, discovery, batcher, policy, timers, now, random } = options;
  const projector = createProjector(row, options.complain);
  const reconnects = createBackoff(policy, random);
  const relists = createBackoff(policy, random);

  let state: State<Entry> = EMPTY;
  /** Whether facts of this kind are out there. */
  let held = false;
  let version = 0;
  /** Refusals (403, 404) in a row of the list, and of the watch. */
  let refusals = 0;
  let watchRefusals = 0;
  /** 401s in a row. */
  let unauthorized = 0;
  let briefs = 0;
  let watchSaid = false;
  let listBegan = 0;
  let watchBegan = Number.NEGATIVE_INFINITY;
  let troubledAt = Number.NEGATIVE_INFINITY;
  const relist = { due: false, cancel: (): void => undefined };
  let cancelSettled = (): void => undefined;

  const machineFor = (index: number): Machine<Entry> => ({
    io: createListWatch({
      ...options,
      version: row.versions[index] ?? 'v1',
      refused: (credentials) => transport.refresh(credentials),
    }),
    project: (items) => projector.page(items),
    pageSize: policy.pageSize,
    pageBytes: policy.pageBytes,
  });
  let machine = machineFor(0);
  const useVersion = (index: number): void => {
    version = index;
    machine = machineFor(index);
  };

  const stopped = (): boolean => signal.aborted;
  const closeWatch = (): void => {
    cancelSettled();
    if (state.kind === 'watching') state.watch.close();
  };
  const replace = (entries: readonly Entry[]): void => {
    batcher.flush();
    batcher.add(replaceAllOf(row, entries));
    held = true;
  };
  const giveUp = (): void => {
    if (held) replace([]);
    held = false;
  };
  const armRelist = (): void => {
    relist.cancel();
    relist.due = false;
    relist.cancel = timers.after(policy.relistMs + random() * policy.relistJitterMs, 'relist', () => {
      relist.due = true;
      closeWatch();
    });
  };
  const settle = (): void => {
    reconnects.reset();
    briefs = 0;
    health.become('live', null);
  };

  /** What follows from a success; the wait before the next step, in milliseconds. */
  const welcome = (happened: Happening<Entry>): number => {
    unauthorized = 0;
    switch (happened.kind) {
      case 'page':
        reconnects.reset();
        refusals = 0;
        return 0;
      case 'listed':
        refusals = 0;
        replace(happened.entries);
        health.proved(listBegan);
        // May list, may not watch: the record goes on saying so.
        if (watchRefusals === 0) health.become('live', null);
        batcher.flush();
        armRelist();
        return 0;
      case 'opened':
        watchRefusals = 0;
        watchSaid = false;
        cancelSettled();
        cancelSettled = timers.after(policy.settledMs, 'settled', settle);
        if (briefs < 2) health.become('live', null);
        return 0;
      case 'events':
        watchSaid = true;
        for (const event of happened.events) {
          const observation = projector.event(event);
          if (observation !== null) batcher.add(observation);
        }
        health.proved(now());
        cancelSettled();
        settle();
        return 0;
      case 'closed': {
        cancelSettled();
        if (watchSaid || now() - watchBegan >= policy.briefMs) {
          health.proved(now());
          return 0;
        }
        briefs++;
        if (briefs >= 2) health.become('stale', `${transport.server} ends every watch of ${row.resource} at once`);
        return reconnects.next();
      }
    }
  };

  /** `stale` when facts are held, `failing` when there are none; one broken connection alone is neither. */
  const worry = (trouble: Trouble, failures: number): void => {
    if (!held) health.become('failing', trouble.message);
    else if (failures >= 2) health.become('stale', trouble.message);
  };

  const deniedWait = (): number => policy.deniedMs + random() * policy.deniedJitterMs;

  const answerWatchRefusal = (trouble: Trouble, version: string): number => {
    watchRefusals++;
    if (watchRefusals === 1) {
      state = { kind: 'listed', version };
      return policy.confirmMs;
    }
    health.become('denied', `${trouble.message}; listed every ${Math.round(policy.deniedMs / 1000)} s instead`);
    return deniedWait();
  };

  const waitForKind = async (): Promise<void> => {
    while (!stopped()) {
      await sleep(timers, policy.absentMs * (0.8 + 0.4 * random()), 'absent', signal);
      const served = stopped() ? null : await discovery.versions(row.group);
      const index = served === null ? 0 : row.versions.findIndex((each) => served.has(each));
      if (index < 0) continue;
      useVersion(index);
      return;
    }
  };

  /** What follows from a trouble; the wait before the next step, in milliseconds. */
  const answer = async (trouble: Trouble, before: State<Entry>): Promise<number> => {
    cancelSettled();
    switch (trouble.kind) {
      case 'expired':
      case 'garbled':
      case 'rejected':
      case 'too-large': {
        if (now() - troubledAt > CALM_MS) relists.reset();
        troubledAt = now();
        const first = relists.failures === 0;
        const wait = relists.next();
        worry(trouble, trouble.kind === 'expired' ? 0 : relists.failures);
        return first && (trouble.kind === 'expired' || trouble.kind === 'garbled') ? 0 : wait;
      }
      case 'unauthorized':
        unauthorized++;
        if (unauthorized === 1) return 0;
        health.become('failing', trouble.message);
        return reconnects.next();
      case 'busy': {
        const wait = reconnects.next();
        worry(trouble, reconnects.failures);
        return Math.max(wait, Math.min(trouble.retryAfterMs ?? 0, policy.retryAfterCapMs));
      }
      case 'broken':
      case 'silent':
      case 'brief': {
        const wait = reconnects.next();
        worry(trouble, reconnects.failures);
        return wait;
      }
      case 'denied':
        if (before.kind === 'listed') return answerWatchRefusal(trouble, before.version);
        refusals++;
        if (held && refusals === 1) return policy.confirmMs;
        giveUp();
        health.become('denied', trouble.message);
        return deniedWait();
      case 'absent':
        // A watch that is gone: the list says whether the kind is.
        if (before.kind !== 'empty') return 0;
        if (version + 1 < row.versions.length) {
          useVersion(version + 1);
          return 0;
        }
        useVersion(0);
        refusals++;
        if (held && refusals === 1) return policy.confirmMs;
        giveUp();
        health.become('absent', `the cluster does not serve ${row.resource}${row.group === '' ? '' : `.${row.group}`}`);
        await waitForKind();
        return 0;
    }
  };

  /** No two watches begin within the gap: a server that answers and ends at once must not be asked in a loop. */
  const gap = async (): Promise<void> => {
    const wait = watchBegan + policy.watchGapMs - now();
    if (wait > 0) await sleep(timers, wait, 'watch gap', signal);
    watchBegan = now();
  };

  health.become('starting', null);
  try {
    while (!stopped()) {
      if (state.kind === 'empty') {
        listBegan = now();
        projector.begin();
      }
      if (state.kind === 'listed') await gap();
      const before: State<Entry> = state;
      const taken = await step(machine, before, signal);
      state = taken.state;
      if (stopped()) return;
      // The periodic relist closes the watch; events that came with it are still handed on.
      if (relist.due && (before.kind === 'watching' || before.kind === 'listed') && taken.happened?.kind !== 'events') {
        closeWatch();
        relist.due = false;
        state = EMPTY;
        continue;
      }
      let wait = 0;
      if (taken.happened !== null) wait = welcome(taken.happened);
      if (taken.trouble !== null) wait = await answer(taken.trouble, before);
      if (wait > 0) await sleep(timers, wait, 'back-off', signal);
    }
  } finally {
    closeWatch();
    relist.cancel();
    cancelSettled();
  }
}
