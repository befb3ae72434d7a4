/**
 * Pods, packed: 150,000 of them differ in name, uid, times, node and addresses, and share all else with the other pods of
 * their workload. What is shared is kept once; a whole fact is put together when it is read.
 */
import type { NetworkStatusEntry, PodFact } from '../../model/facts';
import { podId } from '../../model/ids';
import { equal } from '../../records/equal';
import { FactTable } from './table';

/** The fields of a pod that it does not share with others. */
class PackedPod {
  constructor(
    /** Record id. */
    readonly id: string,
    /** `namespace/name`, where names allow a part of the id itself. */
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

/** Most sets of labels that are kept for sharing; the collection is cleared when it has more. */
const MAX_LABEL_SETS = 50_000;
/** Kinds of pod that are kept of one set of labels: pods of one workload differ in phase and readiness at most. */
const MAX_VARIANTS = 8;

/** The pods, packed: most of a large cluster’s facts. */
export class PodTable extends FactTable<PodFact> {
  readonly #packed = new FactTable<PackedPod>();
  /** By labels, which are mostly one object where they are equal; the newest last. */
  #shared = new Map<Shared['labels'], Shared[]>();
  #newest: { readonly id: string; readonly key: string } | null = null;

  #share(shared: Shared): Shared {
    const alike = this.#shared.get(shared.labels);
    const known = alike?.findLast((one) => equal(one, shared));
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

  /** The pod's record id, the same string as long as the pod is the same. */
  idOf(key: string): string | undefined {
    return this.#packed.get(key)?.id;
  }

  /** The one string under which every index has a pod: a part of its record id, which is kept anyway. Ask before an index takes the key. */
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
    // Records hold the strings of the first fact of a pod: later facts take those over, so that there is one copy.
    const before = this.#packed.in(scope, key);
    const same = before?.uid === uid ? before : undefined;
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
        same !== undefined && equal(same.ips, ips) ? same.ips : exact(ips),
        reported.length === 0 ? NONE : reported.map(exactEntry),
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

/** A list that was pushed to has room for more, which 150,000 lists of one address need not. */
const exact = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE : list.slice());

const exactEntry = (entry: NetworkStatusEntry): NetworkStatusEntry => ({
  ...entry,
  ips: exact(entry.ips),
  gateways: exact(entry.gateways),
});

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
