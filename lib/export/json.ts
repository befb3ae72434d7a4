import { stringifyTopology, toTopology } from '../snapshot/encode';
import type { RecordFormat } from './format';

/** A snapshot file. */
export const json: RecordFormat = {
  id: 'json',
  mediaType: 'application/json; charset=utf-8',
  title: 'JSON',
  about: 'all records, as a snapshot',
  holds: 'topology',
  write: ({ source, records, takenAt }) => stringifyTopology(toTopology(records, source.cluster, takenAt)),
};
