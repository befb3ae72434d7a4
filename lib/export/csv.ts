import { answerTable } from '../view/tables/answer';
import { tableCsv } from '../view/tables/table-csv';
import type { RecordFormat } from './format';

/** A table as CSV. */
export const csv: RecordFormat = {
  id: 'csv',
  mediaType: 'text/csv; charset=utf-8',
  title: 'CSV',
  about: 'all interfaces, one per line',
  holds: 'interfaces',
  write: ({ source, records, query }) =>
    tableCsv(answerTable({ cluster: source.cluster, indexes: source.indexes, records }, query), source.cluster),
};
