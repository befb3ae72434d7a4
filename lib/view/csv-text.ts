/** A table as CSV (RFC 4180), as the table shows it. */

/**
 * Everything from a cluster is hostile text: a cell that a spreadsheet would take for a formula gets an apostrophe before
 * it (OWASP, "CSV injection").
 */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const toCsv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
