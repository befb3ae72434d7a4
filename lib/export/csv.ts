import { interfacesCsv } from '../view/interfaces-csv';
import type { ExportFormat } from './format';

export const csv: ExportFormat = {
  id: 'csv',
  mediaType: 'text/csv; charset=utf-8',
  title: 'CSV',
  about: 'all interfaces, one per line',
  holds: 'interfaces',
  write: ({ source, records }) => interfacesCsv(records, source.cluster),
};
