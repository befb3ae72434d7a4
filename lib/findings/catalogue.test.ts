import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { RULES } from './registry';

const folder = path.join(import.meta.dirname, 'rules');
const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

it('lists every rule once, under the name of its file', () => {
  const ids = [...new Set(RULES.map(({ id }) => id))];
  expect(ids).toEqual(files.map((file) => file.slice(0, -'.ts'.length)).sort());
  expect(ids).toHaveLength(54);
});

it('has one rule of an id for each kind of record', () => {
  const keys = RULES.map(({ id, scope }) => `${id}@${scope}`);
  expect(new Set(keys).size).toBe(keys.length);
});

it('has a table of cases for every rule', () => {
  const tests = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
  expect(RULES.filter(({ id }) => !tests.includes(`cases('${id}'`)).map(({ id }) => id)).toEqual([]);
});
