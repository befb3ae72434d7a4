/** The contract of an export format: the server writes the file, the page offers it. */
import type { RecordMaps, Timestamp } from '../model/records';
import type { Query } from '../view/query/query';
import type { ViewSource } from '../view/view-source';

/** The data to write. */
export interface ExportInput {
  readonly source: ViewSource;
  /** The records with the newest ages in their sources. */
  readonly records: RecordMaps;
  /** The time of the records. */
  readonly takenAt: Timestamp;
  readonly theme: 'light' | 'dark';
  /** Selects the rows of tables; other formats export everything. */
  readonly query: Query;
}

/** An export format as offered by the page. */
export interface ExportFormat {
  /** Value of `?format=`, and the file's extension. */
  readonly id: string;
  readonly mediaType: string;
  /** The name in the page's menu, the text after it, and the content as a part of the file's name. */
  readonly title: string;
  readonly about: string;
  readonly holds: string;
}

/** A format that depends on the records alone. */
export interface RecordFormat extends ExportFormat {
  readonly write: (input: ExportInput) => string;
}
