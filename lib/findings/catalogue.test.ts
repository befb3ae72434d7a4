import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseQuery } from '../view/query/parse';
import { RULES } from './registry';

const folder = path.join(import.meta.dirname, 'rules');
const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

it('gives every rule an id that queries accept', () => {
  expect(RULES.filter(({ id }) => parseQuery(`rule:${id}`).problem !== null)).toEqual([]);
});

it('lists every rule once, under the name of its file', () => {
  const ids = [...new Set(RULES.map(({ id }) => id))];
  expect(ids).toEqual(files.map((file) => file.slice(0, -'.ts'.length)).sort());
});

it('has at most one rule of an id for each kind of record', () => {
  const keys = RULES.map(({ id, scope }) => `${id}@${scope}`);
  expect(new Set(keys).size).toBe(keys.length);
});

it('has a table of cases for every rule, in the test next to it', () => {
  const without = files.filter((file) => {
    const id = file.slice(0, -'.ts'.length);
    return !readFileSync(path.join(folder, `${id}.test.ts`), 'utf8').includes(`cases('${id}'`);
  });
  expect(without).toEqual([]);
});
