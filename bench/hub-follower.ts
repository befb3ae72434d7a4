/** A viewer in the same process: reads the hub's bytes and keeps a replica, as a browser does. */
import { createParser } from 'eventsource-parser';
import type { Frame } from '../lib/model/delta';
import { createReplica, type Replica } from '../lib/records/replica';
import { whole } from '../lib/records/wire';
import type { Store } from '../lib/server/store/store';
import type { Hub } from '../lib/server/stream/hub';

/** A viewer in this process. */
export interface HubFollower {
  readonly replica: Replica;
  readonly frames: number;
  readonly resets: number;
  /** Resolves when the replica has reached the store's current version. */
  caughtUp(): Promise<void>;
  stop(): void;
}

/** Starts at the store's version. A reset copies the store's records, which a browser would load. */
export function followHub(store: Store, hub: Hub): HubFollower {
  const replica = createReplica();
  const viewer = hub.open({ epoch: store.epoch, version: store.version });
  let version = 0;
  let frames = 0;
  let resets = 0;
  let waiting: { readonly version: number; readonly resolve: () => void } | null = null;
  const reset = (): void => {
    replica.reset(store.replica.records, store.replica.cluster);
    version = store.version;
  };
  const take = (frame: Frame): void => {
    frames++;
    if (frame.kind === 'reset') {
      resets++;
      reset();
    }
    if (frame.kind === 'delta' && frame.delta.to > version) {
      replica.apply(frame.delta.tables, frame.delta.cluster);
      version = frame.delta.to;
    }
    if (waiting !== null && version >= waiting.version) waiting.resolve();
  };
  const run = async (): Promise<void> => {
    const decoder = new TextDecoder();
    const parser = createParser({ onEvent: ({ data }) => take(whole(JSON.parse(data) as Frame)) });
    for (let bytes = await viewer.next(); bytes !== null; bytes = await viewer.next())
      parser.feed(decoder.decode(bytes, { stream: true }));
  };
  reset();
  void run();
  return {
    replica,
    get frames() {
      return frames;
    },
    get resets() {
      return resets;
    },
    async caughtUp() {
      if (version >= store.version) return;
      // The hub's timers do not keep the process alive.
      const alive = setInterval(() => undefined, 1_000);
      await new Promise<void>((resolve) => (waiting = { version: store.version, resolve }));
      clearInterval(alive);
    },
    stop: () => viewer.close(),
  };
}
