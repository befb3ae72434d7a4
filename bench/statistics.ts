/** Statistics of repeated measurements, and clocks to measure with. */

/** The given quantile, `share` from 0 to 1; NaN for an empty list. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The median; NaN for an empty list. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The greatest value; NaN for an empty list. */
export const greatest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), values[0] ?? NaN);

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

/** Processor time of this process since `usage`, in milliseconds: steadier than wall-clock time on a shared machine. */
export function cpuSince(usage: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(usage);
  return (user + system) / 1000;
}

/** Bytes of the heap of this thread after a full collection; needs `--expose-gc`, which `bench/run.ts` sets. */
export function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
