/**
 * Turns collected files into a record set like `--from`: a snapshot is decoded, a capture is processed by the engine
 * and the rules.
 */
import { Findings } from '../findings/evaluate';
import { RULES } from '../findings/registry';
import type { ClusterInfo, RecordMaps, Timestamp } from '../model/records';
import { TABLES } from '../model/records';
import { createReplica, type Replica } from '../records/replica';
import type { Capture } from '../snapshot/capture/read';
import type { CaptureFiles } from '../snapshot/capture/text-files';
import { wholeCapture } from '../snapshot/capture/whole';
import { readTopology } from '../snapshot/decode';
import { Engine } from '../topology/engine';
import { Unreadable } from './collect';

/** A record set that was read from files. */
export interface ReadSet {
  readonly kind: 'capture' | 'snapshot';
  readonly takenAt: Timestamp;
  readonly replica: Replica;
  /** What could not be read, one line each, with file and line. */
  readonly problems: readonly string[];
}

/** Whether a text starts like a snapshot. */
export const isSnapshot = (text: string): boolean => /"schema"\s*:\s*"ifscope\b/.test(text.slice(0, 2_000));

/** Throws `Unreadable`. */
export async function readSet(files: CaptureFiles): Promise<ReadSet> {
  const [only, ...others] = files.files;
  if (only !== undefined && others.length === 0 && isSnapshot(only.text)) return snapshotSet(only);
  if (files.files.length + files.unreadable.length === 0)
    throw new Unreadable(`There is no JSON, YAML or metrics text in it${first(files.skipped)}`);
  const capture = wholeCapture(files);
  if ('nothing' in capture) throw new Unreadable(`It ${capture.nothing}`);
  return captureSet(capture);
}

const first = ([line]: readonly string[]): string => (line === undefined ? '' : ` (${line})`);

function snapshotSet({ path, text }: CaptureFiles['files'][number]): ReadSet {
  const read = readTopology(text);
  if ('error' in read) throw new Unreadable(`${path}: ${read.error}`);
  const { topology } = read;
  const records = Object.fromEntries(
    TABLES.map((table) => [table, new Map(topology[table].map((record) => [record.id, record]))]),
  ) as unknown as RecordMaps;
  return { kind: 'snapshot', takenAt: topology.takenAt, replica: replicaOf(records, topology.cluster), problems: [] };
}

function replicaOf(records: RecordMaps, cluster: ClusterInfo): Replica {
  const replica = createReplica();
  replica.reset(records, cluster);
  return replica;
}

/** Gives the page time to draw between two steps. */
export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function captureSet({ batches, takenAt, problems }: Capture): Promise<ReadSet> {
  const engine = new Engine();
  const findings = new Findings(RULES);
  const now = Date.parse(takenAt);
  const steps = engine.steps(batches);
  while (steps.next().done !== true) await pause();
  const { replica } = engine;
  const found = findings.all(replica, now);
  if (found !== null) replica.apply({ findings: found });
  // Work that one call leaves to the next is due immediately.
  for (let due = findings.nextDueAt; due !== null && due <= now; due = findings.nextDueAt) {
    await pause();
    const more = findings.tick(replica, now);
    if (more !== null) replica.apply({ findings: more });
  }
  return { kind: 'capture', takenAt, replica, problems };
}
