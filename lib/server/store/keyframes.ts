/**
 * Keyframes shared by all viewers: the record set as of a few seconds ago, encoded and compressed once. A viewer
 * immediately gets the newest finished one, and the stream continues from its version.
 *
 * When keyframes are made:
 * - The first one, when every source has answered or failed, or on the first request. It does not wait for aws-node,
 * because reading 5,000 nodes takes more than eight minutes.
 * - With viewers: on a request, if the newest one is older than `LEAST_AGE_MS` and than five times the time it took to
 * make. So keyframes use at most a sixth of a core, and a viewer has to catch up by a few seconds.
 * - Without viewers: when a quarter of what the stream can bridge has passed, so that the next viewer neither waits nor
 * has to catch up by megabytes. This uses at most a twelfth of a core. A keyframe from which the stream cannot continue is never served; the request waits
 * for the next one.
 */
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { KeyframeEncoder } from '../../snapshot/keyframe/encoder';
import { lengthBefore } from '../../snapshot/keyframe/frames';
import type { Replica } from '../../records/replica';
import { withRecordedStates } from './sources-now';
import type { SourceRecord } from '../../model/records';
import { releaseBytes } from '../../model/release-bytes';
import { METRICS } from '../../model/source-ids';
import type { Clock } from './clock';
import { formatPosition } from './position';

/** The source of keyframes. */
export interface KeyframeSource {
  readonly epoch: string;
  readonly version: number;
  readonly replica: Pick<Replica, 'records' | 'cluster' | 'onChange'>;
  /** The current sources, newer than their records. */
  sources(): readonly SourceRecord[];
  /** The clock of the records, epoch milliseconds. */
  now(): number;
  /**
   * The distance to a version, as a fraction of what the stream can bridge; null for a version from which no delta
   * leads on.
   */
  distanceFrom(version: number): number | null;
  onCommit(listener: () => void): () => void;
}

/** A finished keyframe. */
export interface ServedKeyframe {
  readonly version: number;
  /** `EPOCH.VERSION` in quotes, as an ETag. */
  readonly tag: string;
  /** The chunks to send, head first. */
  readonly chunks: readonly Uint8Array[];
  /** When encoding started, by `Clock`, epoch milliseconds. */
  readonly at: number;
}

const LEAST_AGE_MS = 2_000;
/** Minimum age of the newest keyframe, as a multiple of the time it took to make. */
const REST_WITH_VIEWERS = 5;
const REST_ALONE = 12;
/** The distance at which a keyframe is made without a request. */
const FAR = 1 / 4;
/** How long encoding blocks the event loop at a time, in milliseconds, apart from single longer steps. */
const SLICE_MS = 10;

const compress = promisify(gzip);

async function packed(text: string): Promise<Uint8Array> {
  const plain = Buffer.from(text);
  const bytes = await compress(plain, { level: 6 });
  releaseBytes(plain);
  return Buffer.concat([lengthBefore(bytes.byteLength), bytes]);
}

/** The keyframes of one record set. */
export class Keyframes {
  readonly #source: KeyframeSource;
  readonly #clock: Clock;
  /** Chunks that are being compressed. */
  readonly #packing = new Set<Promise<Uint8Array>>();
  readonly #encoder = new KeyframeEncoder((text) => this.#pack(text));
  readonly #stopListening: () => void;
  #newest: ServedKeyframe | null = null;
  /** How long the newest one took, in milliseconds. */
  #took = 0;
  #making: Promise<void> | null = null;
  #isClosed = false;

  constructor(source: KeyframeSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
    source.replica.onChange((table, _, before, after) => this.#encoder.changed(table, before, after));
    this.#stopListening = source.onCommit(() => this.#lookAhead());
  }

  /**
   * The newest keyframe from which the stream can continue: immediately if there is one, otherwise when it is ready.
   */
  async get(): Promise<ServedKeyframe> {
    for (;;) {
      const newest = this.#newest;
      if (newest !== null && this.#distance(newest) <= 1) {
        if (newest.version !== this.#source.version) this.#makeAfter(REST_WITH_VIEWERS);
        return newest;
      }
      await (this.#making ?? this.#make());
    }
  }

  get isMaking(): boolean {
    return this.#making !== null;
  }

  /** Resolves when none is being made. */
  async settled(): Promise<void> {
    await this.#making?.catch(() => undefined);
  }

  /** Stops making keyframes. */
  close(): void {
    this.#isClosed = true;
    this.#stopListening();
  }

  #distance({ version }: ServedKeyframe): number {
    return this.#source.distanceFrom(version) ?? Infinity;
  }

  #lookAhead(): void {
    if (this.#newest === null) {
      const sources = [...this.#source.replica.records.sources.values()];
      if (sources.length > 0 && sources.every(({ id, state }) => state !== 'starting' || id === METRICS))
        this.#makeAfter(0);
    } else if (this.#distance(this.#newest) > FAR) this.#makeAfter(REST_ALONE);
  }

  /** Makes a keyframe in the background, unless the newest is too young. */
  #makeAfter(rest: number): void {
    if (this.#making !== null || this.#isClosed) return;
    const age = this.#newest === null ? Infinity : this.#clock.now() - this.#newest.at;
    if (age < Math.max(LEAST_AGE_MS, rest * this.#took)) return;
    // The next caller of `get` encounters the same failure and reports it.
    this.#make().catch(() => undefined);
  }

  #make(): Promise<void> {
    this.#making = this.#encode().finally(() => (this.#making = null));
    return this.#making;
  }

  async #encode(): Promise<void> {
    const { epoch, version, replica } = this.#source;
    // If no delta leads on from the last one, all records have been replaced.
    if (this.#newest !== null && this.#distance(this.#newest) === Infinity) this.#encoder.reset();
    const at = this.#clock.now();
    const meta = { epoch, version, takenAt: new Date(this.#source.now()).toISOString() };
    const steps = this.#encoder.steps(withRecordedStates(this.#source), replica.cluster, meta);
    const { chunks } = await this.#inSlices(steps);
    this.#newest = { version, tag: `"${formatPosition(meta)}"`, chunks: await Promise.all(chunks), at };
    this.#took = this.#clock.now() - at;
  }

  #pack(text: string): Promise<Uint8Array> {
    const packing = packed(text);
    this.#packing.add(packing);
    const end = (): unknown => this.#packing.delete(packing);
    packing.then(end, end);
    return packing;
  }

  /** Waits after each slice until its chunks have been compressed, so that their texts do not add up in memory. */
  async #inSlices<T>(steps: Generator<undefined, T>): Promise<T> {
    for (;;) {
      const until = performance.now() + SLICE_MS;
      do {
        const step = steps.next();
        if (step.done === true) return step.value;
      } while (performance.now() < until);
      await Promise.all([setImmediate(), ...this.#packing]);
    }
  }
}
