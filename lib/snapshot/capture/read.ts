/**
 * Reads a capture: a folder of raw API answers, as kubectl and the AWS CLI print them.
 *
 * Pure: files come in as text, batches of observations go out, the same as a live source would send. Whatever part is missing
 * is a source that is `absent`; a file that cannot be read is named and the rest is used; nothing throws.
 */
import type { FactKind } from '../../model/facts';
import type { Batch, Observation, SourceStatus } from '../../model/observation';
import { byCodeUnit } from '../../model/order';
import type { SourceRecord, Timestamp } from '../../model/records';
import { normaliseEnis } from '../../normalise/aws-node/enis';
import { normaliseMetrics } from '../../normalise/aws-node/metrics';
import { AWS_NODE_ENIS, AWS_NODE_METRICS } from '../../normalise/aws-node/rows';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import type { Keyed } from '../../normalise/read/keyed';
import { KINDS } from '../../normalise/kubernetes/kinds';
import { clusterFrom } from './cluster';
import { newestTimestamp } from './clock';
import { Collection } from './collection';
import { readCaptureFile } from './file';
import { rowsOf, rowsOfFileName } from './kinds';
import { MANIFEST, readManifest } from './manifest';

/** A file of a capture; `path` is relative to the folder, with `/` between its parts. */
export interface CaptureFile {
  readonly path: string;
  readonly text: string;
}

export interface Capture {
  /** At most one: a capture is one moment, so one version. */
  readonly batches: readonly Batch[];
  readonly takenAt: Timestamp;
  /** What could not be read or used, one line each, beginning with the file's path. */
  readonly problems: readonly string[];
}

const METRICS = '.prom';
const ENIS = '.enis.json';

export function readCapture(files: readonly CaptureFile[]): Capture {
  // The order of a folder's listing must not matter.
  const ordered = files.toSorted((a, b) => byCodeUnit(a.path, b.path));
  const manifest = readManifest(ordered.find((file) => file.path === MANIFEST)?.text ?? null);
  const data = ordered.filter((file) => file.path !== MANIFEST);
  const problems: string[] = manifest.problem === null ? [] : [manifest.problem];
  const json = data.filter((file) => file.path.endsWith('.json'));

  let takenAt = manifest.takenAt ?? newestTimestamp(json.map((file) => file.text));
  if (takenAt === null) {
    takenAt = '1970-01-01T00:00:00Z';
    problems.push(`${MANIFEST} gives no takenAt, and no file holds a timestamp: ages mean nothing`);
  }

  const collection = new Collection();
  let gitVersion: string | null = null;
  for (const file of json) {
    if (file.path.endsWith(ENIS)) continue;
    gitVersion = readJson(file, collection, problems) ?? gitVersion;
  }
  for (const file of data) {
    if (file.path.endsWith(METRICS) || file.path.endsWith(ENIS)) readAwsNode(file, takenAt, collection, problems);
    else if (!file.path.endsWith('.json')) problems.push(`${file.path}: not read (only .json and .prom files are)`);
  }

  const cluster = clusterFrom({
    nodes: collection.facts('node'),
    pods: collection.facts('pod'),
    daemonSets: collection.facts('daemonSet'),
    instances: collection.facts('instance'),
    enis: collection.facts('eni'),
    gitVersion,
  });
  const known = Object.fromEntries(Object.entries(cluster).filter(([, value]) => value !== null));
  const observations: Observation[] = [
    { op: 'cluster', cluster: { ...known, ...manifest.cluster } },
    ...collection.observations(),
    ...SOURCES.map((id): Observation => {
      const given = manifest.sources.get(id);
      return { op: 'status', source: sourceOf(id, takenAt, collection, given) };
    }),
  ];
  return { batches: [{ at: Date.parse(takenAt), observations }], takenAt, problems };
}

/** Every source id a capture can have, in the order of the tables. */
const SOURCES: readonly string[] = [
  ...new Set([
    ...KINDS.map((row) => row.source),
    ...EC2_CALLS.map((row) => row.id),
    AWS_NODE_METRICS.id,
    AWS_NODE_ENIS.id,
  ]),
];

