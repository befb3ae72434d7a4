/**
 * Takes a capture (records.md, "Capture"): the same sources run as for the page, and what their servers answered is kept
 * beside what becomes of it, each object reduced to what its normalisers read (`read-part`).
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { podId } from '../../model/ids';
import { byCodeUnit } from '../../model/order';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import { KINDS, type AnyKindRow } from '../../normalise/kubernetes/kinds';
import { processWorld, type From } from '../../server/runtime/from';
import { Problem, reasonOf } from '../../server/runtime/problem';
import type { Runtime } from '../../server/runtime/runtime';
import type { Tap } from '../../server/runtime/tap';
import { collect } from '../collect';
import type { Output } from '../output';
import { readPart } from './read-part';
import { createRedactor } from './redact';

export interface CaptureOptions {
  readonly folder: string;
  readonly redact: boolean;
  readonly seconds: number;
  readonly output: Output;
}

export interface Written {
  readonly folder: string;
  readonly files: readonly string[];
  readonly objects: number;
}

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Where the elements of an EC2 answer are written, and what tells them apart: a later answer replaces an earlier one. */
const EC2_FILES: Readonly<Record<string, { readonly file: string; readonly id: string }>> = {
  NetworkInterfaces: { file: 'network-interfaces', id: 'NetworkInterfaceId' },
  Reservations: { file: 'instances', id: 'ReservationId' },
  InstanceTypes: { file: 'instance-types', id: 'InstanceType' },
  Subnets: { file: 'subnets', id: 'SubnetId' },
  SubnetIpv4CidrReservations: { file: 'subnet-ipv4-cidr-reservations', id: 'SubnetCidrReservationId' },
  SubnetIpv6CidrReservations: { file: 'subnet-ipv6-cidr-reservations', id: 'SubnetCidrReservationId' },
};

const fileOf = (row: AnyKindRow): string =>
  row.group === '' || row.group === 'apps' ? row.resource : `${row.resource}.${row.group}`;

class Answers implements Tap {
  /** By file name (`pods`), by object name. */
  readonly objects = new Map<string, Map<string, unknown>>();
  /** By top key (`NetworkInterfaces`), by element id. */
  readonly elements = new Map<string, Map<string, unknown>>();
  /** By pod name. */
  readonly texts = new Map<string, string>();

  kubernetes(id: string, object: unknown): void {
    const row = KINDS.find((each) => each.id === id);
    if (row === undefined || !isJson(object)) return;
    const readers = KINDS.filter((each) => each.group === row.group && each.resource === row.resource);
    const part = readPart(
      object,
      readers.map((each) => each.normalise),
    );
    const { namespace, name } = isJson(object.metadata) ? object.metadata : {};
    const key = `${typeof namespace === 'string' ? namespace : ''}/${typeof name === 'string' ? name : ''}`;
    const typed = { apiVersion: row.group === '' ? 'v1' : `${row.group}/${row.versions[0] ?? ''}`, kind: row.kind };
    const objects = this.objects.get(fileOf(row)) ?? new Map<string, unknown>();
    this.objects.set(fileOf(row), objects.set(key, { ...typed, ...(isJson(part) ? part : {}) }));
  }

  ec2(action: string, answer: object): void {
    for (const row of EC2_CALLS) {
      if (row.action !== action) continue;
      for (const key of row.keys) {
        const list: unknown = (answer as Json)[key];
        if (!Array.isArray(list)) continue;
        const elements = this.elements.get(key) ?? new Map<string, unknown>();
        this.elements.set(key, elements);
        // Through text, because the SDK gives dates as objects, and a capture as the AWS CLI prints them.
        for (const element of JSON.parse(JSON.stringify(list)) as unknown[]) {
          const [part] = readPart([element], [row.normalise]) as unknown[];
          const id = isJson(element) ? element[EC2_FILES[key]?.id ?? ''] : undefined;
          if (part !== null && part !== undefined)
            elements.set(typeof id === 'string' ? id : JSON.stringify(part), part);
        }
      }
    }
  }

