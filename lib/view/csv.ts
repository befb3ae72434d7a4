/** A table as CSV (RFC 4180), as the table shows it. */
import { harmless } from '../model/harmless';

/**
 * Text from the cluster is untrusted. Control and bidi characters are written as `\uXXXX`. A cell that a spreadsheet
 * would read as a formula, even after blanks or in full-width characters, gets a leading apostrophe (OWASP, "CSV
 * injection").
 */
function cell(value: string): string {
  const plain = harmless(value);
  const safe = /^\s*[=+\-@＝＋－＠]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `header` and `rows` as CSV lines, each ending with CRLF. */
export const toCsv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
