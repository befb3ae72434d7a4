/**
 * Arbitrary values of a shape for property tests: everything that the type allows, not only what occurs in a cluster.
 */
import fc from 'fast-check';
import { TABLES } from '../../lib/model/records';
import type { ClusterInfo, RecordMaps } from '../../lib/model/records';
import { CLUSTER } from '../../lib/model/schema/cluster';
import type { Shape } from '../../lib/model/schema/shape';
import { RECORDS } from '../../lib/model/schema/tables';

/** Texts that the wire format treats specially, among all others: addresses, times, marks, ids. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '',
    'eth0',
    'net1',
    '10.0.0.1',
    '10.0.0.12',
    '010.0.0.1',
    '256.1.1.1',
    'fd00::1',
    '0.0.0.0',
    '255.255.255.255',
  ),
  fc.constantFrom('2026-09-01T12:00:00Z', '2026-09-01T12:00:01.5Z', '2026-13-01T12:00:00Z', '9999-12-31T23:59:59Z'),
  fc.constantFrom(
    '\u0001',
    '\u00010;',
    '\u0001!x',
    '__proto__',
    'constructor',
    'eni-0abc',
    'node:a',
    'pod:ns/p',
    'a-b',
  ),
);

const anyNumber = fc.oneof(fc.integer(), fc.constantFrom(0, 1, 0.5, -1, Number.MAX_SAFE_INTEGER));

export function anyOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'text':
      return anyText;
    case 'number':
      return shape.among === undefined ? anyNumber : fc.constantFrom(...shape.among);
    case 'boolean':
      return fc.boolean();
    case 'word':
      return fc.constantFrom(...shape.words);
    case 'nullable':
      return fc.option(anyOf(shape.of), { nil: null });
    case 'list':
      return fc.array(anyOf(shape.of), { maxLength: 3 });
    case 'map':
      return fc.dictionary(anyText, anyOf(shape.of), { maxKeys: 3, noNullPrototype: true });
    case 'object':
      return fc.record(Object.fromEntries(shape.fields.map(([name, field]) => [name, anyOf(field)])), {
        noNullPrototype: true,
      });
  }
}

interface Id {
  readonly id: string;
}

/** The family follows from the address; everything else is arbitrary. */
function withFamilies(record: unknown): unknown {
  const { addresses } = record as { readonly addresses: readonly { readonly ip: string }[] };
  return {
    ...(record as object),
    addresses: addresses.map((one) => ({ ...one, family: one.ip.includes(':') ? 6 : 4 })),
  };
}

export const anyRecords: fc.Arbitrary<RecordMaps> = fc
  .record(
    Object.fromEntries(TABLES.map((table) => [table, fc.array(anyOf(RECORDS[table]), { maxLength: 4 })] as const)),
    { noNullPrototype: true },
  )
  .map(
    (tables) =>
      Object.fromEntries(
        TABLES.map((table) => {
          const records = (tables[table] ?? []).map((one) =>
            table === 'interfaces' ? withFamilies(one) : one,
          ) as Id[];
          return [table, new Map(records.map((one) => [one.id, one]))];
        }),
      ) as unknown as RecordMaps,
  );

export const anyCluster = anyOf(CLUSTER) as fc.Arbitrary<ClusterInfo>;
