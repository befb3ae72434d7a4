/**
 * Situations from public bug reports, rebuilt as captures with the right answer. They are kept outside the project, and run where they are
 * found: `IFSCOPE_CASES`, or the folder `shared/cases` beside the checkout.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookupLines } from '../../lib/cli/commands/lookup';
import { lookup } from '../../lib/view/lookup/lookup';
import { judgeCheck, select, type Check } from './case-checks';
import { readFolder } from './captures/kit/read';

const CASES = process.env['IFSCOPE_CASES'] ?? path.resolve(import.meta.dirname, '../../..', 'shared', 'cases');

const names = existsSync(CASES)
  ? readdirSync(CASES)
      .filter((name) => existsSync(path.join(CASES, name, 'expect.json')))
      .sort()
  : [];

describe('a reported situation', () => {
  it.each(names)('%s', async (name) => {
    const checks = JSON.parse(readFileSync(path.join(CASES, name, 'expect.json'), 'utf8')) as readonly Check[];
    const { topology, replica } = await readFolder(path.join(CASES, name, 'capture'));
    const answer = (query: string): string => lookupLines(lookup(replica, query)).join('\n');
    const wrong = checks
      .filter(({ level }) => level === 'must')
      .flatMap((check) => judgeCheck(topology, check, answer) ?? []);
    expect(wrong).toEqual([]);
  });

  it('is checked by paths that select and descend', () => {
    const topology = { nodes: [{ name: 'a', pools: [{ card: 0, free: 3 }], on: ['x'] }, { name: 'b' }] };
    expect(select(topology, 'nodes[name=a].pools.0.free')).toEqual([3]);
    expect(select(topology, 'nodes[on~x].name')).toEqual(['a']);
    expect(select(topology, 'nodes[name=c]')).toEqual([]);
    const check = (op: Check['op'], value: unknown): Check => ({
      what: 'w',
      level: 'must',
      path: 'nodes.name',
      op,
      value,
    });
    expect(judgeCheck(topology, check('count', 2), () => '')).toBeNull();
    expect(judgeCheck(topology, check('match', '(?i)A'), () => '')).toBeNull();
    expect(judgeCheck(topology, check('eq', 'a'), () => '')).toContain('got ["a","b"]');
  });
});
