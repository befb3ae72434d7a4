/**
 * Packed pods: of 150,000 pods, each has its own name, uid, times, node and addresses, and shares all else with the
 * other pods of its workload. Shared parts are stored once; a whole fact is assembled when it is read.
 */
import type { NetworkStatusEntry, PodFact } from '../../model/facts';
import { podId } from '../../model/ids';
import { equal } from '../../model/equal';
import { SharedValues } from '../../records/shared-values';
import { FactTable } from './table';

/** The fields of a pod that differ from pod to pod. */
class PackedPod {
  constructor(
    /** Record id. */
    readonly id: string,
    /** `namespace/name`; a slice of the id where the names allow it. */
    readonly key: string,
    readonly name: string,
    readonly uid: string,
    readonly createdAt: string | null,
    readonly startedAt: string | null,
    readonly node: string | null,
    readonly ips: readonly string[],
    readonly reported: PodFact['reported'],
    readonly claims: PodFact['claims'],
    readonly shared: Shared,
  ) {}
}

type Shared = Omit<PodFact, 'name' | 'uid' | 'createdAt' | 'startedAt' | 'node' | 'ips' | 'reported' | 'claims'>;

const ID_PREFIX = 'pod:';

/** Maximum number of label sets kept for sharing; the collection is cleared beyond that. */
const MAX_LABEL_SETS = 50_000;
/** Maximum number of variants per label set: pods of one workload differ in phase and readiness at most. */
const MAX_VARIANTS = 8;

/** The pods, packed: they are most of a large cluster’s facts. */
export class PodTable extends FactTable<PodFact> {
  readonly #packed = new FactTable<PackedPod>();
  /** Keyed by labels: equal label sets are usually one object. The newest variant is last. */
  #shared = new Map<Shared['labels'], Shared[]>();
  /** Names of networks and interfaces. */
  readonly #texts = new SharedValues();
  #newest: { readonly id: string; readonly key: string } | null = null;

  #share(shared: Shared): Shared {
    const alike = this.#shared.get(shared.labels);
    const known = alike?.findLast((other) => equal(other, shared));
    if (known !== undefined) return known;
    if (alike !== undefined) {
      alike.push(shared);
      if (alike.length > MAX_VARIANTS) alike.shift();
      return shared;
    }
    if (this.#shared.size >= MAX_LABEL_SETS) this.#shared = new Map();
    this.#shared.set(shared.labels, [shared]);
    return shared;
  }

  /** Most pods report one interface, with the pod's own addresses. */
  #exactEntry(entry: NetworkStatusEntry, podIps: readonly string[]): NetworkStatusEntry {
    return {
      ...entry,
      name: this.#texts.of(entry.name),
      interface: this.#texts.of(entry.interface),
      ips: equal(entry.ips, podIps) ? podIps : exact(entry.ips),
      gateways: exact(entry.gateways),
    };
  }

  override get(key: string): PodFact | undefined {
    return unpack(this.#packed.get(key));
  }

  override has(key: string): boolean {
    return this.#packed.has(key);
  }

  nodeOf(key: string): string | null {
    return this.#packed.get(key)?.node ?? null;
  }

  override in(scope: string, key: string): PodFact | undefined {
    return unpack(this.#packed.in(scope, key));
  }

  override isShadowed(scope: string, key: string): boolean {
    return this.#packed.isShadowed(scope, key);
  }

  override keysIn(scope: string): readonly string[] {
    return this.#packed.keysIn(scope);
  }

  /** The pod's record id; the same string object for as long as the pod exists. */
  idOf(key: string): string | undefined {
    return this.#packed.get(key)?.id;
  }

  /**
   * The string object that every index uses as the pod's key: a slice of its record id, which is stored anyway. Call
   * this before an index stores the key.
   */
  keyOf(scope: string, key: string, fact: PodFact): string {
    const known = this.#packed.in(scope, key);
    if (known !== undefined) return known.key;
    const id = podId(fact.namespace, fact.name);
    const part = id.slice(ID_PREFIX.length);
    this.#newest = { id, key: part === key ? part : key };
    return this.#newest.key;
  }

  override set(scope: string, key: string, fact: PodFact): void {
    const { name, uid, createdAt, startedAt, node, ips, reported, claims, ...shared } = fact;
    // Records keep the strings of a pod's first fact. Later facts reuse them, so that there is one copy.
    const before = this.#packed.in(scope, key);
    const same = before?.uid === uid ? before : undefined;
    const podIps = same !== undefined && equal(same.ips, ips) ? same.ips : exact(ips);
    this.#packed.set(
      scope,
      key,
      new PackedPod(
        same?.id ?? (this.#newest?.key === key ? this.#newest.id : podId(fact.namespace, name)),
        same?.key ?? key,
        same?.name ?? name,
        same?.uid ?? uid,
        same?.createdAt === createdAt ? same.createdAt : createdAt,
        same?.startedAt === startedAt ? same.startedAt : startedAt,
        node,
        podIps,
        reported.length === 0 ? NONE : reported.map((entry) => this.#exactEntry(entry, podIps)),
        claims,
        before !== undefined && equal(before.shared, shared) ? before.shared : this.#share(shared),
      ),
    );
  }

  override delete(scope: string, key: string): void {
    this.#packed.delete(scope, key);
  }

  override *entries(): IterableIterator<readonly [key: string, fact: PodFact]> {
    for (const [key, packed] of this.#packed.entries()) yield [key, whole(packed)];
  }
}

const NONE: readonly never[] = [];

/** An array that was pushed to has spare capacity, which would add up over 150,000 one-element lists. */
const exact = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE : list.slice());

const unpack = (packed: PackedPod | undefined): PodFact | undefined =>
  packed === undefined ? undefined : whole(packed);

const whole = ({ shared, name, uid, createdAt, startedAt, node, ips, reported, claims }: PackedPod): PodFact => ({
  ...shared,
  name,
  uid,
  createdAt,
  startedAt,
  node,
  ips,
  reported,
  claims,
});
