/** A capture's files written to a folder and read as the program reads them, findings and all; then judged against the truth. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TABLES, type Topology } from '../../../../lib/model/records';
import { createRuntime } from '../../../../lib/server/runtime/runtime';
import type { Replica } from '../../../../lib/records/replica';
import { toTopology } from '../../../../lib/snapshot/encode';
import type { CaptureFile, Truth } from './cluster';
import { differences } from './compare';

export interface Read {
  readonly topology: Topology;
  readonly problems: readonly string[];
  readonly replica: Replica;
}

export async function readFiles(files: readonly CaptureFile[]): Promise<Read> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-capture-'));
  try {
    for (const file of files) {
      mkdirSync(path.dirname(path.join(folder, file.path)), { recursive: true });
      writeFileSync(path.join(folder, file.path), file.text);
    }
    return await readFolder(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function readFolder(folder: string): Promise<Read> {
  const problems: string[] = [];
  const log = (level: string, message: string): void => {
    if (level === 'warn') problems.push(message);
  };
  const runtime = createRuntime({ kind: 'capture', folder }, { log });
  await runtime.start();
  const { store } = runtime;
  const topology = toTopology(store.replica.records, store.replica.cluster, new Date(store.now()).toISOString());
  await runtime.stop();
  return { topology, problems, replica: store.replica };
}

/** One line per thing that is not as the truth says. */
export function judge({ topology, problems }: Pick<Read, 'topology' | 'problems'>, truth: Truth): string[] {
  const lines: string[] = [];
  const tables = topology as unknown as Readonly<Record<string, readonly { readonly id: string }[]>>;
  for (const [table, rows] of Object.entries(truth.records)) {
    const byId = new Map((tables[table] ?? []).map((record) => [record.id, record] as const));
    for (const [id, expected] of Object.entries(rows)) {
      const actual = byId.get(id);
      lines.push(...(actual === undefined ? [`${table} ${id}: missing`] : differences(expected, actual, id)));
    }
    if (table === 'interfaces') {
      const extra = [...byId.keys()].filter((id) => !(id in rows));
      lines.push(...extra.map((id) => `interfaces ${id}: the cluster has no such interface`));
    }
  }
  const ids = new Set(TABLES.flatMap((table) => topology[table].map(({ id }) => id)));
  lines.push(...truth.noSuchRecords.filter((id) => ids.has(id)).map((id) => `${id}: must not be a record`));

  const found = topology.findings.filter(({ rule }) => !truth.undecided.includes(rule));
  const isOf = ([rule, subject]: readonly [string, string], finding: (typeof found)[number]): boolean =>
    finding.rule === rule && finding.subjects.includes(subject);
  lines.push(
    ...truth.findings
      .filter((one) => !found.some((finding) => isOf(one, finding)))
      .map((one) => `finding missing: ${one.join(' ')}`),
    ...found
      .filter((finding) => !truth.findings.some((one) => isOf(one, finding)))
      .map(({ rule, subjects, detail }) => `finding too much: ${rule} ${subjects.join(' ')}: ${detail}`),
  );

  lines.push(
    ...truth.problems
      .filter((pattern) => !problems.some((line) => pattern.test(line)))
      .map((one) => `not said: ${String(one)}`),
    ...problems
      .filter((line) => !truth.problems.some((pattern) => pattern.test(line)))
      .map((line) => `problem too much: ${line}`),
  );
  return lines;
}
