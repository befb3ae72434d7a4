/** What one EC2 call must know of the answers of the others, by id only: no second copy of the facts. */
import type { EniFact, InstanceFact } from '../../../model/facts';
import type { Sweep } from './interfaces';

export class Inventory {
  #vpcs: ReadonlySet<string> = new Set();
  #subnets: ReadonlySet<string> = new Set();
  /** ENI → the instance it is attached to. */
  readonly #instanceOf = new Map<string, string | null>();
  /** Instance → its type; null while EC2 has not named one. */
  readonly #typeOf = new Map<string, string | null>();
  #describedTypes: ReadonlySet<string> = new Set();

  get vpcs(): ReadonlySet<string> {
    return this.#vpcs;
  }
  /** Subnets that hold an interface, sorted. */
  get subnets(): readonly string[] {
    return [...this.#subnets].sort();
  }
  /** Types of the instances that EC2 has described. */
  get instanceTypes(): readonly string[] {
    return [...this.#typeOf.values()].filter((type) => type !== null);
  }

  takeSweep({ enis, vpcs }: Sweep): void {
    this.#vpcs = vpcs;
    this.#subnets = new Set([...enis.values()].flatMap(({ subnet }) => subnet ?? []));
    this.#instanceOf.clear();
    this.takeInterfaces([...enis.values()]);
  }

  takeInterfaces(enis: readonly EniFact[]): void {
    for (const eni of enis) this.#instanceOf.set(eni.id, eni.instanceId);
  }

  dropInterface(eni: string): void {
    this.#instanceOf.delete(eni);
  }

  /** Interfaces last seen on these instances. */
  interfacesOn(instances: readonly string[]): string[] {
    return [...this.#instanceOf].flatMap(([eni, on]) => (on !== null && instances.includes(on) ? [eni] : []));
  }

  /** A full read: instances that were asked for and not found are not asked for again before the next one. */
  replaceInstances(asked: readonly string[], found: readonly InstanceFact[]): void {
    this.#typeOf.clear();
    this.expect(asked);
    this.takeInstances(found);
    const missing = found.flatMap(({ vpc }) => (vpc === null || this.#vpcs.has(vpc) ? [] : vpc));
    if (missing.length > 0) this.#vpcs = new Set([...this.#vpcs, ...missing]);
  }

  expect(instances: readonly string[]): void {
    for (const id of instances) this.#typeOf.set(id, null);
  }

  takeInstances(found: readonly InstanceFact[]): void {
    for (const { id, instanceType } of found) this.#typeOf.set(id, instanceType);
  }

  knows(instance: string): boolean {
    return this.#typeOf.has(instance);
  }

  takeTypes(described: readonly string[]): void {
    this.#describedTypes = new Set(described);
  }

  isDescribed(type: string): boolean {
    return this.#describedTypes.has(type);
  }
}
