/** docs/contradictions.md decides for each pair of facts: every finding that it names exists. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { RULES } from '../lib/findings/registry';

const rows = readFileSync(path.resolve(import.meta.dirname, '../docs/contradictions.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| one fact') && !line.startsWith('| ---'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

it('each pair of facts has a decision: findings that exist, or why there is none', () => {
  const ids = new Set<string>(RULES.map(({ id }) => id));
  const undecided = rows.filter(([, , , decision = '']) => {
    const named = [...decision.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map((match) => match[1] ?? '');
    return !decision.startsWith('none') && (named.length === 0 || named.some((id) => !ids.has(id)));
  });
  expect(rows.length).toBeGreaterThan(30);
  expect(undecided).toEqual([]);
});
