/**
 * The server's functions for files opened in the browser: keyframes, answers, exports, differences. Nothing leaves the
 * browser.
 */
import { aroundSnapshot, html } from '../export/html';
import { RECORD_FORMATS } from '../export/index';
import { explain } from '../explain/explain';
import { readWords } from '../explain/words-of-question';
import { harmless } from '../model/harmless';
import type { RecordMaps } from '../model/records';
import type { Replica } from '../records/replica';
import { unpacked } from '../snapshot/capture/archives/unpacked';
import { diffTopologies } from '../snapshot/diff';
import { stringifyTopology, toTopology } from '../snapshot/encode';
import { KeyframeEncoder } from '../snapshot/keyframe/encoder';
import { lengthBefore } from '../snapshot/keyframe/frames';
import type { DescribedChange } from '../view/changes/described-change';
import { lookup } from '../view/lookup/lookup';
import { parseQuery } from '../view/query/parse';
import { collectDropped, Unreadable, type Dropped } from './collect';
import { isSnapshot, pause, readSet, type ReadSet } from './read';

/** An opened set as reported to the page. */
export interface OpenedSet {
  /** Number of the set. */
  readonly id: number;
  readonly name: string;
  readonly kind: 'capture' | 'snapshot' | 'live';
  /** RFC 3339, UTC. */
  readonly takenAt: string;
  readonly cluster: string | null;
  readonly problems: readonly string[];
}

/** A response like the server's. */
export interface DeskAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Items that were dropped together: each a file, or a folder with its files. */
export interface Item {
  readonly name: string;
  readonly files: readonly Dropped[];
}

const notFound = (text: string): DeskAnswer => ({ status: 404, type: 'text/plain', text });
const json = (value: unknown): DeskAnswer => ({ status: 200, type: 'application/json', text: JSON.stringify(value) });

async function packed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Three bytes are four characters of base64, so multiples of three can be joined. */
const THREES = 3 * 8_192;

function inBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += THREES)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + THREES)));
  return text;
}

/** Holds the opened record sets, and answers queries on them. */
export class Desk {
  readonly #sets = new Map<number, ReadSet & OpenedSet>();
  #next = 1;

