/** Every export format, one line each, in the order of the menu. */
import { csv } from './csv';
import type { ExportFormat, RecordFormat } from './format';
import { html } from './html';
import { json } from './json';
import { svg } from './svg';

/** The formats that are made from records alone. */
export const RECORD_FORMATS: readonly RecordFormat[] = [json, csv, svg];

/** With what needs the built page, too. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [...RECORD_FORMATS, html];
