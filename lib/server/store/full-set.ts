/**
 * The full record set as bytes: encoded and compressed at most once per version, shared by all readers.
 *
 * It may lag behind by a second while changes come in, so that a thousand viewers that start over at once cost one encoding: the stream continues from the version that the answer names.
 */
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { columnSteps } from '../../snapshot/columns';
import { withSourcesNow } from './sources-now';
import type { Clock } from './clock';
import { Keyframes } from './keyframes';
import type { ServedKeyframe } from './keyframes';
import { formatPosition } from './position';
import type { Store } from './store';

export interface FullSet {
  /** `EPOCH.VERSION` in quotes, as an ETag. */
  readonly tag: string;
  readonly plain: Uint8Array;
  readonly gzip: () => Promise<Uint8Array>;
}

export interface FullSets {
  /** The current version, or one that is at most `LAG_MS` old. */
  columns(): Promise<FullSet>;
  /** The newest keyframe (`Keyframes`). */
  keyframe(): Promise<ServedKeyframe>;
  close(): void;
}

/** The greatest age of an encoding whose version is outdated (lag), and of one whose version is current (age). */
const LAG_MS = 1_000;
const AGE_MS = 60_000;

const compress = promisify(gzip);

/** The longest that encoding blocks the event loop at a time. Milliseconds. */
const SLICE_MS = 20;

async function inSlices<T>(steps: Generator<undefined, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (performance.now() < until);
    await setImmediate();
  }
}

async function encode(store: Store): Promise<Uint8Array> {
  const records = withSourcesNow(store);
  const meta = { epoch: store.epoch, version: store.version, takenAt: new Date(store.now()).toISOString() };
  return Buffer.from(await inSlices(columnSteps(records, store.replica.cluster, meta)));
}

async function encodeSet(store: Store): Promise<FullSet> {
  const tag = `"${formatPosition(store)}"`;
  const plain = await encode(store);
  let compressed: Promise<Uint8Array> | null = null;
  return { tag, plain, gzip: () => (compressed ??= compress(plain, { level: 6 })) };
}

export function createFullSets(store: Store, clock: Clock): FullSets {
  const keyframes = new Keyframes(store, clock);
  let kept: { readonly set: Promise<FullSet>; readonly version: number; readonly at: number } | null = null;
  return {
    columns() {
      const now = clock.now();
      if (kept !== null && now - kept.at < (kept.version === store.version ? AGE_MS : LAG_MS)) return kept.set;
      kept = { set: encodeSet(store), version: store.version, at: now };
      return kept.set;
    },
    keyframe: () => keyframes.get(),
    close: () => keyframes.close(),
  };
}
