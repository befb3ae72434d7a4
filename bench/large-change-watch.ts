/**
 * Follows a server's stream and records when a frame contained each pod change. Together with the simulator's journal
 * this gives the lag, independent of what the server reports.
 */
import { createParser } from 'eventsource-parser';
import { podId } from '../lib/model/ids';
import type { PodChange } from './cluster';

/** When a frame contained a change, in epoch milliseconds, and the version after that frame. */
export interface Sighting {
  readonly at: number;
  readonly version: number;
}

/** The changes seen in a stream. Times are epoch milliseconds. */
export interface ChangeWatch {
  /** By pod id: the first frame that added it, and the first that dropped it. */
  readonly added: ReadonlyMap<string, Sighting>;
  readonly dropped: ReadonlyMap<string, Sighting>;
  /** Number of resets, without the first one. */
  readonly resets: number;
  /** When the last delta arrived, epoch milliseconds. */
  readonly lastDelta: number;
  stop(): void;
}

interface SeenFrame {
  readonly kind: string;
  readonly delta?: {
    readonly to: number;
    readonly tables: {
      readonly pods?: {
        readonly put?: readonly { readonly id: string }[];
        readonly drop?: readonly string[];
      };
    };
  };
}

/** Follows the stream of the server at `url` until `stop`. */
export async function watchChanges(url: string): Promise<ChangeWatch> {
  const ending = new AbortController();
  const added = new Map<string, Sighting>();
  const dropped = new Map<string, Sighting>();
  let resets = -1;
  let lastDelta = Date.now();
  const take = (data: string): void => {
    const frame = JSON.parse(data) as SeenFrame;
    if (frame.kind === 'reset') resets++;
    if (frame.delta === undefined) return;
    const at = Date.now();
    lastDelta = at;
    const { to: version, tables } = frame.delta;
    const note = (into: Map<string, Sighting>, id: string): unknown => into.has(id) || into.set(id, { at, version });
    for (const { id } of tables.pods?.put ?? []) note(added, id);
    for (const id of tables.pods?.drop ?? []) note(dropped, id);
  };
  // Without a position the stream begins with a reset and continues from there.
  const response = await fetch(`${url}/api/stream`, { signal: ending.signal });
  if (!response.ok || response.body === null) throw new Error(`GET /api/stream: ${response.status}`);
  const parser = createParser({ onEvent: ({ data }) => take(data) });
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const text = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>);
    for await (const chunk of text) parser.feed(chunk);
  };
  void read(response.body).catch((error: unknown) => {
    if (!ending.signal.aborted) console.error(`bench: the stream broke: ${String(error)}`);
  });
  return {
    added,
    dropped,
    get resets() {
      return Math.max(0, resets);
    },
    get lastDelta() {
      return lastDelta;
    },
    stop: () => ending.abort(),
  };
}

/** The lags of pod changes. */
export interface Lags {
  /**
   * Time from the change in the cluster to the frame with it, in milliseconds. For a pod deleted before a frame
   * contained it, its lifetime; for a change never seen, its age at the end.
   */
  readonly ms: readonly number[];
  /** Pods created and deleted between two frames. */
  readonly passed: number;
  readonly unseen: number;
  /** The changes with the versions that contain them, in order of time. */
  readonly seen: readonly { readonly at: number; readonly version: number }[];
}

/**
 * For pods created or deleted between `from` and `until`, epoch milliseconds; pods whose name another pod has had are
 * left out.
 */
export function lagsOf(journal: readonly PodChange[], watch: ChangeWatch, from: number, until: number): Lags {
  const idOf = ({ namespace, name }: PodChange): string => podId(namespace, name);
  const goneAt = new Map(journal.filter(({ type }) => type === 'DELETED').map((change) => [idOf(change), change.at]));
  const names = Map.groupBy(
    journal.filter(({ type }) => type === 'ADDED'),
    idOf,
  );
  const ms: number[] = [];
  const seen: Sighting[] = [];
  let passed = 0;
  let unseen = 0;
  for (const change of journal) {
    const { at, type } = change;
    if (type === 'MODIFIED' || at < from || at >= until) continue;
    const id = idOf(change);
    if ((names.get(id)?.length ?? 0) > 1) continue;
    const sighting = (type === 'ADDED' ? watch.added : watch.dropped).get(id);
    const gone = goneAt.get(id);
    if (sighting !== undefined) {
      seen.push({ at, version: sighting.version });
      ms.push(sighting.at - at);
    } else if (type === 'ADDED' && gone !== undefined) {
      passed++;
      ms.push(gone - at);
    } else if (type === 'ADDED' || watch.added.has(id)) {
      unseen++;
      ms.push(until - at);
    }
  }
  return { ms, passed, unseen, seen };
}