  /**
   * Opens dropped items: two snapshots, archives or folders as two sets, the earlier first; otherwise one capture.
   * Throws `Unreadable`.
   */
  async open(items: readonly Item[]): Promise<readonly OpenedSet[]> {
    const whole = items.length === 2 && items.every(({ files }) => isWhole(files));
    const parts = whole ? items : [{ name: nameOf(items), files: items.flatMap(({ files }) => files) }];
    const opened: OpenedSet[] = [];
    for (const { name, files } of parts) opened.push(this.#keep(name, await readSet(await collectDropped(files))));
    return opened.sort((a, b) => a.takenAt.localeCompare(b.takenAt));
  }

  /** Opens the snapshot embedded in a page, of any size. `packed`: gzip. Throws `Unreadable`. */
  async openEmbedded(packed: Uint8Array): Promise<OpenedSet> {
    const bytes = await unpacked(packed, 'gzip', Infinity);
    const text = new TextDecoder().decode(bytes);
    return this.#keep('this page', await readSet({ files: [{ path: 'snapshot', text }], unreadable: [], skipped: [] }));
  }

  /** Opens a server's current snapshot, as from `/api/export?format=json`. */
  async openLive(text: string): Promise<OpenedSet> {
    const read = await readSet({ files: [{ path: 'live.json', text }], unreadable: [], skipped: [] });
    return { ...this.#keep('the live cluster', read), kind: 'live' };
  }

  /** The record set as a keyframe, version 0. */
  async keyframe(id: number): Promise<Uint8Array<ArrayBuffer>> {
    const { replica, takenAt } = this.#set(id);
    const encoder = new KeyframeEncoder(packed);
    const steps = encoder.steps(replica.records, replica.cluster, { epoch: `file-${id}`, version: 0, takenAt });
    let step = steps.next();
    while (step.done !== true) {
      await pause();
      step = steps.next();
    }
    const chunks = await Promise.all(step.value.chunks);
    return joined(chunks.flatMap((chunk) => [lengthBefore(chunk.byteLength), chunk]));
  }

  /** Answers the paths that a page requests, like a server. */
  answer(id: number, path: string): DeskAnswer {
    const set = this.#set(id);
    const { pathname, searchParams } = new URL(path, 'http://desk');
    const query = searchParams.get('q')?.trim() ?? '';
    switch (pathname) {
      case '/api/lookup':
        return json({ position: `file-${id}.0`, ...lookup(set.replica, query) });
      case '/api/explain':
        return explanation(set.replica, query);
      case '/api/export':
        return exported(set, searchParams);
      default:
        return notFound('a file answers nothing else');
    }
  }

  /** The page in one file with the set in it. `empty`: the page as built. */
  async page(id: number, empty: string): Promise<DeskAnswer> {
    const { replica, takenAt } = this.#set(id);
    const [before, after] = aroundSnapshot(empty, replica, takenAt);
    const snapshot = stringifyTopology(toTopology(replica.records, replica.cluster, takenAt));
    return { status: 200, type: html.mediaType, text: `${before}${inBase64(await packed(snapshot))}${after}` };
  }

  /** The changes from one set to another, at the time of the later one. */
  compare(before: number, after: number): readonly DescribedChange[] {
    const [was, is] = [this.#set(before), this.#set(after)];
    const at = Date.parse(is.takenAt);
    const topology = ({ replica: { records, cluster }, takenAt }: ReadSet) => toTopology(records, cluster, takenAt);
    return diffTopologies(topology(was), topology(is)).changes.map((change) => {
      const record = nodeHolder(is.replica.records, change) ?? nodeHolder(was.replica.records, change);
      return { ...change, at, node: change.table === 'nodes' ? change.id : (record?.node ?? null) };
    });
  }

  close(id: number): void {
    this.#sets.delete(id);
  }

  #keep(name: string, read: ReadSet): OpenedSet {
    const id = this.#next++;
    const cluster = read.replica.cluster.name;
    // File names and quotations from files are untrusted.
    const told = { id, name: harmless(name), cluster: cluster === null ? null : harmless(cluster) };
    const set = { ...told, kind: read.kind, takenAt: read.takenAt, problems: read.problems.map(harmless) };
    this.#sets.set(id, { ...read, ...set });
    return set;
  }

  #set(id: number): ReadSet & OpenedSet {
    const set = this.#sets.get(id);
    if (set === undefined) throw new Unreadable('It is no longer open');
    return set;
  }
}

const nameOf = (items: readonly Item[]): string => {
  const [first, ...others] = items;
  if (first === undefined) return 'nothing';
  return others.length === 0 ? first.name : `${first.name} and ${others.length} more`;
};

/** A folder, an archive or a snapshot is a set; an output of kubectl or aws is a part of one. */
function isWhole(files: readonly Dropped[]): boolean {
  const [only, ...others] = files;
  if (only === undefined) return false;
  if (others.length > 0 || /\.(zip|tgz|tar|gz)$/i.test(only.path)) return true;
  return isSnapshot(new TextDecoder().decode(only.bytes.subarray(0, 2_000)));
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function nodeHolder(
  records: RecordMaps,
  { table, id }: Pick<DescribedChange, 'table' | 'id'>,
): { readonly node: string | null } | undefined {
  const record: object | undefined = records[table].get(id);
  return record !== undefined && 'node' in record ? (record as { readonly node: string | null }) : undefined;
}

function explanation(replica: Replica, query: string): DeskAnswer {
  const asked = readWords(query.split(/\s+/));
  if (typeof asked === 'string') return { ...notFound(asked), status: 400 };
  const said = explain(replica, asked);
  return typeof said === 'string' ? notFound(said) : json(said);
}

function exported({ replica, takenAt }: ReadSet, params: URLSearchParams): DeskAnswer {
  const format = RECORD_FORMATS.find(({ id }) => id === (params.get('format') ?? 'json'));
  const { query } = parseQuery(params.get('filter') ?? '');
  if (format === undefined || query === null) return { ...notFound('no such export'), status: 400 };
  const theme = params.get('theme') === 'dark' ? 'dark' : 'light';
  const text = format.write({ source: replica, records: replica.records, takenAt, theme, query });
  return { status: 200, type: format.mediaType, text };
}
