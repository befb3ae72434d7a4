/** Asks a real plugin, built by `build.ts`, what its own code makes of configs. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { findPrograms } from './build';

export interface Answer {
  /** Why the plugin refuses the config; `host: …` where only the node that runs it decides. */
  readonly error?: string;
  /** What it read, in the words of its probe. */
  readonly conf?: Readonly<Record<string, unknown>>;
}

export interface Told {
  /** JSON keys and Go types of what it decodes. */
  readonly shape: unknown;
  readonly answers: readonly Answer[];
}

/** As the CNI library hands a config on: read into a map and written anew, keys sorted by their bytes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** One process for all configs; throws when the plugin does not answer each of them. */
export function ask(plugin: string, configs: readonly object[]): Told {
  const folder = findPrograms();
  if (typeof folder !== 'string') throw new Error(folder.missing);
  const { status, stdout, stderr, error } = spawnSync(path.join(folder, plugin), [], {
    input: configs.map((config) => `${JSON.stringify(sorted(config))}\n`).join(''),
    encoding: 'utf8',
    // Away from files that a config's paths could name by chance.
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