  metrics(pod: string, text: string): void {
    this.texts.set(pod, text);
  }
}

/** Only the series that are read: the rest tells of the process, not of the network. */
const ownSeries = (text: string): string =>
  `${text
    .split('\n')
    .filter((line) => /^(# (TYPE|HELP) )?awscni_/.test(line))
    .join('\n')}\n`;

const sorted = (map: ReadonlyMap<string, unknown>): unknown[] =>
  [...map].sort(([a], [b]) => byCodeUnit(a, b)).map(([, value]) => value);

/** An object that was deleted while the capture was taken is no longer in the records. */
function forgetGone(answers: Answers, { store }: Runtime): void {
  const { pods } = store.replica.records;
  for (const [name] of answers.objects.get('pods') ?? []) {
    const [namespace = '', pod = ''] = name.split('/');
    if (!pods.has(podId(namespace, pod))) answers.objects.get('pods')?.delete(name);
  }
}

function manifest({ store }: Runtime): Json {
  const { records, cluster } = store.replica;
  const sources = [...records.sources.values()].map(({ id, state, reason }) => [id, { state, reason }] as const);
  return { takenAt: new Date(store.now()).toISOString(), cluster, sources: Object.fromEntries(sources) };
}

/** A kind of which there is nothing was asked for all the same: without an empty list it would read as never asked. */
function addEmptyLists(answers: Answers, { store }: Runtime): void {
  for (const row of KINDS)
    if (!answers.objects.has(fileOf(row)) && store.replica.records.sources.get(row.source)?.state === 'live')
      answers.objects.set(fileOf(row), new Map());
}

/** Everything that is written: path inside the folder → content. */
function contents(answers: Answers, runtime: Runtime, redact: boolean): Map<string, string> {
  const redactor = redact ? createRedactor(randomBytes(32).toString('hex')) : null;
  const all = [...answers.objects.values(), ...answers.elements.values()].flatMap((map) => [...map.values()]);
  const { cluster } = runtime.store.replica;
  redactor?.learn({ metadata: { name: cluster.name } });
  for (const each of all) redactor?.learn(each);
  const write = (value: unknown): string => `${JSON.stringify(redactor?.value(value) ?? value, null, 1)}\n`;
  const files = new Map<string, string>([['capture.json', write(manifest(runtime))]]);
  for (const [resource, objects] of answers.objects)
    files.set(`kubernetes/${resource}.json`, write({ kind: 'List', apiVersion: 'v1', items: sorted(objects) }));
  for (const [key, elements] of answers.elements)
    files.set(`ec2/${EC2_FILES[key]?.file ?? key}.json`, write({ [key]: sorted(elements) }));
  for (const [pod, text] of answers.texts) {
    const node = runtime.store.replica.records.nodes.get(
      runtime.store.replica.records.pods.get(podId('kube-system', pod))?.node ?? '',
    );
    const own = ownSeries(text);
    if (node !== undefined)
      files.set(`aws-node/${redactor?.text(node.name) ?? node.name}.prom`, redactor?.text(own) ?? own);
  }
  return files;
}

/** The folder must be new or empty: a capture mixed with an older one would be a lie. */
async function prepare(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0)
      throw new Problem('usage', `-o ${folder}: the folder is not empty; name a new one`);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('runtime', `cannot write to ${folder} (${reasonOf(error)}): name another folder with -o`);
  }
}

export async function capture(from: From, options: CaptureOptions): Promise<Written> {
  if (from.kind === 'capture' || from.kind === 'snapshot')
    throw new Problem(
      'usage',
      'a capture is taken of a cluster: --from a context, in-cluster or demo (a capture is copied as a folder, a snapshot holds no raw answers)',
    );
  const folder = path.resolve(processWorld().workingFolder, options.folder);
  await prepare(folder);
  const answers = new Answers();
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
  for (const [file, content] of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  const objects = [...answers.objects.values(), ...answers.elements.values()].reduce((sum, map) => sum + map.size, 0);
  return { folder, files: [...files.keys()], objects };
}
