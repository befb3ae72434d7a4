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

/**
 * The same for who follows from there on: ages and figures as they stand now, states as recorded. That a source is `behind`
 * may be known from the figures alone, without a version; no delta would take that back, and the heartbeats, which say it,
 * come at once.
 */
export function withRecordedStates(served: Served): RecordMaps {
  const { records } = served.replica;
  const sources = served.sources().map((source): [string, SourceRecord] => {
    const { state, reason } = records.sources.get(source.id) ?? source;
    return [source.id, { ...source, state, reason }];
  });
  return { ...records, sources: new Map(sources) };
}
