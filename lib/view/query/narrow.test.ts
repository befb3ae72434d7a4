import { describe, expect, test } from 'vitest';
import { NO_FILTER, type Filter } from '../filter';
import type { Kind } from './facts/keys';
import { narrowed, partFor } from './narrow';
import { parseQuery } from './parse';

test.each<[...Parameters<typeof partFor>, string]>([
  ['zone', 'eu-west-1a', 'zone:eu-west-1a'],
  ['room', 0, 'room:0'],
  ['net', 'core/n6', 'net:"core/n6"'],
  ['cni', 'v1.20.*', 'cni:"v1.20.*"'],
  ['sg', '-x', 'sg:"-x"'],
  ['eni', 'eni-0a1f', 'eni:eni-0a1f'],
  ['instance', 'mi-0a1f', 'instance:"mi-0a1f"'],
  ['sg', 'sg-pods', 'sg:"sg-pods"'],
  ['mac', '02:5e:18:a2:00:01', 'mac:"02:5e:18:a2:00:01"'],
])('%s of %s is %s', (key, value, part) => {
  expect(partFor(key, value)).toBe(part);
  expect(parseQuery(`eni ${part}`).problem === null || parseQuery(part).problem === null).toBe(true);
});

describe('one more part', () => {
  test.each<[text: string, kind: Kind, part: string, result: string, facets?: Partial<Filter>]>([
    ['', 'node', 'zone:a', 'zone:a'],
    ['upf', 'interface', 'ns:core', 'upf ns:core'],
    ['zone:a', 'node', 'zone:a', 'zone:a'],
    // Several kinds have free slots.
    ['', 'eni', 'free:0', 'eni free:0'],
    ['zone:a', 'eni', 'free:0', 'eni zone:a free:0'],
    ['eni managed:no', 'eni', 'free:0', 'eni managed:no free:0'],
    // Contradictory parts are replaced, and so are parts that cannot be parsed.
    ['eni managed:no', 'node', 'room:0', 'node room:0'],
    ['roo:0', 'node', 'room:0', 'room:0'],
  ])('%s with a %s of %s', (text, kind, part, result) =>
    expect(narrowed({ ...NO_FILTER, text }, kind, part)).toEqual({ ...NO_FILTER, text: result }),
  );
  test('keeps facets, except for those that contradict the part', () => {
    const filter = { ...NO_FILTER, namespaces: ['core'] };
    expect(narrowed(filter, 'interface', 'zone:a')).toEqual({ ...filter, text: 'zone:a' });
    expect(narrowed(filter, 'node', 'room:0')).toEqual({ ...NO_FILTER, text: 'node room:0' });
  });
});
