/** One measurement with its baseline and budget, as every benchmark prints it. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** What the same run is compared with, in words with its figure; empty for sizes. */
  readonly baseline: string;
  readonly ratio: number | null;
  readonly budget: string;
  readonly met: boolean | null;
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
export const kilobytes = (bytes: number): string => `${(bytes / 1e3).toFixed(1)} KB`;

/** The given quantile, `share` from 0 to 1; NaN for an empty list. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Median duration of one call over `runs`, in milliseconds. */
export function timed(runs: number, run: () => void): number {
  return median(
    Array.from({ length: runs }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );
}

export function report(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}`);
  const cells = rows.map(({ what, measured, baseline, ratio, budget, met }) => [
    what,
    measured,
    ratio === null ? '' : `${ratio.toFixed(2)}×`,
    baseline,
    budget,
    met === null ? '' : met ? 'met' : 'MISSED',
  ]);
  const table = [['', 'measured', 'ratio', 'baseline of this run', 'budget', ''], ...cells];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  for (const row of table)
    console.log(
      `  ${row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd()}`,
    );
}
