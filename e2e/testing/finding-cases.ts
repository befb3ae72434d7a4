/**
 * Runs a rule's table of cases: each fires, does not fire, or is suppressed by a guard. What holds for every rule is
 * tested with every case that fires: common guards, no finding without a live source, readable texts, and commands that
 * hostile names cannot break.
 */
import { expect, it } from 'vitest';
import type { Severity } from '../../lib/model/records';
import { SOURCE_STATES } from '../../lib/model/vocabulary';
import { runCommand, withHostileNames } from './hostile-names';
import { mutesOf, type Mute } from './muted';
import { RULES } from '../../lib/findings/registry';
import { found, foundAsRecordsCome, foundBy, timeless, type Looking, type world } from './findings';
import { problemsOfText } from './finding-texts';

export interface Case {
  readonly name: string;
  readonly records: Parameters<typeof world>[0];
  /** The first subjects of the expected findings, in any order; empty: the rule must not fire. */
  readonly subjects: readonly string[];
  readonly severity?: Severity;
  /** Text that the finding must contain. */
  readonly says?: RegExp;
  /** The expected command to copy; null: there must be none. */
  readonly commands?: RegExp | null;
  /** The finding is not about a node, so the state of a node does not suppress it. */
  readonly nowhere?: boolean;
  readonly later?: number;
  readonly states?: NonNullable<Parameters<typeof world>[1]>;
  /** Version of the API server; absent: not known. */
  readonly kubernetes?: string;
}

/** The options for evaluating a row. */
const lookingAt = ({ later, states, kubernetes }: Case): Looking => ({
  ...(later === undefined ? {} : { later }),
  ...(states === undefined ? {} : { states }),
  ...(kubernetes === undefined ? {} : { kubernetes }),
});

const NOT_LIVE = SOURCE_STATES.filter((state) => state !== 'live');

/** Seconds after which checks that wait for the slow clock have run. */
const SETTLED = 6;

export function cases(rule: string, rows: readonly Case[]): void {
  if (!rows.some(({ subjects }) => subjects.length > 0) || !rows.some(({ subjects }) => subjects.length === 0))
    throw new Error(`${rule}: a table shows when it fires and when it does not`);
  it.each(rows.map((row) => [row.name, row] as const))(`${rule}: %s`, (_name, row) => {
    const findings = found(rule, row.records, lookingAt(row));
    expect(findings.map(({ subjects }) => subjects[0]).sort()).toEqual([...row.subjects].sort());
    for (const finding of findings) {
      expect(finding.id).toBe(`f:${rule}/${finding.subjects[0] ?? ''}`);
      expect(problemsOfText(finding)).toEqual([]);
      if (row.commands === null) expect(finding.command).toBeNull();
      else if (row.commands !== undefined) expect(finding.command).toMatch(row.commands);
      if (row.severity !== undefined) expect(finding.severity).toBe(row.severity);
      if (row.says !== undefined)
        expect([finding.title, finding.detail, ...finding.evidence, finding.advice].join('\n')).toMatch(row.says);
    }
  });
  // On a node without aws-node, no aws-node can be not Ready.
  const fires = rows.filter(
    ({ subjects, nowhere, records }) =>
      subjects.length > 0 &&
      nowhere !== true &&
      !records.some((record) => 'computeType' in record && record.ipamd === null),
  );
  const changes = (mute: Mute, { records }: Case): boolean =>
    mute.apply(records, 0).some((record, index) => record !== records[index]);
  const muted = mutesOf(rule).flatMap((mute) =>
    fires.filter((row) => changes(mute, row)).map((row) => [mute.name, row.name, mute, row] as const),
  );
  it.each(muted)(`${rule}: guard: %s: %s`, (_mute, _name, mute, row) => {
    expect(found(rule, mute.apply(row.records, row.later ?? 0), lookingAt({ ...row, states: {} }))).toEqual([]);
  });

  const fired = rows.filter(({ subjects }) => subjects.length > 0);
  it.each(fired.map((row) => [row.name, row] as const))(
    `${rule}: guard: a source that is not live: %s`,
    (_name, row) => {
      const looking = lookingAt(row);
      for (const one of RULES.filter(({ id }) => id === rule)) {
        if (foundBy([one], row.records, looking).length === 0) continue;
        for (const source of one.needs)
          for (const state of NOT_LIVE)
            expect(foundBy([one], row.records, { ...looking, states: { ...row.states, [source]: state } })).toEqual([]);
      }
    },
  );
  it.each(fired.map((row) => [row.name, row] as const))(`${rule}: in any order of its records: %s`, (_name, row) => {
    const one = RULES.filter(({ id }) => id === rule);
    const later = Math.max(row.later ?? 0, SETTLED);
    const looking = { ...lookingAt(row), later };
    const scratch = foundBy(one, row.records, looking);
    // If two records have the same id, the last one counts, as in `world`.
    const once = [...new Map(row.records.map((record) => [record.id, record])).values()];
    for (const records of [once, once.toReversed()])
      expect(foundAsRecordsCome(one, records, looking)).toEqual(timeless(scratch));
  });
  it.each(fired.map((row) => [row.name, row] as const))(`${rule}: commands and hostile names: %s`, (_name, row) => {
    const { records, hostile } = withHostileNames(row.records);
    const options = lookingAt(row);
    for (const { command } of [...found(rule, row.records, options), ...found(rule, records, options)])
      if (command !== null) expect(runCommand(command, hostile)).toEqual([]);
  });
}
