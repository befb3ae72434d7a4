import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyRecords } from '../../../e2e/testing/arbitrary';
import { sampleRecords } from '../../../e2e/testing/capture-cluster';
import type { RecordMaps } from '../../model/records';
import { rememberingParser } from '../../snapshot/columns/alike';
import { SharedWords } from '../../snapshot/columns/shared';
import { encodeChunk } from '../../snapshot/keyframe/chunk';
import { parseHarmless } from '../wire/harmless-json';
import { entriesOfChunk, locatedRecords } from './chunk-entries';
import { readChunk, recordsOfColumns } from './read-chunk';

/** The entries as read from columns, and those of the decoded records. */
function bothEntries(records: RecordMaps): readonly [read: unknown, decoded: unknown] {
  const list = <R>(table: ReadonlyMap<string, R>): readonly R[] => [...table.values()];
  const { enis, pods, interfaces, hostNics, attachments, ipPools, signals } = records;
  const tables = {
    enis: list(enis),
    pods: list(pods),
    interfaces: list(interfaces),
    hostNics: list(hostNics),
    attachments: list(attachments),
    ipPools: list(ipPools),
    signals: list(signals),
  };
  const nodes = [
    ...new Set(
      [enis, pods, interfaces, hostNics, attachments].flatMap((table) =>
        [...table.values()].flatMap(({ node }: { readonly node: string | null }) => (node === null ? [] : [node])),
      ),
    ),
  ];
  const words = new SharedWords();
  const text = encodeChunk(tables, nodes, words);
  const context = { words: words.texts, parse: rememberingParser() };
  const { columns, entries } = readChunk(text, 1, context);
  const shown = parseHarmless(JSON.stringify(nodes)) as readonly (string | null)[];
  const numberOf = (node: string | null): number => 1 + shown.indexOf(node);
  return [entries, entriesOfChunk(locatedRecords(recordsOfColumns(columns, context)), numberOf)];
}

test('a chunk has the same entries whether its columns or its records are read', () => {
  const [read, decoded] = bothEntries(sampleRecords(20, 30));
  expect(read).toEqual(decoded);
  fc.assert(
    fc.property(anyRecords, (records) => {
      const [found, expected] = bothEntries(records);
      expect(found).toEqual(expected);
    }),
    { numRuns: 200, seed: 12 },
  );
});
