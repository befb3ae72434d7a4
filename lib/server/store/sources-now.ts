import type { RecordMaps, SourceRecord } from '../../model/records';

interface Served {
  readonly replica: { readonly records: RecordMaps };
  /** The current sources. */
  sources(): readonly SourceRecord[];
}

/** The records with the current sources. Ages and lags make no version, but a complete copy should include them. */
export const withSourcesNow = (served: Served): RecordMaps => ({
  ...served.replica.records,
  sources: new Map(served.sources().map((source) => [source.id, source])),
});

/**
 * The same for clients that then follow the stream: current ages and lags, but recorded states. A source may be
 * `behind` by its lag alone, without a version, and no delta would undo that; heartbeats report it immediately.
 */
export function withRecordedStates(served: Served): RecordMaps {
  const { records } = served.replica;
  const sources = served.sources().map((source): [string, SourceRecord] => {
    const { state, reason } = records.sources.get(source.id) ?? source;
    return [source.id, { ...source, state, reason }];
  });
  return { ...records, sources: new Map(sources) };
}
