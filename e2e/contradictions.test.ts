/** docs/contradictions.md has a decision for each pair of facts, and every finding that it names exists. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { RULES } from '../lib/findings/registry';
import { CONTRADICTIONS } from '../lib/view/lookup/contradictions';

const rows = readFileSync(path.resolve(import.meta.dirname, '../docs/contradictions.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| one fact') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

const namedIn = (decision: string): string[] =>
  [...decision.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map((match) => match[1] ?? '');

it('every rule that a look-up treats as a contradiction has a decision', () => {
  const decided = new Set(rows.flatMap(([, , , decision = '']) => namedIn(decision)));
  expect([...CONTRADICTIONS].filter((rule) => !decided.has(rule))).toEqual([]);
});

it('each pair of facts has a decision: existing findings, or the reason for having none', () => {
  const ids = new Set<string>(RULES.map(({ id }) => id));
  const undecided = rows.filter(([, , , decision = '']) => {
    const named = namedIn(decision);
    return !decision.startsWith('none') && (named.length === 0 || named.some((id) => !ids.has(id)));
  });
  expect(rows.length).toBeGreaterThan(30);
  expect(undecided).toEqual([]);
});
