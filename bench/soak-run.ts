/** Runs changes at full speed through engine, rules, store, hub and one follower, all in this thread. */
import { deepStrictEqual } from 'node:assert';
import { setImmediate as turn } from 'node:timers/promises';
import { upsert } from '../e2e/testing/facts';
import type { PodFact } from '../lib/model/facts';
import type { Observation } from '../lib/model/observation';
import { TABLES } from '../lib/model/records';
import { systemClock } from '../lib/server/store/clock';
import { Hub } from '../lib/server/stream/hub';
import { followHub } from './hub-follower';
import { cpuSince, heap } from './statistics';
import { batchOf, eniOn, podOn, PODS_A_NODE, removal, worldOf } from './world';

/** Observations per batch, as from a busy source. */
const AT_ONCE = 20;
const SAMPLES = 20;
/** Fraction of the changes after which memory is that of a long-running server. */
const WARM_UP = 0.2;
/** Estimated minimum bytes of a change in the ring, so that the warm-up fills it. */
const MIN_WEIGHT = 250;
const ringFor = (changes: number): number => Math.min(16 * 2 ** 20, Math.round(changes * MIN_WEIGHT * WARM_UP * 0.9));
/** Pods per node that are created and deleted, one after the other. */
const SLOTS = 4;

/** Number of pods between two steps of a pod's life, so that its steps are in different batches. */
const APART = 2 * AT_ONCE;

const soaked = (serial: number, nodes: number): PodFact =>
  podOn((serial * 7919) % nodes, PODS_A_NODE + (serial % SLOTS), {
    name: `soak-${serial}`,
    uid: `soak-${serial}`,
    ready: false,
  });

/**
 * Pods are created, get ready, are labelled, and are deleted, each with a new name. From time to time a node's ENI
 * gains or loses an address.
 */
function* changes(nodes: number): Generator<Observation, never> {
  for (let serial = 3 * APART; ; serial++) {
    yield upsert('pod', soaked(serial, nodes));
    yield upsert('pod', { ...soaked(serial - APART, nodes), ready: true });
    const labels = { app: `soak-${serial % 50}` };
    yield upsert('pod', { ...soaked(serial - 2 * APART, nodes), ready: true, labels });
    const gone = soaked(serial - 3 * APART, nodes);
    yield removal(gone, gone.uid);
    if (serial % 10 === 0) yield upsert('eni', eniOn((serial * 7919) % nodes, 9 + ((serial / 10) % 3)));
  }
}

/** The result of a soak. */
export interface Soaked {
  readonly changes: number;
  /** Milliseconds for all changes, without the garbage collections in between. */
  readonly wall: number;
  readonly cpu: number;
  /** Bytes after a garbage collection, from the end of the warm-up on, at equal intervals. */
  readonly memory: readonly number[];
  readonly frames: number;
  readonly resets: number;
}

/** Makes at least `wanted` changes. Throws if the follower then differs from the engine. */
export async function soak(nodes: number, wanted: number): Promise<Soaked> {
  const total = Math.ceil(wanted / AT_ONCE) * AT_ONCE;
  const { store, collector } = worldOf(nodes, { ringBytes: () => ringFor(total) });
  const hub = new Hub(store, systemClock);
  const follower = followHub(store, hub);
  const source = changes(nodes);
  const memory: number[] = [];
  let cpu = 0;
  let wall = 0;
  for (let done = 0, part = 1; done < total; part++) {
    const started = performance.now();
    const usage = process.cpuUsage();
    for (const end = Math.ceil((total * part) / SAMPLES); done < end; done += AT_ONCE) {
      collector.take(batchOf(...Array.from({ length: AT_ONCE }, () => source.next().value)), () => undefined);
      // Timers and the follower get a turn, as between two packets of a socket.
      await turn();
    }
    collector.settle();
    cpu += cpuSince(usage);
    wall += performance.now() - started;
    if (part >= SAMPLES * WARM_UP) memory.push(heap());
  }
  await follower.caughtUp();
  for (const table of TABLES) {
    const differs = `the follower differs from the engine in ${table}`;
    deepStrictEqual(follower.replica.records[table], collector.replica.records[table], differs);
  }
  follower.stop();
  hub.close();
  collector.close();
  return { changes: total, wall, cpu, memory, frames: follower.frames, resets: follower.resets };
}
