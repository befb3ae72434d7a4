/**
 * Follows an ifscope server over HTTP as a browser does: fetches the full set once, then applies the stream's deltas
 * with the same replica. `until` checks a condition at every frame; the clock only sets its deadline.
 */
import { createParser } from 'eventsource-parser';
import type { Frame } from '../lib/model/delta';
import { readTopology } from '../lib/snapshot/decode';
import { toMaps } from '../lib/snapshot/maps';
import { createReplica, type Replica } from '../lib/records/replica';
import { whole } from '../lib/records/wire';

export interface Follower {
  readonly replica: Replica;
  /** The replica's version. */
  readonly version: number;
  /** Resolves with the first value that is not undefined, null or false; rejects after `seconds`, naming what it waited for. */
  until<T>(what: string, look: (replica: Replica) => T | undefined | null | false, seconds?: number): Promise<T>;
  /** Frames seen, by kind. */
  readonly seen: Readonly<Record<Frame['kind'], number>>;
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** `headers`: sent with each request. */
export async function follow(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Follower> {
  const replica = createReplica();
  const ending = new AbortController();
  const listeners = new Set<() => void>();
  const seen = { delta: 0, reset: 0, heartbeat: 0 };
  let position = '';

  const load = async (): Promise<void> => {
    const response = await fetch(`${url}/api/topology`, { signal: ending.signal, headers });
    if (!response.ok) throw new Error(`GET /api/topology: ${response.status} ${await response.text()}`);
    const read = readTopology(await response.text());
    if ('error' in read) throw new Error(read.error);
    replica.reset(toMaps(read.topology), read.topology.cluster);
    position = (response.headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '');
    for (const listener of [...listeners]) listener();
  };

  const take = async (frame: Frame): Promise<void> => {
    seen[frame.kind]++;
    if (frame.kind === 'reset') return load();
    if (frame.kind !== 'delta') return;
    const [epoch, version] = [
      position.slice(0, position.lastIndexOf('.')),
      Number(position.slice(position.lastIndexOf('.') + 1)),
    ];
    if (frame.delta.epoch !== epoch || frame.delta.from > version)
      throw new Error(`gap: at ${position}, got ${frame.delta.epoch}.${frame.delta.from}–${frame.delta.to}`);
    replica.apply(frame.delta.tables, frame.delta.cluster);
    position = `${epoch}.${frame.delta.to}`;
    for (const listener of [...listeners]) listener();
  };

  const run = async (): Promise<void> => {
    const response = await fetch(`${url}/api/stream?since=${encodeURIComponent(position)}`, {
      signal: ending.signal,
      headers,
    });
    if (!response.ok || response.body === null) throw new Error(`GET /api/stream: ${response.status}`);
    const frames: Frame[] = [];
    const parser = createParser({ onEvent: ({ data }) => frames.push(whole(JSON.parse(data) as Frame)) });
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      parser.feed(chunk);
      for (const frame of frames.splice(0)) await take(frame);
    }
  };

  await load();
  let broken: unknown = null;
  const ended = run().catch((error: unknown) => {
    if (ending.signal.aborted) return;
    broken = error;
    for (const listener of [...listeners]) listener();
  });

  return {
    replica,
    get version() {
      return Number(position.slice(position.lastIndexOf('.') + 1));
    },
    seen,
    until<T>(what: string, look: (current: Replica) => T | undefined | null | false, seconds = 20): Promise<T> {
      return new Promise((resolve, reject) => {
        const finish = (act: () => void): void => {
          clearTimeout(timer);
          listeners.delete(check);
          act();
        };
        const check = (): void => {
          const value = look(replica);
          if (value !== undefined && value !== null && value !== false) finish(() => resolve(value));
          else if (broken !== null)
            finish(() => reject(new Error(`the stream broke while waiting for ${what}: ${String(broken)}`)));
        };
        const timer = setTimeout(() => {
          const sources = [...replica.records.sources.values()].map(
            ({ id, state, reason }) => `${id}: ${state}${reason === null ? '' : ` (${reason})`}`,
          );
          finish(() => reject(new Error(`${seconds} s passed without ${what}\n${sources.join('\n')}`)));
        }, seconds * 1000);
        listeners.add(check);
        check();
      });
    },
    ended,
    stop: () => ending.abort(),
  };
}
