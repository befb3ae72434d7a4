/**
 * Reads a capture: raw API answers as printed by kubectl, the AWS CLI and ipamd, or as posted by users.
 *
 * Pure: turns files as text into the batches of observations that live sources would send. A missing part is a source
 * in state `absent`. Unreadable parts are reported with file and line, and the rest is used. Never throws.
 */
import type { FactKind } from '../../model/facts';
import type { Batch, Observation, SourceStatus } from '../../model/observation';
import { byCodeUnit } from '../../model/order';
import type { Timestamp } from '../../model/records';
import { ENIS, INSTANCES, NODES, PODS, SERVICE_CIDRS } from '../../model/source-ids';
import { UNKNOWN_TIME } from '../../model/unknown-time';
import { AWS_NODE_ENIS, AWS_NODE_METRICS } from '../../normalise/aws-node/rows';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import type { Fields } from '../../normalise/read/guards';
import type { Keyed } from '../../normalise/read/keyed';
import { KINDS } from '../../normalise/kubernetes/kinds';
import { normaliseOwner } from '../../normalise/kubernetes/workload';
import { putAgentLog, putAwsNode } from './aws-node';
import type { AwsNodeAnswer } from './aws-node';
import { putOwnEnis } from './own-enis';
import { clusterFrom, mixedClusters, strangeEc2 } from './cluster';
import { newestTimestamp } from './clock';
import { Collection } from './collection';
import { ec2RowOfFileName } from './ec2';
import type { EksCluster } from './eks';
import { readCaptureFile } from './file';
import type { FileContent } from './file';
import { putIpamdSettings } from './ipamd-settings';
import { rowsOf, rowsOfFileName } from './kinds';
import { A_LOG, A_TEXT } from './lines';
import { MANIFEST, readManifest, type GivenSource, type Manifest } from './manifest';
import { missingEnisOf } from './missing-enis';
import { NamespacedLists } from './namespaced-lists';
import { withTimes } from './printed-events';
import { PodLists } from './pod-lists';
import { Reports } from './reports';

/** A file of a capture; `path` is relative to the folder, with `/` between its parts. */
export interface CaptureFile {
  readonly path: string;
  readonly text: string;
}

/** A capture as read. */
export interface Capture {
  /** At most one, because a capture is one moment and therefore one version. */
  readonly batches: readonly Batch[];
  readonly takenAt: Timestamp;
  /**
   * What could not be read or used, one line each, starting with the file's path and, unless it concerns the whole
   * file, the line.
   */
  readonly problems: readonly string[];
  /** Why the files may contradict each other or lack data, one sentence each; the sources concerned are not live. */
  readonly doubts: readonly string[];
  /** Files that ifscope does not need: logs, kinds that it does not read. One line each, or one for several. */
  readonly others: readonly string[];
}

/** The extension of metrics files; such a file without metrics is reported. */
const METRICS = '.prom';
/** Posts with answers in them, or notes beside the answers. */
const PROSE = /\.(md|markdown)$/i;
const ENIS_FILE = /\.enis\.(json|ya?ml|txt)$/i;

/** When the capture was taken, from its manifest, else its newest timestamp; null without any. `data`: its other files. */
export const takenAtOf = (manifest: Pick<Manifest, 'takenAt'>, data: readonly CaptureFile[]): Timestamp | null =>
  manifest.takenAt ?? newestTimestamp(data.map((file) => file.text));

