import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleRecords } from '../../e2e/testing/capture-cluster';
import { withHostileText } from '../../e2e/testing/hostile-text';
import { eni, face, foreignEni, node, pod, world } from '../../e2e/testing/findings';
import { harmless } from '../model/harmless';
import { idParts, podId } from '../model/ids';
import { keyframeBody } from '../../e2e/testing/client';
import { TABLES, type RecordMaps } from '../model/records';
import { readArrivingSet, type ArrivingSet } from './set/arriving-set';
import { parseHarmless } from './wire/harmless-json';

const through = <T>(value: T): T => parseHarmless(JSON.stringify(value)) as T;

function read(records: RecordMaps): Promise<ArrivingSet> {
  const body = keyframeBody(records, { epoch: 'e', version: 1, takenAt: '2026-11-21T06:00:00Z' });
  return readArrivingSet(new Blob([new Uint8Array(body)]).stream(), {
    signal: new AbortController().signal,
    onArrival: () => undefined,
    isWanted: () => false,
    painted: () => Promise.resolve(),
  });
}

/**
 * Hostile texts: raw, escaped in JSON, a lone surrogate, escaped in an id, and the marks that the wire format itself
 * uses.
 */
const HOSTILE = [
  '\u200b',
  '\u202e',
  '\u0000',
  '\b',
  '\ud800',
  '\u{e0041}',
  '%E2%80%AE',
  '\\u202e',
  '\uE0000;',
  '"\\',
  '\n',
];

describe('text from the cluster', () => {
  test.each([
    ['a right-to-left override', 'a\u202egnp.exe', String.raw`a\u202egnp.exe`],
    ['an isolate', '\u2066a\u2069', String.raw`\u2066a\u2069`],
    ['a terminal escape', '\u001b[31mred', String.raw`\u001b[31mred`],
    ['nothing at all', 'a\u0000b', String.raw`a\u0000b`],
    ['a backspace', 'a\bb\fc', String.raw`a\u0008b\u000cc`],
    ['a zero-width space', 'a\u200bb\u00adc\ufeff', String.raw`a\u200bb\u00adc\ufeff`],
    ['a lone surrogate', 'a\ud800', String.raw`a\ud800`],
    ['a tag character', 'a\u{e0041}', String.raw`a\ue0041`],
    ['line breaks in a text', '{\n\t"a": 1\r\n}', '{\n\t"a": 1\r\n}'],
    ['quotes and backslashes', 'a"\\b\\u202e', 'a"\\b\\u202e'],
    ['percent signs without a meaning to ifscope', '90 % of %zz %C3%A9', '90 % of %zz %C3%A9'],
    ['non-Latin scripts', 'été 日本 مرحبا 🙂', 'été 日本 مرحبا 🙂'],
  ])('%s', (_, hostile, shown) => {
    expect(through({ name: hostile })).toEqual({ name: shown });
  });

  test('a name inside an id is escaped like the name itself', () => {
    const id = through(podId('core', 'a/\u202eb'));
    expect(idParts(id)).toEqual(['core', String.raw`a/\u202eb`]);
  });

  test('a set without hostile text is unchanged, its packed sentences too', async () => {
    const { records } = world([
      node(),
      eni(),
      foreignEni(),
      pod('p1'),
      face('net1', {
        link: {
          rule: 'secondary-ip',
          certainty: 'observed',
          evidence: 'EC2: 10.6.0.14 is a secondary address of eni-0000000000000000f.',
          candidates: [],
        },
      }),
    ]);
    const { replica, rest } = await read(records);
    await rest;
    expect(new Map(replica.records.interfaces)).toEqual(records.interfaces);
    expect(new Map(replica.records.enis)).toEqual(records.enis);
  });

  test('hostile text in any field and any key is escaped as in a delta', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...HOSTILE), fc.integer({ min: 1, max: 7 }), async (hostile, every) => {
        const records = withHostileText(sampleRecords(3, 4), hostile, every);
        const { replica, rest } = await read(records);
        await rest;
        for (const table of TABLES) {
          const shown = through([...records[table].values()].map((one) => ('uid' in one ? { ...one, uid: '' } : one)));
          expect(new Map<string, unknown>(replica.records[table])).toEqual(new Map(shown.map((one) => [one.id, one])));
        }
      }),
      { seed: 13, numRuns: 60 },
    );
  });

  test('no string contains invisible characters, and harmless text is unchanged', () => {
    const shownAs = (text: string): string => harmless(text.replace(/[\t\n\r]/g, ''));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const shown = through([text])[0] ?? '';
        expect(shownAs(shown)).toBe(shown.replace(/[\t\n\r]/g, ''));
        if (harmless(text) === text && !text.includes('%')) expect(shown).toBe(text);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});
