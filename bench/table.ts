/**
 * Writes the saved results into `docs/performance.md`, between its markers:
 *
 * npm run bench -- table
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NAMES } from './names';
import { readResult, type Machine, type Result } from './results';
import { baselineText, budgetText, isMet, measuredText, ratioText, type Row } from './rows';

/** Path of the document with the tables. */
export const DOCUMENT = path.join(import.meta.dirname, '..', 'docs', 'performance.md');
const BEGIN = '<!-- made by npm run bench -- table -->';
const END = '<!-- end of what is made -->';

const verdict = (row: Row): string => {
  const met = isMet(row);
  return met === null ? '' : met ? 'met' : '**missed**';
};

const machineText = ({ cores, processor, memory, load }: Machine): string =>
  [`${cores} cores (${processor}), ${memory} GiB`, ...(load === null ? [] : [`load ${load} when it began`])].join(', ');

/** Cells padded to the widest one of their column, as prettier formats them. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(3, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

const escaped = (text: string): string => text.replaceAll('|', '\\|');

function section({ name, title, date, machine, versions, rows }: Result): string {
  const ran = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
  return [
    `### ${name}: ${title}`,
    '',
    `${date}; ${machineText(machine)}; ${ran.join(', ')}.`,
    '',
    tableOf([
      ['what', 'measured', 'ratio', 'baseline of the same run', 'budget', ''],
      ...rows.map((row) => [
        escaped(row.what),
        escaped(measuredText(row)),
        ratioText(row),
        escaped(baselineText(row)),
        budgetText(row),
        verdict(row),
      ]),
    ]),
  ].join('\n');
}

/** The document with tables regenerated from the saved results. Throws if the markers are missing. */
export function withTables(text: string, results: readonly Result[]): string {
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${DOCUMENT} lacks the line ${BEGIN} or ${END}`);
  return `${before}${BEGIN}\n\n${results.map(section).join('\n\n')}\n\n${END}${after}`;
}

/** All saved results, in the order of the benchmarks. */
export const savedResults = (): readonly Result[] => NAMES.flatMap((name) => readResult(name) ?? []);

/** Rewrites the tables in the document. */
export function writeTables(): void {
  writeFileSync(DOCUMENT, withTables(readFileSync(DOCUMENT, 'utf8'), savedResults()));
}
