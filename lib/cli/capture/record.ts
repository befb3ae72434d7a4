/**
 * Takes a capture: runs the same sources as the page and keeps the raw answers, each object reduced to the parts that
 * its normalisers read.
 *
 * The source may also be a capture folder: one made by hand with kubectl and aws is reduced and, with --redact, becomes
 * shareable.
 */
import { randomBytes } from 'node:crypto';
import { podId } from '../../model/ids';
import { SERVICE_CIDRS } from '../../model/source-ids';
import type { SourceState } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import { KINDS } from '../../normalise/kubernetes/kinds';
import { formatFrom, type From } from '../../server/runtime/from';
import { Problem } from '../../server/runtime/problem';
import type { Runtime } from '../../server/runtime/runtime';
import { namedBy } from '../../snapshot/capture/aws-node';
import { collect } from '../common/collect';
import { fillFolder, prepareFolder } from '../common/files';
import type { Output } from '../common/output';
import { Answers, EC2_FILES, fileOf } from './answers';
import { readFolder } from './folder';
import { Redactor } from './redact';

/** Options of a capture. `seconds`: maximum wait for the sources. */
export interface CaptureOptions {
  readonly folder: string;
  readonly redact: boolean;
  readonly seconds: number;
  readonly output: Output;
}

/** Result of a capture; `objects`: number of Kubernetes objects and EC2 elements. */
export interface Written {
  readonly folder: string;
  readonly files: readonly string[];
  readonly objects: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Only the series that ifscope reads; the others are about the process, not the network. */
const ownSeries = (text: string): string =>
  `${text
    .split('\n')
    .filter((line) => /^(# (TYPE|HELP) )?awscni_/.test(line))
    .join('\n')}\n`;

const sorted = (map: ReadonlyMap<string, unknown>): unknown[] =>
  [...map].sort(([a], [b]) => byCodeUnit(a, b)).map(([, value]) => value);

/** Drops pods that were deleted while the capture was taken. */
function forgetGone(answers: Answers, { store }: Runtime): void {
  const { pods } = store.replica.records;
  for (const [name] of answers.objects.get('pods') ?? []) {
    const [namespace = '', pod = ''] = name.split('/');
    if (!pods.has(podId(namespace, pod))) answers.objects.get('pods')?.delete(name);
  }
}

function manifest({ store }: Runtime, dropped: Json): Json {
  const { records, cluster } = store.replica;
  const sources = [...records.sources.values()].map(
    ({ id, state, reason, partial }) => [id, { state, reason, ...(partial ? { partial } : {}) }] as const,
  );
  return {
    takenAt: new Date(store.now()).toISOString().replace('.000Z', 'Z'),
    cluster,
    sources: Object.fromEntries(sources),
    dropped,
  };
}

const LISTED: ReadonlySet<SourceState> = new Set<SourceState>(['live', 'behind']);

/** Adds an empty list for a kind without objects; otherwise the kind would look as if it had not been listed. */
function addEmptyLists(answers: Answers, { store }: Runtime): void {
  const isListed = (id: string): boolean => LISTED.has(store.replica.records.sources.get(id)?.state ?? 'starting');
  // The Service CIDR came from EKS, and no list of ServiceCIDRs was read.
  const byEks = answers.eks === null ? null : SERVICE_CIDRS;
  for (const row of KINDS)
    if (!answers.objects.has(fileOf(row)) && isListed(row.source) && row.source !== byEks)
      answers.objects.set(fileOf(row), new Map());
}

/** All files: path inside the folder → content. */
function contents(answers: Answers, runtime: Runtime, redact: boolean): Map<string, string> {
  const redactor = redact ? new Redactor(randomBytes(32).toString('hex')) : null;
  const all = [...answers.objects.values(), ...answers.elements.values(), answers.owners].flatMap((map) => [
    ...map.values(),
  ]);
  const { cluster } = runtime.store.replica;
  redactor?.learn({ metadata: { name: cluster.name } });
  for (const each of all) redactor?.learn(each);
  for (const each of [...answers.nodeEnis.values(), ...answers.checkpoints.values()]) redactor?.learnAssigned(each);
  const write = (value: unknown): string => `${JSON.stringify(redactor?.value(value) ?? value, null, 1)}\n`;
  const files = new Map<string, string>([['capture.json', write(manifest(runtime, answers.dropped.list()))]]);
  for (const [resource, objects] of answers.objects)
    files.set(`kubernetes/${resource}.json`, write({ kind: 'List', apiVersion: 'v1', items: sorted(objects) }));
  for (const [key, elements] of answers.elements)
    files.set(`ec2/${EC2_FILES[key]?.file ?? key}.json`, write({ [key]: sorted(elements) }));
  if (answers.owners.size > 0)
    files.set('kubernetes/owners.json', write({ kind: 'List', apiVersion: 'v1', items: sorted(answers.owners) }));
  const { nodes, pods } = runtime.store.replica.records;
  const named = (text: string): string => redactor?.text(text) ?? text;
  for (const [pod, text] of answers.texts) {
    const node = nodes.get(pods.get(podId('kube-system', pod))?.node ?? '');
    if (node !== undefined) files.set(`aws-node/${named(node.name)}.prom`, named(ownSeries(text)));
  }
  for (const [node, text] of answers.nodeTexts) files.set(`aws-node/${named(node)}.prom`, named(ownSeries(text)));
  for (const [node, answer] of answers.nodeEnis) files.set(`aws-node/${named(node)}.enis.json`, write(answer));
  const everyNode = [...nodes.values()];
  for (const [file, answer] of answers.settings) {
    const node = namedBy(file, everyNode) ?? (everyNode.length === 1 ? everyNode[0] : undefined);
    if (node !== undefined) files.set(`aws-node/${named(node.name)}.ipamd-env-settings.json`, write(answer));
  }
  if (answers.eks !== null) files.set('eks/cluster.json', write(answers.eks));
  for (const [file, answer] of answers.checkpoints) {
    const [, node = '', ending = ''] = /^(.*)(\.ipam.*)$/.exec(file) ?? [];
    files.set(`aws-node/${named(node)}${ending}.json`, write(answer));
  }
  return files;
}

/** Takes a capture and writes it. Throws a `Problem` on failure. */
export async function capture(from: From, options: CaptureOptions): Promise<Written> {
  if (from.kind === 'snapshot' || from.kind === 'ifscope')
    throw new Problem(
      'usage',
      `${formatFrom(from)}: ${from.kind === 'snapshot' ? 'a snapshot' : 'another ifscope'} holds no raw answers to capture; give --from a context, in-cluster, demo or a capture`,
    );
  const folder = await prepareFolder(options.folder);
  const answers = new Answers();
  if (from.kind === 'capture') await readFolder(from.folder, answers);
  const files = await collect(
    from,
    options.seconds,
    options.output,
    (runtime) => {
      forgetGone(answers, runtime);
      addEmptyLists(answers, runtime);
      return contents(answers, runtime, options.redact);
    },
    answers,
  );
  await fillFolder(folder, files);
  const objects = [...answers.objects.values(), ...answers.elements.values()].reduce((sum, map) => sum + map.size, 0);
  return { folder, files: [...files.keys()], objects };
}
