/**
 * Turns the objects of lists and watches into observations.
 *
 * - While a first list runs, its facts are delivered as they arrive, at the receiver's pace. Only the end of the list
 * reports missing objects.
 * - A relist is one batch: the changes, and the keys that still exist. Objects with a known version are not even
 * decoded, so the batch contains only changes, and viewers never see half of it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Observation } from '../../../model/observation';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { keepOnlyOf, removeOf, upsertOf, type Entry } from '../observe';
import type { Item, WatchEvent } from './codec';

/** How long one slice may take before the event loop gets a turn. */
const SLICE_MS = 20;
/**
 * Number of facts delivered at once: `first` at the start, then `growth` times the total so far, up to `most`. A list
 * is ordered by name, so every portion has pods of every node, and each of these nodes is derived again: with equal
 * portions the work would grow with the square of the list.
 */
const PORTION = { first: 500, growth: 7, most: 100_000 } as const;
/**
 * Approximate number of pods applied together. A portion is split by node: each of its nodes is derived once, as in one
 * batch, and facts of other sources do not wait for the whole portion.
 */
const PART = 4000;

/** Options of a projector. */
export interface ProjectorOptions {
  readonly row: AnyKindRow;
  /** Called once, for the first object that makes the normaliser throw, which is a bug of ours. */
  readonly complain: (message: string) => void;
  /** Receives a portion of a first list; resolves when the next one may follow. */
  readonly deliver: (portion: readonly Observation[]) => Promise<void>;
}

/** The known objects at the time of `mark`. */
export interface Marked {
  /** Versions of all objects, by name; a copy for the caller. */
  readonly versions: Map<string, string>;
  /** Names of the objects with events since then. */
  readonly touched: ReadonlySet<string>;
  /** Whether no list has started since. */
  readonly isCurrent: () => boolean;
  readonly end: () => void;
}

/** The facts of one kind. */
export class Projector {
  readonly #options: ProjectorOptions;
  #complained = false;
  /** Versions of the objects whose facts were sent or are waiting, by name. */
  #known = new Map<string, string>();
  /** Like `#known`, for the list in progress. */
  #listed = new Map<string, string>();
  /** Objects of the list in progress that are no longer relevant. */
  #irrelevant = new Set<string>();
  #held: Observation[] = [];
  /** Whether a complete list has been sent. */
  #isWhole = false;
  /** Number of facts sent in portions. */
  #delivered = 0;
  /** Resolves when the last portion has been applied. */
  #portion = Promise.resolve();
  /**
   * For facts with a key other than the object's name: an object that is no longer relevant normalises to null, and
   * then the fact can be found only by the object's name.
   */
  readonly #keyByName = new Map<string, string>();
  /** How often delivered facts were discarded; the rest of a portion from before that is not delivered. */
  #forgotten = 0;
  /** How many lists have started. */
  #lists = 0;
  /** Names of objects with events since `mark`; null when nothing is marked. */
  #touched: Set<string> | null = null;

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  /** Whether facts of an unfinished list have been delivered. */
  get isPartial(): boolean {
    return !this.#isWhole && this.#known.size + this.#listed.size > 0;
  }

  /** Number of objects received of the list in progress. */
  get listed(): number {
    return this.#listed.size;
  }