function sourceOf(
  id: string,
  takenAt: Timestamp,
  collection: Collection,
  given: Pick<SourceRecord, 'state' | 'reason'> | undefined,
): SourceStatus {
  const fault = collection.faults.get(id);
  if (fault !== undefined) return { id, state: 'failing', asOf: collection.has(id) ? takenAt : null, reason: fault };
  // A source that was already stale or failing when it was captured stays so.
  if (collection.has(id)) {
    return given === undefined || given.state === 'absent'
      ? { id, state: 'live', asOf: takenAt, reason: null }
      : { id, state: given.state, asOf: takenAt, reason: given.reason };
  }
  if (given !== undefined && given.state !== 'live')
    return { id, state: given.state, asOf: null, reason: given.reason };
  return { id, state: 'absent', asOf: null, reason: 'The capture holds no answer of this source.' };
}

/** Reads one JSON file; answers the API server's version where the file tells it. */
function readJson(file: CaptureFile, collection: Collection, problems: string[]): string | null {
  const content = readCaptureFile(file.text);
  switch (content.type) {
    case 'unreadable':
      problems.push(`${file.path}: ${content.reason}`);
      for (const row of rowsOfFileName(file.path)) collection.fault(row.source, `${file.path} ${content.reason}.`);
      return null;
    case 'version':
      return content.gitVersion;
    case 'ec2':
      for (const { row, list } of content.parts) {
        collection.see(row, row.id);
        for (const keyed of row.normalise(list) as readonly Keyed<FactKind>[]) collection.put(row, keyed);
        if (content.partial) collection.fault(row.id, partial(file.path));
      }
      if (content.partial) problems.push(partial(file.path));
      return null;
    case 'kubernetes': {
      const empty = content.objects.length === 0;
      const listed = content.listOf === null ? null : rowsOf(content.listOf.group, content.listOf.kind);
      for (const row of listed ?? (empty ? rowsOfFileName(file.path) : [])) collection.see(row, row.source);
      if (empty && content.listOf === null && rowsOfFileName(file.path).length === 0) {
        problems.push(
          `${file.path}: an empty List, which does not say of what; name the file after its kind, as pods.json`,
        );
      }
      let used = empty;
      const sources = new Set<string>();
      for (const { group, kind, object } of content.objects) {
        for (const row of rowsOf(group, kind)) {
          used = true;
          sources.add(row.source);
          collection.see(row, row.source);
          const keyed = row.normalise(object);
          if (keyed !== null) collection.put(row, keyed);
        }
      }
      if (!used)
        problems.push(`${file.path}: holds only ${content.objects[0]?.kind ?? ''}, which ifscope does not read`);
      if (content.partial) {
        problems.push(partial(file.path));
        for (const source of sources) collection.fault(source, partial(file.path));
      }
      return null;
    }
  }
}

const partial = (path: string): string =>
  `${path}: one page of a longer answer; the rest is not in the capture. Take it again without a limit.`;

/** `aws-node/NODE.prom`, `aws-node/NODE.enis.json`; NODE is a node's name or its instance id. */
function readAwsNode(file: CaptureFile, takenAt: Timestamp, collection: Collection, problems: string[]): void {
  const suffix = file.path.endsWith(METRICS) ? METRICS : ENIS;
  const row = suffix === METRICS ? AWS_NODE_METRICS : AWS_NODE_ENIS;
  const given = file.path.slice(file.path.lastIndexOf('/') + 1, -suffix.length);
  const nodes = collection.facts('node');
  const node = nodes.find((one) => one.name === given) ?? nodes.find((one) => one.instanceId === given);
  if (node === undefined && nodes.length > 0) {
    problems.push(`${file.path}: no node of the capture has this name or instance id`);
  }
  const name = node?.name ?? given;
  const fact =
    suffix === METRICS
      ? normaliseMetrics(file.text, name, takenAt)
      : normaliseEnis(parseOrNull(file.text), name, takenAt);
  if (fact === null) {
    problems.push(
      `${file.path}: ${suffix === METRICS ? 'holds no awscni metrics' : "is no JSON answer of ipamd's /v1/enis"}`,
    );
    return;
  }
  collection.see(row, row.id);
  collection.put(row, { key: name, fact });
}

function parseOrNull(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}