/** Reads the files of a capture in any order. */
export function readCapture(files: readonly CaptureFile[]): Capture {
  // The order of a folder's listing must not matter.
  const ordered = files.toSorted((a, b) => byCodeUnit(a.path, b.path));
  const manifest = readManifest(ordered.find((file) => file.path === MANIFEST)?.text ?? null);
  const data = ordered.filter((file) => file.path !== MANIFEST);
  const problems = new Reports();
  if (manifest.problem !== null) problems.tell(manifest.problem);

  const told = takenAtOf(manifest, data);
  const takenAt = told ?? UNKNOWN_TIME;

  const reading = new Reading(problems, Date.parse(takenAt));
  for (const file of data) reading.read(file);
  const { collection } = reading;
  if (reading.eks !== null) putServiceCidrs(reading.eks, collection);
  const ownEnis = putOwnEnis(reading.reservations, collection);
  // At this point all nodes and their ENIs are known.
  for (const { path, line, ...content } of reading.awsNode) {
    const problem = putAwsNode(path, content, takenAt, collection);
    if (problem !== null) problems.add(placeOf(path, line), problem, problem);
  }
  for (const { path, line, text } of reading.logs)
    reading.others.add(placeOf(path, line), putAgentLog(path, text, takenAt, collection) ?? A_LOG, 'log');
  for (const { path, line, answer } of reading.ipamdSettings) {
    const unused = putIpamdSettings(path, answer, collection);
    if (unused !== null) reading.others.add(placeOf(path, line), unused, 'settings');
  }

  const missingEnis = missingEnisOf(collection);
  if (missingEnis !== null) collection.parts.set(ENIS, missingEnis);
  const missingPods = reading.podLists.missing(collection);
  if (missingPods !== null) collection.parts.set(PODS, missingPods);
  const limits = reading.podLists.limits(collection);
  for (const [source, missing] of reading.namespacedLists.missing(collection, limits))
    collection.parts.set(source, missing);

  const evidence = {
    nodes: collection.facts('node'),
    pods: collection.facts('pod'),
    daemonSets: collection.facts('daemonSet'),
    instances: collection.facts('instance'),
    enis: collection.facts('eni'),
    gitVersion: reading.gitVersion,
    eks: reading.eks,
    vpcs: reading.vpcs,
  };
  const cluster = clusterFrom(evidence);
  const doubts: string[] = ownEnis === null ? [] : [ownEnis];
  if (told === null) doubts.push('no file tells when it was taken, so ages are not known');
  for (const [problem, sources] of [
    [mixedClusters(evidence), [NODES, PODS]],
    [strangeEc2(evidence, collection.has(ENIS) || collection.has(INSTANCES)), [ENIS, INSTANCES]],
  ] as const) {
    if (problem === null) continue;
    doubts.push(problem);
    for (const source of sources)
      if (collection.has(source)) collection.fault(source, `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`);
  }
  const known = Object.fromEntries(Object.entries(cluster).filter(([, value]) => value !== null));
  const observations: Observation[] = [
    { op: 'cluster', cluster: { ...known, ...manifest.cluster } },
    ...collection.observations(),
    ...SOURCES.map((id): Observation => {
      const given = manifest.sources.get(id);
      return { op: 'status', source: sourceOf(id, takenAt, collection, given) };
    }),
  ];
  return {
    batches: [{ at: Date.parse(takenAt), isFromFiles: true, observations }],
    takenAt,
    problems: problems.lines(),
    others: reading.others.lines(),
    doubts,
  };
}

/** Adds the Service CIDRs from EKS if the cluster's own ServiceCIDR objects are missing. */
function putServiceCidrs({ serviceCidrs }: EksCluster, collection: Collection): void {
  if (serviceCidrs.length === 0 || collection.has(SERVICE_CIDRS)) return;
  const row = { id: 'eks/cluster', factKind: 'serviceCidr' } as const;
  collection.see(row, SERVICE_CIDRS, true);
  const fact = { namespace: '', name: 'kubernetes', uid: '', createdAt: null, deleting: false, cidrs: serviceCidrs };
  collection.put(row, { key: fact.name, fact });
}

/** The file's path, with the line unless the document starts the file. */
const placeOf = (path: string, line: number): string => `${path}${line > 1 ? `:${line}` : ''}`;

