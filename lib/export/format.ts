/** A file that the whole record set can be exported as: the server writes it, the page offers it. */
import type { RecordMaps, Timestamp } from '../model/records';
import type { Query } from '../view/query/query';
import type { ViewSource } from '../view/view-source';

export interface ExportInput {
  readonly source: ViewSource;
  /** The records with the newest ages in their sources. */
  readonly records: RecordMaps;
  /** The time that the records are of. */
  readonly takenAt: Timestamp;
  readonly theme: 'light' | 'dark';
  /** What a table holds: the records that the query asks for. */
  readonly query: Query;
}

/** A file that is offered. */
export interface ExportFormat {
  /** Value of `?format=`, and the file's extension. */
  readonly id: string;
  readonly mediaType: string;
  /** The name in the page's menu, what follows it there, and what the file holds, as a part of its name. */
  readonly title: string;
  readonly about: string;
  readonly holds: string;
}

/** One that follows from the records alone. */
export interface RecordFormat extends ExportFormat {
  readonly write: (input: ExportInput) => string;
}
