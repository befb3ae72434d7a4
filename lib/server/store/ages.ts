import type { RecordMaps } from '../../model/records';

/** The records with the newest ages in their sources: ages make no version, but who reads them whole should have them. */
export function withAges(records: RecordMaps, ages: Readonly<Record<string, string | null>>): RecordMaps {
  const sources = new Map(
    [...records.sources].map(([id, source]) => [id, { ...source, asOf: ages[id] ?? source.asOf }] as const),
  );
  return { ...records, sources };
}
