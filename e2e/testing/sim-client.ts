/** A minimal client for the simulator's own tests: fetch, and a watch that is read line by line. */
import type { Sim } from '../../lib/sim/sim';

export interface WatchEvent {
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>> & {
    readonly metadata?: {
      readonly name?: string;
      readonly resourceVersion?: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly code?: number;
    readonly reason?: string;
    readonly message?: string;
  };
}

export interface ListBody {
  readonly kind: string;
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion: string };
  }[];
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}

export const get = (sim: Sim, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(sim.kubernetesUrl + path, { headers: { authorization: `Bearer ${sim.token}`, ...headers } });

export const getJson = async (sim: Sim, path: string): Promise<ListBody> =>
  (await (await get(sim, path)).json()) as ListBody;

export interface OpenWatch {
  readonly status: number;
  /** The next event, or null when the stream has ended. */
  next(): Promise<WatchEvent | null>;
  close(): Promise<void>;
}

export async function openWatch(sim: Sim, path: string): Promise<OpenWatch> {
  const abort = new AbortController();
  const response = await fetch(sim.kubernetesUrl + path, {
    headers: { authorization: `Bearer ${sim.token}` },
    signal: abort.signal,
  });
  if (response.body === null) throw new Error('a watch without a body');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: response.status,
    async next() {
      for (;;) {
        const end = text.indexOf('\n');
        if (end >= 0) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          return JSON.parse(line) as WatchEvent;
        }
        const { done, value } = await reader.read();
        if (done) return null;
        text += value;
      }
    },
    async close() {
      abort.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
