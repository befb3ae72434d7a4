/**
 * Random clusters of every mode, seen by visitors with rights to some of their namespaces: no answer contains a name, an
 * address, a MAC or a label of a pod that the visitor may not see, and no look-up distinguishes such a pod's address from a free
 * one. After each step, the view equals one built from scratch.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { MARKS } from '../../lib/export/html';
import { Findings } from '../../lib/findings/evaluate';
import { RULES } from '../../lib/findings/registry';
import type { EniRecord, RecordMaps } from '../../lib/model/records';
import { diffTables } from '../../lib/records/diff';
import { Collector } from '../../lib/server/collect/collector';
import { explanation, exportFile, lookupAnswer, metrics, topology } from '../../lib/server/http/handlers';
import { mcpAnswer } from '../../lib/server/mcp/answer';
import type { RightsView } from '../../lib/server/rights/view';
import { Views } from '../../lib/server/rights/views';
import { visibleSet } from '../../lib/server/rights/visible-set';
import { createMetrics } from '../../lib/server/runtime/metrics';
import type { Served } from '../../lib/server/runtime/served';
import { Store } from '../../lib/server/store/store';
import { createRandom } from '../../lib/sim/model/random';
import type { ClusterState } from '../../lib/sim/model/state';
import { FrameCutter } from '../../lib/snapshot/keyframe/frames';
import { Engine } from '../../lib/topology/engine';
import { around, foundIn, hiddenTexts, labelled } from '../testing/hidden';
import { createFakeClock } from '../testing/servers/fake-clock';
import { startLiving } from './living';
import { createEc2InProcess, Reading } from './reading';

const SEEDS = 60;
const STEPS = 12;

let current: ClusterState | null = null;
const ec2 = createEc2InProcess(() => {
  if (current === null) throw new Error('no cluster');
  return current;
});

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-rights-'));
const page = path.join(folder, 'page.html');
writeFileSync(page, `${MARKS.title}${MARKS.about}[${MARKS.snapshot}]`);
vi.stubEnv('IFSCOPE_PAGE_FILE', page);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const counts = { texts: 0, addresses: 0, standIns: 0, deltas: 0, asked: 0 };

const request = (to: string): Request => new Request(`http://127.0.0.1${to}`);
const textOf = async (answer: Response | Promise<Response>): Promise<string> => (await answer).text();

function servedOf({ store, hub, keyframes }: RightsView): Served {
  const figures = () => ({ ec2CallsLastMinute: 0 });
  return {
    store,
    hub,
    keyframes,
    metrics: createMetrics({ store, hub, version: '0', figures, process: false }),
    file: null,
  };
}

const called = (served: Served, name: string, args: object): Promise<string> =>
  textOf(
    mcpAnswer(
      served,
      new Request('http://127.0.0.1/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
      }),
    ),
  );

/** The answers of all endpoints to requests that name nothing hidden. */
async function answersTo(served: Served): Promise<string> {
  const { records } = served.store.replica;
  const ids = [...records.enis.keys(), ...records.subnets.keys()].slice(0, 12);
  const nodes = [...records.nodes.values()].map(({ name }) => name).slice(0, 6);
  const pods = [...records.pods.values()].map(({ namespace, name }) => `${namespace}/${name}`).slice(0, 6);
  const about = [
    ...ids.map((id) => `${id.split('-')[0] ?? ''} ${id}`),
    ...nodes.map((name) => `node ${name}`),
    ...pods.map((name) => `pod ${name}`),
    'clashes',
  ];
  const texts = await Promise.all([
    textOf(topology(served, request('/api/topology'))),
    ...['json', 'csv', 'svg'].map((format) => textOf(exportFile(served, request(`/api/export?format=${format}`)))),
    ...['eni', 'node', 'subnet', 'finding', 'network', 'pod'].map((kind) =>
      textOf(exportFile(served, request(`/api/export?format=csv&filter=${kind}`))),
    ),
    textOf(metrics(served)),
    ...['10.0.0.0/8', '-', 'a', '02', 'state:assigned'].map((q) =>
      textOf(lookupAnswer(served, request(`/api/lookup?q=${encodeURIComponent(q)}`))),
    ),
    ...[...ids, ...nodes].map((q) => textOf(lookupAnswer(served, request(`/api/lookup?q=${q}`)))),
    ...about.map((q) => textOf(explanation(served, request(`/api/explain?q=${encodeURIComponent(q)}`)))),
    called(served, 'check', {}),
    called(served, 'capacity', { changes: ['WARM_IP_TARGET=5'] }),
    called(served, 'diff', { since: `${served.store.epoch}.1` }),
  ]);
  const html = await textOf(exportFile(served, request('/api/export?format=html')));
  texts.push(gunzipSync(Buffer.from(/\[(.*)\]/s.exec(html)?.[1] ?? '', 'base64')).toString());
  const cutter = new FrameCutter();
  for await (const piece of (await topology(served, request('/api/topology?format=keyframe'))).body ?? [])
    for (const chunk of cutter.push(piece)) texts.push(gunzipSync(chunk).toString());
  counts.asked += texts.length;
  return texts.join('\n');
}

