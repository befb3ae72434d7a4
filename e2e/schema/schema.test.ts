/** The published JSON Schema against the reader of snapshot files: both must accept and reject the same files. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collect } from '../../lib/cli/common/collect';
import type { Topology } from '../../lib/model/records';
import { absentValueOf } from '../../lib/model/schema/shape';
import { RECORDS, TABLES } from '../../lib/model/schema/tables';
import { snapshotText } from '../../lib/server/store/snapshot-text';
import { decodeTopology } from '../../lib/snapshot/decode';
import { stringifyTopology, toTopology } from '../../lib/snapshot/encode';
import { anyCluster, anyRecords } from '../testing/arbitrary';
import { CLUSTER, TAKEN_AT, sampleRecords } from '../testing/capture-cluster';
import { CAPTURES } from '../truth/captures/index';
import { filesOf } from '../truth/captures/kit/files';
import { readFiles } from '../truth/captures/kit/read';
import { SCHEMA_FILE, schemaText } from './file';

const committed = readFileSync(SCHEMA_FILE, 'utf8');
// The reader accepts any text as a time, as written by the API servers.
const validator = new Ajv2020({ allowUnionTypes: true, validateFormats: false }).compile(
  JSON.parse(committed) as object,
);

/** The schema's errors about a file; empty if it is valid. */
function faultsOf(file: unknown): readonly string[] {
  validator(file);
  return (validator.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
const faultsOfSnapshot = (topology: Topology): readonly string[] => faultsOf(JSON.parse(stringifyTopology(topology)));

describe('docs/schema/topology-v1.json', () => {
  it('matches the type declarations (to update: `npm run schema`)', async () => {
    expect(committed).toBe(await schemaText());
  });

  it.each(Object.entries(CAPTURES))('accepts the snapshot of a capture: %s', async (_name, make) => {
    const { topology } = await readFiles(filesOf(make()));
    expect(topology.nodes.length).toBeGreaterThan(0);
    expect(faultsOfSnapshot(topology)).toEqual([]);
  });

  it('accepts the snapshot of the demo', async () => {
    const output = { out: () => undefined, err: () => undefined } as never;
    const from = { kind: 'demo', because: 'as requested' } as const;
    const text = await collect(from, 60, output, ({ store }) => snapshotText(store));
    const file = JSON.parse(text) as Topology;
    for (const table of ['nodes', 'enis', 'pods', 'interfaces', 'findings'] as const) {
      expect(file[table].length).toBeGreaterThan(0);
    }
    expect(faultsOf(file)).toEqual([]);
  });

  it('accepts any records', () => {
    fc.assert(
      fc.property(anyRecords, anyCluster, (records, cluster) => {
        expect(faultsOfSnapshot(toTopology(records, cluster, TAKEN_AT))).toEqual([]);
      }),
      { seed: 21, numRuns: 200 },
    );
  });
});

type Path = readonly (string | number)[];

/** The path of every value in a JSON document, except the top-level one. */
function pathsOf(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return at.length === 0 ? [] : [at];
  const inner = Object.entries(value).flatMap(([key, one]) =>
    pathsOf(one, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inner : [at, ...inner];
}

/** A copy with one value replaced, or removed if `by` is undefined. */
function changed(document: unknown, path: Path, by: unknown): unknown {
  const copy: unknown = structuredClone(document);
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], copy) as Record<
    string,
    unknown
  >;
  if (by === undefined && !Array.isArray(parent)) Reflect.deleteProperty(parent, last);
  else parent[last] = by ?? null;
  return copy;
}

describe('the schema and the reader', () => {
  const any = fc.sample(anyRecords, { seed: 22, numRuns: 12 }).map((records) => toTopology(records, CLUSTER, TAKEN_AT));
  const files = [toTopology(sampleRecords(1, 2), CLUSTER, TAKEN_AT), ...any].map((topology) => ({
    document: JSON.parse(stringifyTopology(topology)) as unknown,
  }));
  const spoilt = fc.constantFrom(...files).chain(({ document }) => {
    // Only the reader can check these three: a time, a version, an id that appears twice.
    const paths = pathsOf(document).filter((path) => !['schema', 'takenAt', 'id'].includes(String(path.at(-1))));
    const by = fc.constantFrom(undefined, null, 7, 4, true, '', 'unknown', 'observed', [], {}, [null], { a: 1 });
    return fc.record({ document: fc.constant(document), path: fc.constantFrom(...paths), by });
  });

  it('agree on a file with one value changed or omitted', () => {
    let refused = 0;
    fc.assert(
      fc.property(spoilt, ({ document, path, by }) => {
        const file = changed(document, path, by);
        const read = decodeTopology(file);
        const faults = faultsOf(file);
        if ('error' in read) refused++;
        expect({ path, by, refused: faults.length > 0, faults }).toEqual({
          path,
          by,
          refused: 'error' in read,
          faults,
        });
      }),
      { seed: 23, numRuns: 3000 },
    );
    // Neither accepted everything nor rejected everything.
    expect(refused).toBeGreaterThan(1000);
    expect(refused).toBeLessThan(2900);
  });

  it.each(TABLES)('agree on which fields of %s an older file may lack', (table) => {
    const { document } =
      files.find((file) => ((file.document as Topology)[table] as readonly unknown[]).length > 0) ?? {};
    expect(document).toBeDefined();
    for (const [field, shape] of RECORDS[table].fields) {
      const file = changed(document, [table, 0, field], undefined);
      const optional = absentValueOf(shape) !== undefined;
      expect({ field, valid: faultsOf(file).length === 0 }).toEqual({ field, valid: optional });
      expect({ field, valid: 'topology' in decodeTopology(file) }).toEqual({ field, valid: optional });
    }
  });
});
