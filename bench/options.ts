/** The options of every benchmark. `bench/run.ts` rejects unknown ones before it starts anything. */
import { parseArgs } from 'node:util';

/** The options of a benchmark. */
export interface Options {
  readonly nodes: number;
  readonly podsPerNode: number;
  /** Changes per second; for `soak`, their total number. */
  readonly changes: number;
  readonly minutes: number;
  readonly viewers: number;
  /** The date, `2026-11-28`, for results written to `bench/results`; null: only printed. */
  readonly save: string | null;
  /** Prints where processor time is spent. */
  readonly profile: boolean;
}

const NUMBERS = ['nodes', 'pods-per-node', 'changes', 'minutes', 'viewers'] as const;

/** Throws an `Error` that names the wrong option. */
export function readOptions(args: readonly string[], standard: Partial<Options> = {}): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      nodes: { type: 'string' },
      'pods-per-node': { type: 'string' },
      changes: { type: 'string' },
      minutes: { type: 'string' },
      viewers: { type: 'string' },
      save: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  });
  for (const name of NUMBERS) {
    const text = values[name];
    if (text !== undefined && !(Number(text) > 0))
      throw new Error(`--${name} ${text}: a number greater than 0 is wanted`);
  }
  if (values.save !== undefined && !/^\d{4}-\d\d-\d\d$/.test(values.save))
    throw new Error(`--save ${values.save}: a date like 2026-11-28 is wanted`);
  return {
    nodes: Number(values.nodes ?? standard.nodes ?? 1_000),
    podsPerNode: Number(values['pods-per-node'] ?? standard.podsPerNode ?? 30),
    changes: Number(values.changes ?? standard.changes ?? 20),
    minutes: Number(values.minutes ?? standard.minutes ?? 1),
    viewers: Number(values.viewers ?? standard.viewers ?? 1_000),
    save: values.save ?? null,
    profile: values.profile,
  };
}
