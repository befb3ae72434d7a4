/**
 * Indexes over names and shared values for look-ups, created by the first look-up and then kept up to date. Ids are
 * joined into texts, so that a part of a name is found quickly; a change invalidates the text of a few hundred ids.
 */
import type { InterfaceRecord, PodRecord, Table } from '../../model/records';
import type { Replica } from '../../records/replica';
import { labelText } from '../query/facts/names';

/**
 * Number of parts of a table's ids: large enough that rebuilding one part is quick, small enough that searching all of
 * them is.
 */
const PARTS = 256;
/** Number of trailing characters of an id that are hashed; ids differ at the end. */
const HASHED_CHARACTERS = 8;

function partOf(id: string): number {
  let hash = 7;
  for (let at = Math.max(0, id.length - HASHED_CHARACTERS); at < id.length; at++)
    hash = (hash * 31 + id.charCodeAt(at)) | 0;
  return (hash >>> 0) % PARTS;
}

const BREAK = '\n';

/** The ids of a table, one per line. */
class IdText {
  readonly #ids = Array.from({ length: PARTS }, () => new Set<string>());
  readonly #texts: (string | null)[] = Array.from({ length: PARTS }, () => null);

  add(id: string): void {
    const part = partOf(id);
    this.#ids[part]?.add(id);
    this.#texts[part] = null;
  }

  drop(id: string): void {
    const part = partOf(id);
    this.#ids[part]?.delete(id);
    this.#texts[part] = null;
  }

  /** The ids that contain the text after their prefix. `atEnd`: that end with it. */
  *with(needle: string, atEnd = false): Generator<string, void> {
    const wanted = atEnd ? `${needle}${BREAK}` : needle;
    for (let part = 0; part < PARTS; part++) {
      const text = (this.#texts[part] ??= `${BREAK}${[...(this.#ids[part] ?? [])].join(BREAK)}${BREAK}`);
      for (let at = text.indexOf(wanted); at >= 0;) {
        const begin = text.lastIndexOf(BREAK, at) + 1;
        const end = text.indexOf(BREAK, at);
        const id = text.slice(begin, end);
        const isBehindKind = id.indexOf(needle, id.indexOf(':') + 1) >= 0;
        if (isBehindKind) yield id;
        at = text.indexOf(wanted, end);
      }
    }
  }
}

/** Number of records by value. */
class Counts {
  readonly #counts = new Map<string, number>();

  add(value: string | null, by: 1 | -1): void {
    if (value === null) return;
    const count = (this.#counts.get(value) ?? 0) + by;
    if (count > 0) this.#counts.set(value, count);
    else this.#counts.delete(value);
  }

  of(value: string): number {
    return this.#counts.get(value) ?? 0;
  }

  all(): Iterable<readonly [value: string, count: number]> {
    return this.#counts;
  }
}

/** Number of pods by label. Counts whole label sets, of which there are a few thousand. */
class Labels {
  readonly #counts = new Counts();

  add(labels: PodRecord['labels'], by: 1 | -1): void {
    this.#counts.add(labelText(labels), by);
  }

  /** Number of pods by label (`app=web`), for labels that the predicate accepts. */
  where(accepts: (label: string) => boolean): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [set, count] of this.#counts.all())
      for (const label of set.split(BREAK))
        if (label !== '' && accepts(label)) found.set(label, (found.get(label) ?? 0) + count);
    return found;
  }

  /** Number of pods with a label of this name (lower-case), with any value. */
  named(name: string): number {
    const wanted = `${BREAK}${name}=`;
    let sum = 0;
    for (const [set, count] of this.#counts.all()) if (`${BREAK}${set.toLowerCase()}`.includes(wanted)) sum += count;
    return sum;
  }
}

const NAMED = ['nodes', 'pods', 'networks', 'enis', 'subnets'] as const satisfies readonly Table[];
type NamedTable = (typeof NAMED)[number];
const isNamed = (table: Table): table is NamedTable => NAMED.some((one) => one === table);

/** Finds the records whose names or ids contain a text. */
export class TextIndex {
  readonly #replica: Replica;
  #ids!: Readonly<Record<NamedTable, IdText>>;
  #interfaceNames!: Counts;
  #namespaces!: Counts;
  #owners!: Counts;
  #labels!: Labels;

  constructor(replica: Replica) {
    this.#replica = replica;
    this.#build();
    replica.onChange(
      (table, id, before, after) => this.#change(table, id, before, after),
      () => this.#build(),
    );
  }

  /** Ids of nodes, pods, networks, ENIs and subnets that contain the text. */
  *idsWith(text: string): Generator<string, void> {
    for (const table of NAMED) yield* this.#ids[table].with(text);
  }

  /** Ids of the pods with this name, in any namespace. `name`: encoded as in an id. */
  podsNamed(name: string): Iterable<string> {
    return this.#ids.pods.with(`/${name}`, true);
  }

  interfacesNamed = (name: string): number => this.#interfaceNames.of(name);
  podsIn = (namespace: string): number => this.#namespaces.of(namespace);
  podsOf = (owner: string): number => this.#owners.of(owner);
  podsLabelled = (name: string): number => this.#labels.named(name);
  labelsWhere = (accepts: (label: string) => boolean): ReadonlyMap<string, number> => this.#labels.where(accepts);

  #build(): void {
    this.#ids = {
      nodes: new IdText(),
      pods: new IdText(),
      networks: new IdText(),
      enis: new IdText(),
      subnets: new IdText(),
    };
    this.#interfaceNames = new Counts();
    this.#namespaces = new Counts();
    this.#owners = new Counts();
    this.#labels = new Labels();
    const { records } = this.#replica;
    for (const table of NAMED) for (const id of records[table].keys()) this.#ids[table].add(id);
    for (const pod of records.pods.values()) this.#countPod(pod, 1);
    for (const { name } of records.interfaces.values()) this.#interfaceNames.add(name, 1);
  }

  #countPod({ namespace, owner, labels }: PodRecord, by: 1 | -1): void {
    this.#namespaces.add(namespace, by);
    this.#owners.add(owner?.name ?? null, by);
    this.#labels.add(labels, by);
  }

  #change(table: Table, id: string, before: object | undefined, after: object | undefined): void {
    if (isNamed(table) && (before === undefined) !== (after === undefined)) {
      if (after === undefined) this.#ids[table].drop(id);
      else this.#ids[table].add(id);
    }
    if (table === 'pods') {
      if (before !== undefined) this.#countPod(before as PodRecord, -1);
      if (after !== undefined) this.#countPod(after as PodRecord, 1);
    }
    if (table === 'interfaces') {
      if (before !== undefined) this.#interfaceNames.add((before as InterfaceRecord).name, -1);
      if (after !== undefined) this.#interfaceNames.add((after as InterfaceRecord).name, 1);
    }
  }
}

const kept = new WeakMap<Replica, TextIndex>();

/** The index of a record set; built on first use. */
export function textIndexOf(replica: Replica): TextIndex {
  const known = kept.get(replica) ?? new TextIndex(replica);
  kept.set(replica, known);
  return known;
}
