/** Asks a real plugin, built by `build.ts`, how its own code reads configs. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findPrograms } from './build';

export interface Answer {
  /** Why the plugin rejects the config; `host: …` if only the node can decide. */
  readonly error?: string;
  /** What it read, as printed by its probe. */
  readonly conf?: Readonly<Record<string, unknown>>;
}

export interface Told {
  /** JSON keys and Go types of the fields that it decodes. */
  readonly shape: unknown;
  readonly answers: readonly Answer[];
}

/**
 * The config as the CNI library passes it on: decoded into a map and encoded again, with keys sorted by their bytes.
 */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** Runs one process for all configs; throws if a result is missing. */
export function ask(plugin: string, configs: readonly object[]): Told {
  const folder = findPrograms();
  if (typeof folder !== 'string') throw new Error(folder.missing);
  const { status, stdout, stderr, error } = spawnSync(path.join(folder, plugin), [], {
    input: configs.map((config) => `${JSON.stringify(sorted(config))}\n`).join(''),
    encoding: 'utf8',
    // In an empty folder, so that a config's paths name no existing file by chance.
    cwd: folder,
    env: { ...process.env, IFSCOPE_PROBE: '1' },
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`${plugin}: ${error?.message ?? stderr.slice(-2000)}`);
  const [shape, ...answers] = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
  if (answers.length !== configs.length) {
    throw new Error(`${plugin} answered ${answers.length} of ${configs.length} configs: ${stderr.slice(-2000)}`);
  }
  return { shape, answers: answers as readonly Answer[] };
}
