/**
 * `ifscope capture` of a simulated cluster, read back: the same topology. With `--redact` the same picture of another,
 * unnameable cluster: not one name, address or MAC of the first is left, and every link still holds.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { capture } from '../../lib/cli/capture/record';
import { TABLES, type Topology } from '../../lib/model/records';
import { createRuntime, type Runtime } from '../../lib/server/runtime/runtime';
import { toTopology } from '../../lib/snapshot/encode';
import { startLive, type Live } from './live';

const LONGEST_MS = 60_000;

const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-roundtrip-'));
afterAll(() => rmSync(folder, { recursive: true }));

let live: Live;

const topologyOf = ({ store }: Runtime): Topology =>
  toTopology(store.replica.records, store.replica.cluster, new Date(store.now()).toISOString());

/** On a busy machine, sources may be behind for a moment; a capture never is. */
const isCaughtUp = ({ store }: Runtime): Promise<void> =>
  vi.waitFor(() => expect(store.sources().filter(({ state }) => state === 'behind')).toEqual([]), LONGEST_MS / 3);

async function takeCapture(name: string, redact: boolean): Promise<string> {
  const target = path.join(folder, name);
  const lines: string[] = [];
  const output = { out: () => Promise.resolve(), err: (line: string) => void lines.push(line) };
  await capture(live.from, { folder: target, redact, seconds: 20, output });
  expect(lines).toEqual([]);
  return target;
}

async function readBack(target: string): Promise<Topology> {
  const problems: string[] = [];
  const runtime = createRuntime(
    { kind: 'capture', folder: target },
    {
      log: (level, message) => {
        if (level === 'warn') problems.push(message);
      },
    },
  );
  await runtime.start();
  const topology = topologyOf(runtime);
  await runtime.stop();
  expect(problems).toEqual([]);
  return topology;
}

/** Keys that hold the time of reading, or that only a watching server can know. */
const MOMENTS = new Set(['takenAt', 'asOf', 'cooling', 'coolingKnownAt', 'warm']);

/** Without ages, findings and counter rises: those depend on time and are covered by the rules' tests. */
function withoutAges(topology: Topology): unknown {
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, MOMENTS.has(key) ? null : clean(item)] as const),
    );
  };
  const { signals, sources } = topology;
  return clean({
    ...topology,
    findings: [],
    signals: signals.filter(({ kind }) => !kind.startsWith('metric:')),
    sources: sources.map(({ id, state }) => ({ id, state })),
  });
}

const SCENES = [
  ['modes', { nodes: 14, podsPerNode: 5 }],
  ['telco', { nodes: 4, podsPerNode: 5 }],
  ['troubles', { nodes: 6, podsPerNode: 8 }],
  ['claims', { nodes: 4, podsPerNode: 6 }],
] as const;

