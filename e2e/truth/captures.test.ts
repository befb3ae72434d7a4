/**
 * Captures with their expected records, written from the statements in `docs/facts` by somebody who had not read the code:
 * the program must derive exactly these records.
 */
import { describe, expect, it } from 'vitest';
import { CAPTURES } from './captures/index';
import type { CaptureFile, Cluster } from './captures/kit/cluster';
import { filesOf } from './captures/kit/files';
import { Random } from './captures/kit/random';
import { judge, readFiles } from './captures/kit/read';
import { scatter } from './captures/kit/scatter';
import { randomCluster } from './captures/random-cluster';

const MANY_MS = 120_000;

describe('a capture with a known topology', () => {
  it.each(Object.entries(CAPTURES))('%s', async (_name, make) => {
    const cluster = make();
    expect(judge(await readFiles(filesOf(cluster)), cluster.truth())).toEqual([]);
  });

  it.each(Object.entries(CAPTURES))('%s, with its objects distributed over other files', async (_name, make) => {
    const cluster = make();
    expect(judge(await readFiles(scatter(filesOf(cluster), new Random(7))), cluster.truth())).toEqual([]);
  });
});

/** Compares everything but findings, which random clusters have of every kind. */
async function judgeRandom(cluster: Cluster, files: readonly CaptureFile[]): Promise<string[]> {
  const read = await readFiles(files);
  const undecided = read.topology.findings.map(({ rule }) => rule);
  return judge(read, { ...cluster.truth(), findings: [], undecided });
}

describe('a random capture', () => {
  const first = Number(process.env['CAPTURES_SEED'] ?? 1);
  const seeds = Array.from({ length: Number(process.env['CAPTURES'] ?? 30) }, (_, at) => first + at);
  it(
    `${String(seeds.length)} of six nodes, in files of any kind`,
    async () => {
      const wrong: string[] = [];
      for (const seed of seeds) {
        const cluster = randomCluster(seed, 6, 12);
        const lines = await judgeRandom(cluster, scatter(filesOf(cluster), new Random(seed)));
        wrong.push(...lines.map((line) => `seed ${String(seed)}: ${line}`));
      }
      expect(wrong).toEqual([]);
    },
    MANY_MS + 500 * seeds.length,
  );

  it(
    'one of 300 nodes',
    async () => {
      const cluster = randomCluster(1003, 300, 8);
      expect(await judgeRandom(cluster, filesOf(cluster))).toEqual([]);
    },
    MANY_MS,
  );
});
