/**
 * What changed from one record set to another: what appeared, went, moved, or changed state; structured, and in words.
 * What comes or goes with its owner (a pod's interfaces, a node's cards) is told with the owner alone.
 */
import { harmless } from '../model/harmless';
import { byNaturalName } from '../model/order';
import { TABLES } from '../model/records';
import type { Table, Timestamp, Topology } from '../model/records';
import { TELLINGS } from './diff/words';
import type { States, Telling } from './diff/words';

export interface FieldChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export interface TopologyChange {
  readonly kind: 'appeared' | 'went' | 'moved' | 'changed';
  readonly table: Table;
  readonly id: string;
  /** Of a move: from where to where. Of a change: the states that differ. */
  readonly fields: readonly FieldChange[];
  readonly sentence: string;
}

export interface TopologyDiff {
  readonly before: Timestamp;
  readonly after: Timestamp;
  /** By table in file order, then by id in natural order. */
  readonly changes: readonly TopologyChange[];
  /** For people: a heading, then a sentence for each change. */
  readonly lines: readonly string[];
}

export function diffTopologies(before: Topology, after: Topology): TopologyDiff {
  const perTable = TABLES.map((table) => compareTable(table, before, after));
  const changes = perTable.flatMap(({ told }) => told);
  const left = perTable.reduce((sum, { implied }) => sum + implied, 0);
  return { before: before.takenAt, after: after.takenAt, changes, lines: lines(before, after, changes, left) };
}

interface Compared {
  readonly told: readonly TopologyChange[];
  /** Records that came or went with their owner. */
  readonly implied: number;
}

interface AnyRecord {
  readonly id: string;
}

function compareTable(table: Table, before: Topology, after: Topology): Compared {
  // A table's records and its telling belong together; a variable table hides that from the compiler.
  const telling = TELLINGS[table] as unknown as Telling<AnyRecord>;
  const old = new Map(before[table].map((record): [string, AnyRecord] => [record.id, record]));
  const now = new Map(after[table].map((record): [string, AnyRecord] => [record.id, record]));
  const told: TopologyChange[] = [];
  let implied = 0;
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort(byNaturalName);
  for (const id of ids) {
    const was = old.get(id);
    const is = now.get(id);
    if (was === undefined && is !== undefined) {
      if (withOwner(telling.partOf(is), before)) implied++;
      else told.push(comeOrGone('appeared', table, is, telling));
    } else if (was !== undefined && is === undefined) {
      if (withOwner(telling.partOf(was), after)) implied++;
      else told.push(comeOrGone('went', table, was, telling));
    } else if (was !== undefined && is !== undefined) told.push(...compareRecord(table, was, is, telling));
  }
  return { told, implied };
}

/** Whether an owner is missing on the other side, and so has come or gone itself. */
function withOwner(owners: readonly string[], other: Topology): boolean {
  return owners.some((owner) => owner !== '' && !idsOf(other).has(owner));
}

const ids = new WeakMap<Topology, ReadonlySet<string>>();

function idsOf(topology: Topology): ReadonlySet<string> {
  let known = ids.get(topology);
  if (known === undefined) {
    known = new Set(TABLES.flatMap((table) => topology[table].map((record) => record.id)));
    ids.set(topology, known);
  }
  return known;
}

function comeOrGone(
  kind: 'appeared' | 'went',
  table: Table,
  record: AnyRecord,
  telling: Telling<AnyRecord>,
): TopologyChange {
  const place = telling.place(record);
  const where = place === null ? '' : `${kind === 'appeared' ? ' on ' : ' from '}${place}`;
  return { kind, table, id: record.id, fields: [], sentence: sentenceOf(`${telling.name(record)} ${kind}${where}.`) };
}

function compareRecord(
  table: Table,
  was: AnyRecord,
  is: AnyRecord,
  telling: Telling<AnyRecord>,
): readonly TopologyChange[] {
  const result: TopologyChange[] = [];
  const { id } = is;
  const [from, to] = [telling.place(was), telling.place(is)];
  const name = telling.name(is);
  if (from !== to) {
    const field: FieldChange = { field: 'place', before: from ?? 'nowhere', after: to ?? 'nowhere' };
    const sentence = sentenceOf(`${name} moved from ${field.before} to ${field.after}.`);
    result.push({ kind: 'moved', table, id, fields: [field], sentence });
  }
  const fields = differences(telling.states(was), telling.states(is));
  if (fields.length > 0) {
    const what = fields.map((one) => `${one.field} from ${one.before} to ${one.after}`).join('; ');
    result.push({ kind: 'changed', table, id, fields, sentence: sentenceOf(`${name} changed: ${what}.`) });
  }
  return result;
}

function differences(before: States, after: States): readonly FieldChange[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((field) => {
    const [was, is] = [before[field] ?? 'none', after[field] ?? 'none'];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
}

const sentenceOf = (text: string): string => harmless(text.charAt(0).toUpperCase() + text.slice(1));

function lines(
  before: Topology,
  after: Topology,
  changes: readonly TopologyChange[],
  implied: number,
): readonly string[] {
  const count = (kind: TopologyChange['kind']): number => changes.filter((one) => one.kind === kind).length;
  const head = `From ${before.takenAt} to ${after.takenAt}: `;
  const [a, b] = [before.cluster.name, after.cluster.name];
  const [vpcA, vpcB] = [before.cluster.vpcId, after.cluster.vpcId];
  const other =
    a !== null && b !== null && a !== b
      ? [harmless(`These are two clusters: ${a} and ${b}.`)]
      : vpcA !== null && vpcB !== null && vpcA !== vpcB
        ? [harmless(`These are two clusters, in ${vpcA} and in ${vpcB}.`)]
        : [];
  const demo =
    before.cluster.demo || after.cluster.demo ? ['At least one of them is the demo cluster, with made-up data.'] : [];
  if (changes.length === 0) return [`${head}nothing changed.`, ...other, ...demo];
  const rest = implied === 0 ? '' : ` (and ${implied} parts of them)`;
  return [
    `${head}${count('appeared')} appeared, ${count('went')} went${rest}, ${count('moved')} moved, ${count('changed')} changed state.`,
    ...other,
    ...demo,
    ...changes.map((one) => one.sentence),
  ];
}
