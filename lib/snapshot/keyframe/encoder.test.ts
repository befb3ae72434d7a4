/**
 * Keyframes of records that change in ways that no engine would produce: nodes that appear and disappear while their
 * pods stay.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLUSTER, TAKEN_AT } from '../../../e2e/testing/capture-cluster';
import { aFinding, anEni, anInterface, aNode, aPod, aSignal } from '../../../e2e/testing/records';
import { nodeId } from '../../model/ids';
import type { Delta } from '../../model/delta';
import type { RecordByTable, RecordMaps, Table } from '../../model/records';
import { TABLES } from '../../model/records';
import { createReplica } from '../../records/replica';
import { KeyframeEncoder } from './encoder';
import type { Keyframe } from './encoder';
import type { Head } from './head';
import { decodeKeyframe, KeyframeReader } from '../../../e2e/testing/keyframe-reader';

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

const content = (records: RecordMaps): unknown => TABLES.map((table) => [...records[table].values()].sort(byId));

const put = <T extends Table>(table: T, record: RecordByTable[T]): Delta['tables'] => ({
  [table]: { put: [record], patch: [], drop: [] },
});
const drop = (table: Table, id: string): Delta['tables'] => ({ [table]: { put: [], patch: [], drop: [id] } });

/** A server's records with their keyframes. */
class Server {
  readonly replica = createReplica();
  readonly #encoder = new KeyframeEncoder((text) => text);
  readonly #deltas: Delta['tables'][] = [];
  #making: Generator<undefined, Keyframe<string>> | null = null;

  constructor() {
    this.replica.reset(this.replica.records, CLUSTER);
    this.replica.onChange((table, _, before, after) => this.#encoder.changed(table, before, after));
  }

  apply(tables: Delta['tables']): void {
    this.replica.apply(tables);
    this.#deltas.push(tables);
  }

  make(steps = Infinity): Keyframe<string> | null {
    const meta = { epoch: 'e1', version: this.#deltas.length, takenAt: TAKEN_AT };
    this.#making ??= this.#encoder.steps(this.replica.records, CLUSTER, meta);
    for (let i = 0; i < steps; i++) {
      const { value, done } = this.#making.next();
      if (done !== true) continue;
      this.#making = null;
      return value;
    }
    return null;
  }

  whole(): readonly string[] {
    return this.make()?.chunks ?? this.make()?.chunks ?? [];
  }

  followed({ chunks }: Keyframe<string>): unknown {
    const viewer = createReplica();
    const { records, cluster, meta } = decodeKeyframe(chunks);
    viewer.reset(records, cluster);
    for (const tables of this.#deltas.slice(meta.version)) viewer.apply(tables);
    return content(viewer.records);
  }

  /** The head that a newly started server would make. */
  headFromScratch(): Head {
    const fresh = new Server();
    fresh.replica.reset(this.replica.records, CLUSTER);
    return headOf(fresh.whole());
  }
}

function headOf([text = '']: readonly string[]): Head {
  const part = new KeyframeReader().read(text);
  if (part.kind !== 'head') throw new Error('no head');
  return part.head;
}

const summaryOf = ({ enis, pods, hostNics, sums, nodeOf }: Head): unknown => ({
  enis: [...enis].sort(byId),
  pods: [...pods].sort(byId),
  hostNics: [...hostNics].sort(byId),
  sums,
  nodeOf,
});

const name = fc.constantFrom('a', 'b', 'c');
const number = fc.nat({ max: 3 });
const somewhere = fc.option(name.map(nodeId), { nil: null });
const anyChange: fc.Arbitrary<Delta['tables']> = fc.oneof(
  fc.record({ of: name, gone: fc.boolean() }).map(({ of, gone }) => put('nodes', aNode(of, { gone }))),
  name.map((of) => drop('nodes', nodeId(of))),
  fc
    .record({ of: number, node: somewhere, ips: fc.constantFrom([], ['10.0.0.1'], ['10.0.0.2']) })
    .map(({ of, node, ips }) =>
      put('pods', aPod('ns', `p${of}`, { uid: '', node, ips, phase: ips.length === 0 ? 'Pending' : 'Running' })),
    ),
  number.map((of) => drop('pods', aPod('ns', `p${of}`).id)),
  fc
    .record({ of: number, node: somewhere, eni: fc.constantFrom(null, 'eni-0') })
    .map(({ of, node, eni }) =>
      put('interfaces', anInterface('ns', `p${of}`, 'eth0', { node, eni, ips: ['10.0.0.1'] })),
    ),
  number.map((of) => drop('interfaces', anInterface('ns', `p${of}`, 'eth0').id)),
  fc.record({ of: number, node: somewhere, holder: fc.option(number, { nil: null }) }).map(({ of, node, holder }) =>
    put('enis', {
      ...anEni('a', `eni-${of}`, {
        addresses: [
          {
            ip: '10.0.0.1',
            state: 'assigned',
            interface: holder === null ? null : anInterface('ns', `p${holder}`, 'eth0').id,
          },
        ],
      }),
      node,
    }),
  ),
  number.map((of) => drop('enis', `eni-${of}`)),
  number.map((of) => put('signals', aSignal(aPod('ns', `p${of}`).id, 'Failed', { count: of }))),
  number.map((of) => put('findings', aFinding('rule', 'warning', [aPod('ns', `p${of}`).id]))),
);

describe('an encoder', () => {
  it('makes keyframes that deltas can continue, with the same heads as a new server', () => {
    const turn = fc.record({ change: anyChange, steps: fc.nat({ max: 120 }) });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
        const server = new Server();
        for (const { change, steps } of turns) {
          server.apply(change);
          const keyframe = server.make(steps);
          if (keyframe !== null) expect(server.followed(keyframe)).toEqual(content(server.replica.records));
        }
        server.make();
        const last = server.make();
        if (last === null) throw new Error('no keyframe');
        expect(server.followed(last)).toEqual(content(server.replica.records));
        expect(summaryOf(headOf(last.chunks))).toEqual(summaryOf(server.headFromScratch()));
      }),
      { numRuns: 400, seed: 20261128 },
    );
  });

  const clusterOf = (): Server => {
    const server = new Server();
    server.apply(put('nodes', aNode('a')));
    server.apply(put('pods', aPod('ns', 'p', { uid: '', node: nodeId('a'), ips: ['10.0.0.1'], phase: 'Running' })));
    server.make();
    return server;
  };

  it('includes the pods of a deleted node in the head', () => {
    const server = clusterOf();
    server.apply(put('nodes', aNode('a', { gone: true })));
    expect(headOf(server.whole()).pods.map(({ name: pod }) => pod)).toEqual(['p']);
  });

  it.each([0, 1, 2, 3, 4])('keeps pods whose node disappears %i steps after a keyframe was started', (steps) => {
    const server = clusterOf();
    server.apply(put('pods', aPod('ns', 'q', { uid: '', node: nodeId('a') })));
    expect(server.make(steps)).toBeNull();
    server.apply(drop('nodes', nodeId('a')));
    for (const keyframe of [server.make(), server.make()])
      expect(keyframe === null ? null : server.followed(keyframe)).toEqual(content(server.replica.records));
  });
});