/** Addresses of hidden pods, each paired with a free one on the same ENI or in the same prefix. */
function* pairs(
  records: RecordMaps,
  namespaces: ReadonlySet<string>,
): Generator<readonly [held: string, free: string]> {
  const secret = hiddenTexts(records, namespaces);
  for (const { addresses, prefixes, role } of records.enis.values()) {
    if (prefixes.length > 0 || role === 'branch') continue;
    const held = addresses.find(
      ({ ip, state, interface: holder }) => state === 'assigned' && holder !== null && secret.has(ip),
    );
    const free = addresses.find(({ state }) => state === 'warm');
    if (held !== undefined && free !== undefined) yield [held.ip, free.ip];
  }
}

async function toldOf(served: Served, ip: string): Promise<string> {
  const said = await Promise.all([
    textOf(lookupAnswer(served, request(`/api/lookup?q=${ip}`))),
    textOf(explanation(served, request(`/api/explain?q=address+${ip}`))),
    called(served, 'lookup', { what: ip }),
  ]);
  return said.join('\n').replaceAll(ip, 'IP');
}

/** Slots with their states, prefixes and pools stay. */
function expectGeometry(seen: RecordMaps, whole: RecordMaps): void {
  const statesOf = (eni: EniRecord | undefined) => eni?.addresses.map(({ state }) => state).sort();
  for (const [id, eni] of whole.enis) {
    expect(statesOf(seen.enis.get(id))).toEqual(statesOf(eni));
    expect(seen.enis.get(id)?.prefixes).toEqual(eni.prefixes);
  }
  for (const [id, { pools }] of whole.nodes)
    expect(seen.nodes.get(id)?.pools.map(({ next, ...pool }) => [pool, next?.action])).toEqual(
      pools.map(({ next, ...pool }) => [pool, next?.action]),
    );
}

describe('a visitor with rights to some namespaces', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
    'learns nothing of other pods: seed %i',
    async (seed) => {
      const living = await startLiving(seed);
      const { sim } = living;
      current = sim.state;
      const reading = new Reading(sim.state, ec2, seed % 2 === 0);
      const clock = createFakeClock(sim.state.now());
      const store = new Store({ epoch: 'e', clock });
      let epoch = 0;
      const views = new Views({ store, clock, newEpoch: () => `v${epoch++}` });
      const collector = new Collector({
        engine: new Engine(),
        findings: new Findings(RULES),
        clock,
        serving: { commit: (change) => store.commit(change), ages: (ages) => store.setAges(ages) },
      });
      const take = (batch: Parameters<typeof collector.apply>[0]): void => {
        clock.advance(Math.max(0, batch.at - clock.now()));
        collector.apply(labelled(batch));
      };
      try {
        take(await reading.kubernetes());
        take(await reading.ec2());
        if (seed % 3 !== 0) take(reading.metrics());
        const all = [...new Set([...store.replica.records.pods.values()].map(({ namespace }) => namespace))].sort();
        const random = createRandom(seed ^ 0x5ee);
        const rights = [[], all.filter(() => random.chance(0.5)), all.filter(() => random.chance(0.2))];
        const seen = rights.flatMap((names) => {
          const view = views.viewFor({ namespaces: new Set(names), trouble: null });
          if (view === null) return [];
          view.hub.open(null);
          return [{ namespaces: new Set(names), view, at: view.store.version }];
        });
        const look = (): void => {
          const { records } = store.replica;
          for (const one of seen) {
            const { namespaces, view } = one;
            const wanted = visibleSet(records, { namespaces, trouble: null });
            expect(diffTables(view.store.replica.records, wanted)).toEqual({});
            const since = view.store.since({ epoch: view.store.epoch, version: one.at });
            one.at = view.store.version;
            if (since.kind !== 'delta') continue;
            counts.deltas++;
            const said = JSON.stringify(since.delta);
            const found = foundIn(said, hiddenTexts(records, namespaces));
            expect(found, around(said, found)).toEqual([]);
          }
        };
        look();
        for (let step = 1; step <= STEPS; step++) {
          living.live();
          take(reading.changes());
          look();
          living.wait();
          take(reading.changes());
          look();
          if (step % 4 !== 0) continue;
          sim.advance(1_000);
          take(reading.changes());
          take(await reading.ec2());
          look();
        }
        const { records } = store.replica;
        for (const { namespaces, view } of seen) {
          const served = servedOf(view);
          const secret = hiddenTexts(records, namespaces);
          counts.texts += secret.size;
          const said = await answersTo(served);
          const found = foundIn(said, secret);
          expect(found, around(said, found)).toEqual([]);
          counts.standIns += said.split('hidden-').length - 1;
          for (const [held, free] of pairs(records, namespaces)) {
            counts.addresses++;
            expect(await toldOf(served, held)).toBe(await toldOf(served, free));
          }
          expectGeometry(view.store.replica.records, records);
        }
      } finally {
        collector.close();
        views.close();
        reading.stop();
        await living.stop();
      }
    },
  );

  afterAll(() => {
    expect(Math.min(counts.texts, counts.standIns, counts.deltas, counts.asked)).toBeGreaterThan(1_000);
    expect(counts.addresses).toBeGreaterThan(100);
    console.info(`rights: ${JSON.stringify(counts)}`);
  });
});
