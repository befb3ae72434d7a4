/** Runs a rule's table of cases: each fires, does not fire, or is held back by a guard. */
import { expect, it } from 'vitest';
import type { Severity } from '../model/records';
import { mutesOf } from './muted';
import { found, type world } from './testing';

export interface Case {
  readonly name: string;
  readonly records: Parameters<typeof world>[0];
  /** The first subject of each finding expected, in any order; none: it stays silent. */
  readonly subjects: readonly string[];
  readonly severity?: Severity;
  /** Text that the finding must say somewhere. */
  readonly says?: RegExp;
  /** The command to copy. */
  readonly commands?: RegExp;
  /** It is about no node, so that none mutes it. */
  readonly nowhere?: boolean;
  readonly later?: number;
  readonly states?: NonNullable<Parameters<typeof world>[1]>;
}

export function cases(rule: string, rows: readonly Case[]): void {
  if (!rows.some(({ subjects }) => subjects.length > 0) || !rows.some(({ subjects }) => subjects.length === 0))
    throw new Error(`${rule}: a table shows when it fires and when it does not`);
  it.each(rows.map((row) => [row.name, row] as const))(`${rule}: %s`, (_name, row) => {
    const findings = found(rule, row.records, {
      ...(row.later === undefined ? {} : { later: row.later }),
      ...(row.states === undefined ? {} : { states: row.states }),
    });
    expect(findings.map(({ subjects }) => subjects[0]).sort()).toEqual([...row.subjects].sort());
    for (const finding of findings) {
      expect(finding.id).toBe(`f:${rule}/${finding.subjects[0] ?? ''}`);
      expect(finding.title).not.toMatch(/undefined|null|NaN|\[object/);
      expect(finding.detail).not.toMatch(/undefined|null|NaN|\[object/);
      expect(finding.evidence.length).toBeGreaterThan(0);
      expect(finding.evidence.join()).not.toMatch(/undefined|NaN|\[object/);
      if (row.commands !== undefined) expect(finding.command).toMatch(row.commands);
      if (row.severity !== undefined) expect(finding.severity).toBe(row.severity);
      if (row.says !== undefined)
        expect([finding.title, finding.detail, ...finding.evidence, finding.advice].join('\n')).toMatch(row.says);
    }
  });
  // Where no aws-node runs, none can be not Ready.
  const fires = rows.filter(
    ({ subjects, nowhere, records }) =>
      subjects.length > 0 &&
      nowhere !== true &&
      !records.some((record) => 'computeType' in record && record.ipamd === null),
  );
  const muted = mutesOf(rule).flatMap((mute) => fires.map((row) => [mute.name, row.name, mute, row] as const));
  it.each(muted)(`${rule}: guard: %s: %s`, (_mute, _name, mute, row) => {
    const later = row.later === undefined ? {} : { later: row.later };
    expect(found(rule, mute.apply(row.records, row.later ?? 0), later)).toEqual([]);
  });
}
