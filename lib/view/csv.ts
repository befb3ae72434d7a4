/** A table as CSV (RFC 4180), as the table shows it. */
import { harmless } from '../model/harmless';

/**
 * Everything from a cluster is hostile text: control and bidi characters stand as their `\uXXXX`, and a cell that a
 * spreadsheet would take for a formula, also behind blanks or in full width, gets an apostrophe before it (OWASP, "CSV
 * injection").
 */
function cell(value: string): string {
  const plain = harmless(value);
  const safe = /^\s*[=+\-@＝＋－＠]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const toCsv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