/** The picture without names: how many of each record, how they are linked, in which states. */
function shapeOf(topology: Topology): unknown {
  const count = (words: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const word of [...words].sort()) counts[word] = (counts[word] ?? 0) + 1;
    return counts;
  };
  const { nodes, enis, interfaces, networkCards, pods, networks, ipPools, attachments, hostNics } = topology;
  return {
    tables: TABLES.filter((table) => !['sources', 'signals', 'findings'].includes(table)).map((table) => [
      table,
      topology[table].length,
    ]),
    nodes: count(nodes.map((node) => [node.computeType, node.cni?.mode, node.maxPods, node.podCount].join(' '))),
    pools: count(
      nodes.flatMap((node) => node.pools.map((p) => [p.card, p.total, p.assigned, p.short, p.over].join(' '))),
    ),
    cards: count(networkCards.map((card) => [card.index, card.managed, JSON.stringify(card.eniSlots)].join(' '))),
    enis: count(
      enis.map((eni) => [eni.role, eni.management.state, eni.management.rule, eni.card, eni.creator].join(' ')),
    ),
    addresses: count(enis.flatMap((eni) => eni.addresses.map(({ state }) => state))),
    links: count(interfaces.map(({ link, state, eni }) => [link.rule, link.certainty, state, eni === null].join(' '))),
    backed: count(interfaces.flatMap(({ addresses }) => addresses.map(({ backed }) => backed))),
    names: Object.values(count(interfaces.map(({ name }) => name ?? '~'))).sort((a, b) => a - b),
    pods: count(pods.map((pod) => [pod.phase, pod.hostNetwork, pod.requested.length, pod.problems.length].join(' '))),
    claims: count(
      pods.flatMap(({ claims }) =>
        claims.flatMap(({ state, pods: many, devices }) => [
          `${state} ${many ?? 0}`,
          ...devices.map((one) => [one.driver, one.kind, one.ready, one.listed, one.pcieRoot].join(' ')),
        ]),
      ),
    ),
    devicePools: count(nodes.flatMap((node) => node.devicePools.map((one) => `${one.driver} ${one.devices}`))),
    networks: count(
      networks.map((net) => [net.plugins.join('+'), net.parent.kind, net.missing, net.podCount].join(' ')),
    ),
    attachments: count(attachments.map(({ rule, certainty }) => `${rule} ${certainty}`)),
    ipPools: count(ipPools.map((pool) => [pool.size, pool.used].join(' '))),
    hostNics: count(hostNics.map((nic) => [nic.source, nic.vfs?.total].join(' '))),
  };
}

describe.each(SCENES)('a capture of the scene %s', (scene, size) => {
  beforeAll(async () => {
    live = await startLive(scene, size);
    await live.becomesTrue();
  }, LONGEST_MS);
  afterAll(() => live.stop());

  it(
    'produces the same topology when it is read back',
    async () => {
      const read = await readBack(await takeCapture(scene, false));
      await isCaughtUp(live.runtime);
      const own = topologyOf(live.runtime);
      expect(read.sources.find(({ id }) => id === 'aws-node/enis')?.state).toBe('absent');
      // Nobody watches files.
      expect(read.nodes.flatMap(({ pools }) => pools).every(({ coolingKnownAt }) => coolingKnownAt === null)).toBe(
        true,
      );
      const known = new Set(own.sources.map(({ id }) => id));
      expect(withoutAges({ ...read, sources: read.sources.filter(({ id }) => known.has(id)) })).toEqual(
        withoutAges(own),
      );
    },
    LONGEST_MS,
  );

  it(
    'redacted, shows the same picture and no name of the cluster',
    async () => {
      const own = topologyOf(live.runtime);
      const target = await takeCapture(`${scene}-redacted`, true);
      expect(shapeOf(await readBack(target))).toEqual(shapeOf(own));

      const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const text = files
        .map((file) => `${file.name}\n${readFileSync(path.join(file.parentPath, file.name), 'utf8')}`)
        .join('\n');
      // Field names of the APIs are no names to redact, and neither are two-letter words.
      const fields = new Set(text.match(/[\w.-]+(?=\\*"\s*:)/g));
      const words = new Set(text.match(/[A-Za-z0-9][A-Za-z0-9._:-]*[A-Za-z0-9]/g));
      const ours = [
        ...own.pods
          .filter(({ namespace }) => namespace !== 'kube-system')
          .flatMap(({ name, namespace }) => [name, namespace]),
        ...own.nodes.flatMap(({ name, instanceId }) => [name, instanceId]),
        ...own.networks.map(({ name }) => name),
        ...own.pods.flatMap(({ claims }) =>
          claims.flatMap(({ name, claim, template, devices }) => [
            name,
            claim,
            template,
            ...devices.map(({ pool }) => pool),
          ]),
        ),
        ...own.enis.flatMap(({ id, mac, subnet, vpc, securityGroups }) => [id, mac, subnet, vpc, ...securityGroups]),
        ...own.interfaces.map(({ mac }) => mac),
        own.cluster.name,
      ].filter(
        (word): word is string =>
          word !== null && word.length > 2 && !['default', 'cluster', 'efa'].includes(word) && !fields.has(word),
      );
      expect([...new Set(ours)].filter((word) => words.has(word))).toEqual([]);
    },
    LONGEST_MS,
  );
});
