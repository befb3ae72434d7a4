/**
 * Compares two record sets: what appeared, went, moved, or changed state, as data and in words. A record that appears
 * or disappears with its owner (a pod's interfaces, a node's cards) is covered by the owner's change.
 */
import { harmless } from '../model/harmless';
import { byNaturalName } from '../model/order';
import { TABLES } from '../model/records';
import type { Table, Timestamp, Topology } from '../model/records';
import { remembered } from '../model/remembered';
import { knownTime } from '../model/unknown-time';
import { appearedOrWent, compareRecord, wordingOf, type AnyRecord, type TopologyChange } from './diff/record';

/** The difference between two snapshots. */
export interface TopologyDiff {
  readonly before: Timestamp;
  readonly after: Timestamp;
  /** By table in file order, then by id in natural order. */
  readonly changes: readonly TopologyChange[];
  /** As text: a heading, then one sentence per change. */
  readonly lines: readonly string[];
}

/** Compares two snapshots of the same cluster; order matters. */
export function diffTopologies(before: Topology, after: Topology): TopologyDiff {
  const perTable = TABLES.map((table) => compareTable(table, before, after));
  const changes = perTable.flatMap(({ changes }) => changes);
  const left = perTable.reduce((sum, { implied }) => sum + implied, 0);
  return { before: before.takenAt, after: after.takenAt, changes, lines: lines(before, after, changes, left) };
}

interface TableDiff {
  readonly changes: readonly TopologyChange[];
  /** Number of records that appeared or disappeared with their owner. */
  readonly implied: number;
}

function compareTable(table: Table, before: Topology, after: Topology): TableDiff {
  const wording = wordingOf(table);
  const old = new Map(recordsOf(table, before).map((record): [string, AnyRecord] => [record.id, record]));
  const now = new Map(recordsOf(table, after).map((record): [string, AnyRecord] => [record.id, record]));
  const changes: TopologyChange[] = [];
  let implied = 0;
  const ids = [...new Set([...old.keys(), ...now.keys()])].sort(byNaturalName);
  for (const id of ids) {
    const was = old.get(id);
    const is = now.get(id);
    if (was === undefined && is !== undefined) {
      if (withOwner(wording.partOf(is), before)) implied++;
      else changes.push(appearedOrWent('appeared', table, is));
    } else if (was !== undefined && is === undefined) {
      if (withOwner(wording.partOf(was), after)) implied++;
      else changes.push(appearedOrWent('went', table, was));
    } else if (was !== undefined && is !== undefined) changes.push(...compareRecord(table, was, is));
  }
  return { changes, implied };
}

/** Without absent sources: a capture names all that it could hold, a cluster only those that it has. */
const recordsOf = (table: Table, topology: Topology): readonly AnyRecord[] =>
  table === 'sources' ? topology.sources.filter(({ state }) => state !== 'absent') : topology[table];

/** Whether an owner is missing on the other side, which means that the owner itself appeared or disappeared. */
function withOwner(owners: readonly string[], other: Topology): boolean {
  return owners.some((owner) => owner !== '' && !idsOf(other).has(owner));
}

const idsOf = remembered(
  (topology: Topology): ReadonlySet<string> =>
    new Set(TABLES.flatMap((table) => topology[table].map((record) => record.id))),
  new WeakMap(),
);

function lines(
  before: Topology,
  after: Topology,
  changes: readonly TopologyChange[],
  implied: number,
): readonly string[] {
  const count = (kind: TopologyChange['kind']): number => changes.filter((one) => one.kind === kind).length;
  const time = ({ takenAt }: Topology): string => (knownTime(takenAt) === null ? 'an unknown time' : takenAt);
  const head = `From ${time(before)} to ${time(after)}: `;
  const [a, b] = [before.cluster.name, after.cluster.name];
  const [vpcA, vpcB] = [before.cluster.vpcId, after.cluster.vpcId];
  const other =
    a !== null && b !== null && a !== b
      ? [harmless(`These are two clusters: ${a} and ${b}.`)]
      : vpcA !== null && vpcB !== null && vpcA !== vpcB
        ? [harmless(`These are two clusters, in ${vpcA} and in ${vpcB}.`)]
        : [];
  const demo =
    before.cluster.demo || after.cluster.demo ? ['At least one of them is the demo cluster, with simulated data.'] : [];
  if (changes.length === 0) return [`${head}nothing changed.`, ...other, ...demo];
  const rest = implied === 0 ? '' : ` (and ${implied} parts of them)`;
  return [
    `${head}${count('appeared')} appeared, ${count('went')} went${rest}, ${count('moved')} moved, ${count('changed')} changed state.`,
    ...other,
    ...demo,
    ...changes.map((one) => one.sentence),
  ];
}
