import type { RecordMaps, SourceRecord } from '../../model/records';

interface Served {
  readonly replica: { readonly records: RecordMaps };
  /** The current sources. */
  sources(): readonly SourceRecord[];
}

/** The records with the current sources: ages and lags make no version, but a complete copy should have them. */
export const withSourcesNow = (served: Served): RecordMaps => ({
  ...served.replica.records,
  sources: new Map(served.sources().map((source) => [source.id, source])),
});

/**
 * The same for clients that then follow the stream: current ages and figures, but recorded states. That a source is
 * `behind` may be known from figures alone, without a version; no delta would undo it, and heartbeats, which report it,
 * arrive at once.
 */
export function withRecordedStates(served: Served): RecordMaps {
  const { records } = served.replica;
  const sources = served.sources().map((source): [string, SourceRecord] => {
    const { state, reason } = records.sources.get(source.id) ?? source;
    return [source.id, { ...source, state, reason }];
  });
  return { ...records, sources: new Map(sources) };
}
