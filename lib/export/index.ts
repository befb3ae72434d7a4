/** Every export format, one line each, in the order of the menu. */
import { csv } from './csv';
import type { ExportFormat } from './format';
import { json } from './json';
import { svg } from './svg';

export const EXPORT_FORMATS: readonly ExportFormat[] = [json, csv, svg];