  /** A new list begins. Facts of an unfinished first list stay, because they are already shown. */
  begin(): void {
    this.#lists++;
    if (this.#isWhole) this.#held = [];
    else for (const [name, version] of this.#listed) this.#known.set(name, version);
    this.#listed = new Map();
    this.#irrelevant = new Set();
  }

  /** Discards everything delivered so far. */
  forget(): void {
    this.#forgotten++;
    this.#known = new Map();
    this.#listed = new Map();
    this.#held = [];
    this.#keyByName.clear();
    this.#isWhole = false;
    this.#delivered = 0;
  }

  /** Forgets the known versions: every object of the next list is decoded. */
  forgetVersions(): void {
    this.#forgotten++;
    this.#known = new Map();
    this.#listed = new Map();
    this.#held = [];
    // Delivered as it arrives, so that the facts are not held twice.
    this.#isWhole = false;
    this.#delivered = 0;
  }

  /** Marks the known objects, for a comparison with a list that begins now. Only one mark at a time. */
  mark(): Marked {
    const lists = this.#lists;
    const touched = new Set<string>();
    this.#touched = touched;
    return {
      versions: new Map(this.#known),
      touched,
      isCurrent: () => this.#lists === lists,
      end: () => {
        this.#touched = null;
      },
    };
  }

  /** Adds objects of the list in progress. Throws the `TroubleError` of an item that cannot be decoded. */
  async list(items: Iterable<Item>): Promise<void> {
    let sliceEnd = performance.now() + SLICE_MS;
    for (const item of items) {
      this.#listOne(item);
      if (!this.#isWhole && this.#held.length >= this.#portionSize) {
        // One portion is applied while the next one is decoded.
        await this.#portion;
        this.#portion = this.#deliver();
      }
      if (performance.now() < sliceEnd) continue;
      await nextTurn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    await nextTurn();
  }

  /**
   * Await this before the end of a list: an event that overtook a part of the list would be undone by it. Also delivers
   * the waiting facts of a first list, unless they are few enough to be sent with the end.
   */
  async rest(): Promise<void> {
    await this.#portion;
    if (!this.#isWhole && this.#held.length > PART) await this.#deliver();
  }

  /** Events before the end of a streamed list. */
  async listEvents(events: readonly WatchEvent[]): Promise<void> {
    const puts: Item[] = [];
    for (const event of events) {
      if (event.type === 'put') puts.push(event.item);
      if (event.type !== 'delete') continue;
      await this.list(puts.splice(0));
      this.#unlist(event.item);
    }
    await this.list(puts);
  }

  /** The list is complete: returns what has not been delivered, as one batch. */
  end(): Observation[] {
    const { row } = this.#options;
    const keys = new Set<string>();
    for (const name of this.#listed.keys())
      if (!this.#irrelevant.has(name)) keys.add(this.#keyByName.get(name) ?? name);
    for (const name of this.#keyByName.keys()) if (!this.#listed.has(name)) this.#keyByName.delete(name);
    const observations = [...this.#held, keepOnlyOf(row, keys)];
    this.#known = this.#listed;
    this.#listed = new Map();
    this.#irrelevant = new Set();
    this.#held = [];
    this.#isWhole = true;
    return observations;
  }

  /** Null for a bookmark, which concerns no object. */
  event(event: WatchEvent): Observation | null {
    if (event.type === 'bookmark') return null;
    const { row } = this.#options;
    const { key: name, uid, version } = event.item;
    this.#touched?.add(name);
    const entry = this.#normalise(event.item);
    if (event.type === 'put') this.#known.set(name, version);
    else this.#known.delete(name);
    if (event.type === 'put' && entry !== null) {
      this.#remember(name, entry);
      return upsertOf(row, entry);
    }
    const key = entry?.key ?? this.#keyByName.get(name) ?? name;
    if (event.type === 'delete') this.#keyByName.delete(name);
    return removeOf(row, key, uid);
  }

  /** The observation for an object that no longer exists, independent of events. */
  gone(name: string): Observation {
    this.#known.delete(name);
    const key = this.#keyByName.get(name) ?? name;
    this.#keyByName.delete(name);
    return removeOf(this.#options.row, key, null);
  }

  async #deliver(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    this.#delivered += held.length;
    const forgotten = this.#forgotten;
    for (const part of partsOf(held)) {
      if (this.#forgotten !== forgotten) return;
      await this.#options.deliver(part);
    }
  }

  get #portionSize(): number {
    return Math.min(PORTION.most, Math.max(PORTION.first, PORTION.growth * this.#delivered));
  }

  #listOne(item: Item): void {
    const { key: name, version } = item;
    const isKnown = version !== '' && this.#known.get(name) === version;
    const wasListed = this.#listed.has(name);
    this.#listed.set(name, version);
    if (isKnown && !wasListed) return;
    const entry = this.#normalise(item);
    if (entry === null) {
      this.#irrelevant.add(name);
      return;
    }
    this.#irrelevant.delete(name);
    this.#remember(name, entry);
    this.#held.push(upsertOf(this.#options.row, entry));
  }

  #unlist({ key: name, uid }: Item): void {
    this.#listed.delete(name);
    this.#held.push(removeOf(this.#options.row, this.#keyByName.get(name) ?? name, uid));
  }

  #normalise(item: Item): Entry | null {
    const { row, complain } = this.#options;
    const object = item.read();
    try {
      return row.normalise(object);
    } catch (error) {
      if (!this.#complained) complain(`${row.id}: an object could not be read: ${String(error)}`);
      this.#complained = true;
      return null;
    }
  }

  #remember(name: string, entry: Entry): void {
    if (entry.key !== name) this.#keyByName.set(name, entry.key);
  }
}

const nodeOf = (observation: Observation): string =>
  observation.op === 'upsert' && observation.kind === 'pod' ? (observation.fact.node ?? '') : '';

/** Splits pods by node, several nodes per part; other kinds, and lists with duplicate objects, are one part. */
function partsOf(observations: readonly Observation[]): readonly (readonly Observation[])[] {
  const keys = new Set(observations.map((one) => (one.op === 'upsert' && one.kind === 'pod' ? one.key : '')));
  if (observations.length <= PART || keys.has('') || keys.size < observations.length) return [observations];
  const parts: Observation[][] = [];
  for (const [node, pods] of Map.groupBy(observations, nodeOf)) {
    let part = parts.at(-1);
    if (part === undefined || part.length >= PART) parts.push((part = []));
    for (const pod of pods) {
      // Pods without a node may be split anywhere.
      if (node === '' && part.length >= PART) parts.push((part = []));
      part.push(pod);
    }
  }
  return parts;
}
