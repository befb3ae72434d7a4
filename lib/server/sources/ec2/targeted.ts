/** Reads individual instances between full reads: those with a change, and those that have just joined. */
import { counted } from '../../../model/counted';
import type { Batcher } from '../batcher';
import { removeOf, upsertOf } from '../observe';
import type { SourceContext } from '../source';
import { entryOf, instanceEntries, INSTANCES, NETWORK_INTERFACES, readInstances } from './calls';
import type { Describe } from './describe';
import { readAttached, type FreshRead, type FreshReads } from './interfaces';
import type { Inventory } from './inventory';
import type { Pace } from './pace';
import { ec2TroubleOf } from './trouble';

/** Maximum instances per call. */
const MOST_INSTANCES = 200;

/** Options of targeted reads. */
export interface TargetedOptions {
  readonly ctx: SourceContext;
  readonly describe: Describe;
  readonly inventory: Inventory;
  readonly batcher: Batcher;
  readonly pace: Pace;
  /** Between two targeted reads. */
  readonly gapMs: number;
}

/** The queue of instances to read soon. */
export class TargetedReads {
  readonly #options: TargetedOptions;
  /** Instance → when it was requested; epoch milliseconds. */
  readonly #waiting = new Map<string, number>();
  #lastAt = Number.NEGATIVE_INFINITY;
  #fresh: Map<string, FreshRead> | null = null;

  constructor(options: TargetedOptions) {
    this.#options = options;
  }

  /** Requests an early read of these instances. */
  request(instances: Iterable<string>): void {
    const now = this.#options.ctx.now();
    for (const id of instances) this.#waiting.set(id, now);
  }

  /** A sweep read these instances at these times, which satisfies earlier requests. */
  swept(requestedAt: ReadonlyMap<string, number>): void {
    for (const [id, since] of this.#waiting) if (since < (requestedAt.get(id) ?? -Infinity)) this.#waiting.delete(id);
  }

  /** When the next read may start, epoch milliseconds; Infinity without requests. */
  get dueAt(): number {
    const { gapMs, pace } = this.#options;
    return this.#waiting.size === 0 ? Number.POSITIVE_INFINITY : this.#lastAt + gapMs * pace.slowdown;
  }

  /** Until `forget` is called, also keeps what is read here for the running sweep. */
  remember(): FreshReads {
    return (this.#fresh = new Map());
  }
  forget(): void {
    this.#fresh = null;
  }

  /** Reads the interfaces of the requested instances, if a read is due. */
  async serve(): Promise<void> {
    const { ctx, describe, inventory, batcher } = this.#options;
    const { row } = NETWORK_INTERFACES;
    if (this.dueAt > ctx.now()) return;
    const instances = [...this.#waiting.keys()].slice(0, MOST_INSTANCES);
    for (const id of instances) this.#waiting.delete(id);
    const at = (this.#lastAt = ctx.now());
    try {
      const enis = await readAttached({ ...describe, between: () => Promise.resolve() }, instances);
      for (const id of instances) this.#fresh?.set(id, { at, enis: enis.filter((eni) => eni.instanceId === id) });
      const found = new Set(enis.map(({ id }) => id));
      for (const eni of inventory.interfacesOn(instances)) {
        if (found.has(eni)) continue;
        batcher.add(removeOf(row, eni, null));
        inventory.dropInterface(eni);
      }
      for (const eni of enis) batcher.add(upsertOf(row, entryOf(eni)));
      batcher.flush();
      inventory.takeInterfaces(enis);
      const took = ((ctx.now() - at) / 1_000).toFixed(1);
      ctx.log('debug', `ec2: ${counted(instances.length, 'changed instance')} read in ${took} s: ${enis.length} ENIs`);
    } catch (error) {
      this.#note('a targeted call failed', error, row.action);
    }
  }

  /** Describes the instances that joined since the last full read, and requests their interfaces. */
  async readNewcomers(instances: readonly string[]): Promise<void> {
    const { describe, inventory, batcher } = this.#options;
    const { row } = INSTANCES;
    const newcomers = instances.filter((id) => !inventory.knows(id)).slice(0, MOST_INSTANCES);
    if (newcomers.length === 0) return;
    inventory.expect(newcomers);
    this.request(newcomers);
    try {
      const found = await readInstances(describe, newcomers);
      inventory.takeInstances(found);
      for (const entry of instanceEntries(found)) batcher.add(upsertOf(row, entry));
      batcher.flush();
    } catch (error) {
      this.#note('new instances', error, row.action);
    }
  }

  /** Only logs the error: the next full read will encounter and report it. */
  #note(what: string, error: unknown, action: string): void {
    const { ctx, describe } = this.#options;
    if (!describe.signal.aborted) ctx.log('info', `ec2: ${what}: ${ec2TroubleOf(error, action).message}`);
  }
}
