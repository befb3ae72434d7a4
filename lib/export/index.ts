/** All export formats, one line each, in menu order. */
import { csv } from './csv';
import type { ExportFormat, RecordFormat } from './format';
import { html } from './html';
import { json } from './json';
import { svg } from './svg';

/** The formats that need only records. */
export const RECORD_FORMATS: readonly RecordFormat[] = [json, csv, svg];

/** All formats, including those that need the built page. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [...RECORD_FORMATS, html];
