/** The ids from EC2's answers that other calls need; ids only, so that facts are not stored twice. */
import type { EniFact } from '../../../model/facts';
import type { Sweep } from './interfaces';
import type { ReservationRead } from './xml/projection';

/** Ids found so far. */
export class Inventory {
  readonly #vpcs = new Set<string>();
  #subnets: ReadonlySet<string> = new Set();
  /** ENI → the instance it is attached to. */
  readonly #instanceOf = new Map<string, string | null>();
  /** Instance → its type; null until EC2 has returned one. */
  readonly #typeOf = new Map<string, string | null>();
  #describedTypes: ReadonlySet<string> = new Set();
  #hasSweep = false;

  /** Whether all interfaces have been read once. */
  get hasSweep(): boolean {
    return this.#hasSweep;
  }
  /** Every VPC with a known interface or instance. */
  get vpcs(): ReadonlySet<string> {
    return this.#vpcs;
  }
  /** Subnets with an interface, sorted. */
  get subnets(): readonly string[] {
    return [...this.#subnets].sort();
  }
  /** Types of the described instances. */
  get instanceTypes(): readonly string[] {
    return [...this.#typeOf.values()].filter((type) => type !== null);
  }

  takeSweep({ enis }: Pick<Sweep, 'enis'>): void {
    this.#hasSweep = true;
    this.#subnets = new Set([...enis.values()].flatMap(({ subnet }) => subnet ?? []));
    this.#instanceOf.clear();
    this.takeInterfaces([...enis.values()]);
  }

  takeInterfaces(enis: readonly EniFact[]): void {
    for (const eni of enis) {
      this.#instanceOf.set(eni.id, eni.instanceId);
      if (eni.vpc !== null) this.#vpcs.add(eni.vpc);
    }
  }

  dropInterface(eni: string): void {
    this.#instanceOf.delete(eni);
  }

  /** Interfaces last seen on these instances. */
  interfacesOn(instances: readonly string[]): string[] {
    return [...this.#instanceOf].flatMap(([eni, on]) => (on !== null && instances.includes(on) ? [eni] : []));
  }

  /** Call after a full read: instances that were not found are not requested again before the next one. */
  replaceInstances(asked: readonly string[], found: readonly ReservationRead[]): void {
    this.#typeOf.clear();
    this.expect(asked);
    this.takeInstances(found);
  }

  expect(instances: readonly string[]): void {
    for (const id of instances) this.#typeOf.set(id, null);
  }

  takeInstances(found: readonly ReservationRead[]): void {
    for (const { instances, vpcs } of found) {
      for (const { id, instanceType } of instances) this.#typeOf.set(id, instanceType);
      for (const vpc of vpcs) this.#vpcs.add(vpc);
    }
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