/** The sources of an unreadable file, judged by its name. */
function sourcesOfFileName(path: string): readonly string[] {
  // In archives of eks-log-collector, this folder has ipamd's own view of pods.
  if (/(^|\/)ipamd\//.test(path)) return [];
  const rows = rowsOfFileName(path);
  const ec2 = rows.length === 0 ? ec2RowOfFileName(path) : null;
  return ec2 === null ? rows.map(({ source }) => source) : [ec2.id];
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
  given: GivenSource | undefined,
): SourceStatus {
  const fault = collection.faults.get(id);
  if (fault !== undefined) return { id, state: 'failing', asOf: collection.has(id) ? takenAt : null, reason: fault };
  // A source that was stale or failing when the capture was taken keeps that state.
  if (collection.has(id)) {
    if (given !== undefined && given.state !== 'absent')
      return {
        id,
        state: given.state,
        asOf: takenAt,
        reason: given.reason,
        ...(given.partial ? { partial: true } : {}),
      };
    const part = collection.isListed(id) ? collection.parts.get(id) : SINGLE;
    return part === undefined
      ? { id, state: 'live', asOf: takenAt, reason: null }
      : { id, state: 'live', asOf: takenAt, reason: part, partial: true };
  }
  if (given !== undefined && given.state !== 'live')
    return { id, state: given.state, asOf: null, reason: given.reason };
  return { id, state: 'absent', asOf: null, reason: 'The capture contains no answer of this source.' };
}

const SINGLE = 'The capture contains single objects and no list; others may exist.';

class Reading {
  readonly collection = new Collection();
  readonly podLists = new PodLists();
  readonly namespacedLists = new NamespacedLists();
  /** Read last, when the nodes are known. */
  readonly awsNode: (AwsNodeAnswer & { readonly path: string; readonly line: number })[] = [];
  /** Read after the metrics, which take precedence. */
  readonly logs: { readonly text: string; readonly path: string; readonly line: number }[] = [];
  /** Read last, too, when the aws-node pods are known. */
  readonly ipamdSettings: { readonly answer: Fields; readonly path: string; readonly line: number }[] = [];
  readonly others = new Reports();
  /** Elements of DescribeInstances, whose ENIs are used if DescribeNetworkInterfaces is missing. */
  readonly reservations: unknown[] = [];
  gitVersion: string | null = null;
  eks: EksCluster | null = null;
  readonly vpcs = new Map<string, readonly string[]>();
  readonly #problems: Reports;
  /** Epoch milliseconds. */
  readonly #takenAt: number;

  constructor(problems: Reports, takenAt: number) {
    this.#problems = problems;
    this.#takenAt = takenAt;
  }

  read(file: CaptureFile): void {
    if (file.path.endsWith(METRICS)) {
      this.awsNode.push({ type: 'metrics', text: file.text, path: file.path, line: 1 });
      return;
    }
    const contents = readCaptureFile(file.text);
    if (ENIS_FILE.test(file.path) && !contents.some(({ type }) => type === 'enis')) {
      this.#problems.add(file.path, "is not a JSON answer of ipamd's /v1/enis");
      return;
    }
    if (PROSE.test(file.path) && contents.every(({ type }) => type === 'unreadable')) {
      this.others.add(file.path, A_TEXT, 'text');
      return;
    }
    const ofAwsNode = contents.some(({ type }) => ['enis', 'checkpoint', 'metrics'].includes(type));
    for (const content of contents) this.#take(file.path, content, ofAwsNode);
  }

  /** `ofAwsNode`: the file has an answer of aws-node, so its name (`enis.txt`) is not that of a source. */
  #take(path: string, content: FileContent, ofAwsNode: boolean): void {
    const { line } = content;
    switch (content.type) {
      case 'unreadable': {
        const where = content.inLine === true ? `${path}:${line}` : placeOf(path, line);
        // A file named after an answer was intended to be one.
        const sources = content.sort === 'log' || ofAwsNode ? [] : sourcesOfFileName(path);
        const isOther = content.sort !== undefined && sources.length === 0;
        (isOther ? this.others : this.#problems).add(where, content.reason, content.sort);
        for (const source of sources) this.collection.fault(source, `${where} ${content.reason}.`);
        return;
      }
      case 'version':
        this.gitVersion = content.gitVersion;
        return;
      case 'vpc':
        this.vpcs.set(content.id, content.cidrs);
        return;
      case 'eks':
        this.eks = content.cluster;
        return;
      case 'metrics':
        this.awsNode.push({ type: 'metrics', text: content.text, path, line });
        return;
      case 'log':
        this.logs.push({ text: content.text, path, line });
        return;
      case 'settings':
        this.ipamdSettings.push({ answer: content.answer, path, line });
        return;
      case 'enis':
      case 'checkpoint':
        this.awsNode.push({ type: content.type, answer: content.answer, path, line });
        return;
      case 'ec2':
        for (const { row, list } of content.parts) {
          this.collection.see(row, row.id, content.isList);
          if (row.id === INSTANCES) this.reservations.push(...list);
          for (const keyed of row.normalise(list) as readonly Keyed<FactKind>[]) this.collection.put(row, keyed);
          if (content.partial) this.collection.fault(row.id, `${path}: ${PAGE}`);
        }
        if (content.partial) this.#problem(path, line, PAGE);
        return;
      case 'kubernetes':
        this.#kubernetes(path, content);
    }
  }

  #kubernetes(path: string, content: Extract<FileContent, { type: 'kubernetes' }>): void {
    const { objects, listOf, partial, line } = content;
    const { collection } = this;
    if (objects.length === 0) this.#emptyList(path, content);
    else if (listOf !== null)
      for (const row of rowsOf(listOf.group, listOf.kind)) collection.see(row, row.source, true);
    if (content.isList) {
      this.podLists.add(objects);
      this.namespacedLists.add(objects);
    }
    if (objects.length === 0 && listOf?.kind === 'Pod') this.podLists.addEmpty();
    let used = objects.length === 0;
    const sources = new Set<string>();
    for (const { group, kind, object: asPosted } of objects) {
      const object = withTimes(asPosted, this.#takenAt);
      for (const row of rowsOf(group, kind)) {
        used = true;
        sources.add(row.source);
        collection.see(row, row.source, content.isList);
        const keyed = row.normalise(object);
        if (keyed !== null) collection.put(row, keyed);
      }
      if (rowsOf(group, kind).length === 0 && this.#owner(kind, object)) used = true;
    }
    if (!used) {
      const what = `holds only ${objects[0]?.kind ?? ''}, which ifscope does not read`;
      this.others.add(placeOf(path, line), what, 'kind');
    }
    if (!partial) return;
    this.#problem(path, line, PAGE);
    for (const source of sources) collection.fault(source, `${path}: ${PAGE}`);
  }

  /** Reads an object of a kind without a row, whose pod templates may refer to networks. */
  #owner(kind: string, object: unknown): boolean {
    const keyed = normaliseOwner(object);
    if (keyed === null) return false;
    const row = { id: `kubernetes/owners/${kind}`, factKind: 'workload' } as const;
    this.collection.see(row, row.id, false);
    this.collection.put(row, keyed);
    return true;
  }

  #emptyList(path: string, { listOf, line }: Extract<FileContent, { type: 'kubernetes' }>): void {
    const rows = listOf === null ? rowsOfFileName(path) : rowsOf(listOf.group, listOf.kind);
    for (const row of rows) this.collection.see(row, row.source, true);
    const ec2 = listOf === null && rows.length === 0 ? ec2RowOfFileName(path) : null;
    if (ec2 !== null) this.collection.see(ec2, ec2.id, true);
    else if (listOf === null && rows.length === 0)
      this.#problem(
        path,
        line,
        'an empty List, which does not show its kind; name the file after the kind, as pods.json',
      );
  }

  #problem(path: string, line: number, what: string): void {
    this.#problems.add(placeOf(path, line), what);
  }
}

const PAGE = 'one page of a longer answer; the rest is not in the capture. Take it again without a limit.';
