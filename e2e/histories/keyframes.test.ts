/** A keyframe and the deltas after it yield the server's records, whatever happens while it is made. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TABLES, type RecordMaps } from '../../lib/model/records';
import { createReplica } from '../../lib/records/replica';
import { KeyframeEncoder, type Keyframe } from '../../lib/snapshot/keyframe/encoder';
import { decodeKeyframe } from '../testing/keyframe-reader';
import { Engine, type Change } from '../../lib/topology/engine';
import { batchesOf, historiesOf } from './history';

const TAKEN_AT = '2026-09-01T12:00:00Z';

/**
 * The records as plain data in a fixed order, without uids, which are not sent, and ages, which are sent separately.
 */
const content = (records: RecordMaps): unknown =>
  TABLES.map((table) =>
    [...records[table].values()]
      .map((record) => ({
        ...record,
        ...(table === 'pods' ? { uid: '' } : table === 'sources' ? { asOf: null } : {}),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );

class Server {
  readonly engine = new Engine();
  readonly #encoder = new KeyframeEncoder((text) => text);
  readonly #changes: Change[] = [];
  #making: Generator<undefined, Keyframe<string>> | null = null;

  constructor() {
    this.engine.replica.onChange((table, _, before, after) => this.#encoder.changed(table, before, after));
  }

  commit(change: Change | null): void {
    if (change !== null) this.#changes.push(change);
  }

  /** Continues the keyframe in progress, or begins one; returns it if these steps finish it. */
  make(steps: number): Keyframe<string> | null {
    const meta = { epoch: 'e1', version: this.#changes.length, takenAt: TAKEN_AT };
    const { records, cluster } = this.engine.replica;
    this.#making ??= this.#encoder.steps(records, cluster, meta);
    for (let i = 0; i < steps; i++) {
      const { value, done } = this.#making.next();
      if (done !== true) continue;
      this.#making = null;
      return value;
    }
    return null;
  }

  /** The records of a viewer that fetched the keyframe and followed the stream. */
  followed({ chunks }: Keyframe<string>): unknown {
    const viewer = createReplica();
    const { records, cluster, meta } = decodeKeyframe(chunks);
    viewer.reset(records, cluster);
    for (const { tables, cluster: info } of this.#changes.slice(meta.version)) viewer.apply(tables, info);
    expect(viewer.cluster).toEqual(this.engine.replica.cluster);
    return content(viewer.records);
  }
}

it('a keyframe and its deltas produce the records, even if it is taken between changes', () => {
  const steps = fc.array(fc.nat({ max: 90 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(historiesOf(12).map(batchesOf), steps, (batches, turns) => {
      const server = new Server();
      batches.forEach((batch, turn) => {
        server.commit(server.engine.apply(batch));
        const keyframe = server.make(turns[turn % turns.length] ?? 0);
        if (keyframe !== null) expect(server.followed(keyframe)).toEqual(content(server.engine.replica.records));
      });
      // The keyframe in progress, and one that encodes only what has changed since.
      for (const keyframe of [server.make(Infinity), server.make(Infinity)])
        if (keyframe !== null) expect(server.followed(keyframe)).toEqual(content(server.engine.replica.records));
    }),
    { numRuns: 300, seed: 20260901 },
  );
}, 120_000);
