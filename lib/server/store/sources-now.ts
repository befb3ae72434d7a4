import type { RecordMaps, SourceRecord } from '../../model/records';

interface Served {
  readonly replica: { readonly records: RecordMaps };
  /** As they stand now. */
  sources(): readonly SourceRecord[];
}

/** The records with their sources as they stand now: ages and lags make no version, but who reads them whole should have them. */
export const withSourcesNow = (served: Served): RecordMaps => ({
  ...served.replica.records,
  sources: new Map(served.sources().map((source) => [source.id, source])),
});
