/**
 * Turns the objects of lists and watches into observations.
 *
 * - While a first list runs, its facts are handed on as they come, and the receiver sets the pace. They say nothing of
 *   what is missing: that does the end of the list.
 * - A later list is one batch: what has changed since, and what is still there. Objects whose version is known are not
 *   even decoded, so that it holds no more than what has changed, and nobody sees half of it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Observation } from '../../../model/observation';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { keepOnlyOf, removeOf, upsertOf, type Entry } from '../observe';
import type { Item, WatchEvent } from './codec';

/** How long one slice may take before the event loop gets a turn. */
const SLICE_MS = 20;
/**
 * Facts that are handed on at once: at first so many, then seven times as many as before in all, up to the most. A list goes by
 * name, so every portion has pods of every node, and each of these is derived again: in equal portions the work would grow with
 * the square of the list.
 */
const PORTION = { first: 500, growth: 7, most: 100_000 } as const;
/**
 * Pods that are applied together, about. A portion goes by node: each of its nodes is derived once, as in one batch, and what other
 * sources bring meanwhile does not wait for all of it.
 */
const PART = 4000;

/** What a projector works with. */
export interface ProjectorOptions {
  readonly row: AnyKindRow;
  /** Called once, for the first object that made the normaliser throw: that is a bug of ours. */
  readonly complain: (message: string) => void;
  /** Takes a portion of a first list; resolves when the next one may come. */
  readonly deliver: (portion: readonly Observation[]) => Promise<void>;
}

/** What was known at the time of `mark`. */
export interface Marked {
  /** Versions of all objects, by name; a copy for the caller. */
  readonly versions: Map<string, string>;
  /** Names of the objects that had events since. */
  readonly touched: ReadonlySet<string>;
  /** Whether no list has started since. */
  readonly isCurrent: () => boolean;
  readonly end: () => void;
}

/** The facts of one kind. */
export class Projector {
  readonly #options: ProjectorOptions;
  #complained = false;
  /** Versions of the objects whose facts were sent or are held, by name. */
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
   * Some facts have a key other than the object's name. It is remembered, because an object that is no longer relevant
   * normalises to null, and then only its name is left to find the fact.
   */
  readonly #keyByName = new Map<string, string>();
  /** How often what was handed on was forgotten: what is left of a portion is not handed on any more then. */
  #forgotten = 0;
  /** How many lists have started. */
  #lists = 0;
  /** Names of objects with events since `mark`; null when nothing is marked. */
  #touched: Set<string> | null = null;

  constructor(options: ProjectorOptions) {
    this.#options = options;
  }

  /** Whether facts of a list were handed on that has not come to its end. */
  get isPartial(): boolean {
    return !this.#isWhole && this.#known.size + this.#listed.size > 0;
  }

  /** How many objects of the list in progress have come. */
  get listed(): number {
    return this.#listed.size;
  }

  /** A new list begins. What an earlier one left unfinished still counts if it was a first one: it is in sight. */
  begin(): void {
    this.#lists++;
    if (this.#isWhole) this.#held = [];
    else for (const [name, version] of this.#listed) this.#known.set(name, version);
    this.#listed = new Map();
    this.#irrelevant = new Set();
  }

  /** Nothing that was handed on stands any more. */
  forget(): void {
    this.#forgotten++;
    this.#known = new Map();
    this.#listed = new Map();
    this.#held = [];
    this.#keyByName.clear();
    this.#isWhole = false;
    this.#delivered = 0;
  }

  /** The versions that are known say nothing any more: every object of the next list is decoded. */
  forgetVersions(): void {
    this.#forgotten++;
    this.#known = new Map();
    this.#listed = new Map();
    this.#held = [];
    // Handed on as it comes, so that the facts are not held twice.
    this.#isWhole = false;
    this.#delivered = 0;
  }

  /** What is known now, to be compared with a list that begins now. One at a time. */
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

  /** Objects of the list in progress. Throws the `TroubleError` of an item that cannot be read. */
  async list(items: Iterable<Item>): Promise<void> {
    let sliceEnd = performance.now() + SLICE_MS;
    for (const item of items) {
      this.#listOne(item);
      if (!this.#isWhole && this.#held.length >= this.#portionSize) {
        // One portion is taken in while the next one is decoded.
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
   * To be awaited before the end of a list: an event that overtook a part of the list would be undone by it. Hands on what is
   * held of a first list as well, unless it is so little that it may come with the end.
   */
  async rest(): Promise<void> {
    await this.#portion;
    if (!this.#isWhole && this.#held.length > PART) await this.#deliver();
  }

  /** Events that came before the end of a list that is streamed. */
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

  /** The list is complete: what is left to be handed on, as one batch. */
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

  /** Null for a bookmark, which is about no object. */
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

  /** An object that is not there any more, whatever the events said. */
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

/** Pods by node, some nodes at a time; anything else, and what names an object twice, is one part. */
function partsOf(observations: readonly Observation[]): readonly (readonly Observation[])[] {
  const keys = new Set(observations.map((one) => (one.op === 'upsert' && one.kind === 'pod' ? one.key : '')));
  if (observations.length <= PART || keys.has('') || keys.size < observations.length) return [observations];
  const parts: Observation[][] = [];
  for (const [node, pods] of Map.groupBy(observations, nodeOf)) {
    let part = parts.at(-1);
    if (part === undefined || part.length >= PART) parts.push((part = []));
    for (const pod of pods) {
      // Pods without a node may be parted anywhere.
      if (node === '' && part.length >= PART) parts.push((part = []));
      part.push(pod);
    }
  }
  return parts;
}
