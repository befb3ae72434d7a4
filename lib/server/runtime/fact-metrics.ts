/**
 * Metrics for alerting: addresses of subnets, pools, waiting pods, leaked ENIs. A family has no series until its source
 * was read, because missing is never zero. The number of series does not grow with pods or nodes; of the subnets, those
 * with the fewest free addresses are exported.
 */
import type { NodeRecord, PodRecord, RecordMaps, SubnetRecord } from '../../model/records';
import type { SourceId } from '../../model/source-id';
import { ENIS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import { tally } from '../../model/sums';
import type { Store } from '../store/store';
import { subnetUse } from '../../view/subnet-use';
import type { GaugeReading, SetValue } from './gauges';

/** Maximum number of subnets with series of their own. */
const MAX_SUBNETS = 200;

interface Family {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** The family is exported only after this source has answered. */
  readonly source: SourceId;
  readonly collect: (set: SetValue, records: RecordMaps) => void;
}

function leastRoom(subnets: Iterable<SubnetRecord>): readonly SubnetRecord[] {
  const room = ({ availableAddresses }: SubnetRecord): number => availableAddresses ?? Infinity;
  return [...subnets].sort((a, b) => room(a) - room(b) || (a.id < b.id ? -1 : 1)).slice(0, MAX_SUBNETS);
}

const subnetAddresses: Family = {
  name: 'ifscope_subnet_addresses',
  help: `IPv4 addresses of a subnet: free, held by ENIs of this cluster, held by others; of the ${MAX_SUBNETS} subnets with the fewest free ones.`,
  labelNames: ['subnet', 'zone', 'state'],
  source: SUBNETS,
  collect(set, { subnets }) {
    for (const subnet of leastRoom(subnets.values())) {
      const { size, free } = subnetUse(subnet);
      const { id, zone, heldByCluster } = subnet;
      const labels = { subnet: id, zone: zone ?? '' };
      if (free !== null) set({ ...labels, state: 'free' }, free);
      if (heldByCluster !== null) set({ ...labels, state: 'cluster' }, heldByCluster);
      if (size !== null && free !== null && heldByCluster !== null)
        set({ ...labels, state: 'others' }, Math.max(0, size - free - heldByCluster));
    }
  },
};

const subnetPrefixes: Family = {
  name: 'ifscope_subnet_free_prefixes',
  help: 'Free aligned /28 blocks of the same subnets, as prefix mode needs them.',
  labelNames: ['subnet', 'zone'],
  source: SUBNETS,
  collect(set, { subnets }) {
    for (const { id, zone, freePrefixes } of leastRoom(subnets.values()))
      if (freePrefixes !== null) set({ subnet: id, zone: zone ?? '' }, freePrefixes);
  },
};

type PoolState = 'met' | 'short' | 'blocked' | 'unknown';

function poolState({ short, next }: NodeRecord['pools'][number]): PoolState {
  if (short === null) return 'unknown';
  if (short === 0) return 'met';
  return next !== null && next.blockedBy !== null ? 'blocked' : 'short';
}

const present = ({ nodes }: RecordMaps): NodeRecord[] => [...nodes.values()].filter((node) => !node.gone);

const pools: Family = {
  name: 'ifscope_pools',
  help: 'Warm pools of ipamd: at their target (met), below it (short), below it and blocked (blocked), unknown.',
  labelNames: ['state'],
  source: NODES,
  collect(set, records) {
    const counts: Record<PoolState, number> = { met: 0, short: 0, blocked: 0, unknown: 0 };
    for (const node of present(records)) for (const pool of node.pools) counts[poolState(pool)]++;
    for (const [state, count] of Object.entries(counts)) set({ state }, count);
  },
};

const poolAddresses: Family = {
  name: 'ifscope_pool_addresses',
  help: 'Known addresses in the pools, by state.',
  labelNames: ['state'],
  source: NODES,
  collect(set, records) {
    const sums = new Map<string, number>();
    for (const node of present(records))
      for (const { assigned, warm, cooling } of node.pools)
        for (const [state, count] of Object.entries({ assigned, warm, cooling }))
          if (count !== null) sums.set(state, (sums.get(state) ?? 0) + count);
    for (const [state, sum] of sums) set({ state }, sum);
  },
};

const rooms: Family = {
  name: 'ifscope_nodes',
  help: 'Nodes by room for further pods with an address of their own: none, some, unknown.',
  labelNames: ['room'],
  source: NODES,
  collect(set, records) {
    const counts = { none: 0, some: 0, unknown: 0 };
    for (const { headroom } of present(records))
      counts[headroom.pods === null ? 'unknown' : headroom.pods === 0 ? 'none' : 'some']++;
    for (const [room, count] of Object.entries(counts)) set({ room }, count);
  },
};

/** What a pending pod waits for; null if it does not wait, or not for the network. */
function awaited(pod: PodRecord, incomplete: ReadonlySet<string>): string | null {
  if (pod.phase !== 'Pending' || pod.deleting) return null;
  if (pod.node === null) return 'node';
  if (pod.hostNetwork) return null;
  if (pod.ips.length === 0) return 'address';
  return incomplete.has(pod.id) ? 'interface' : null;
}

const waiting: Family = {
  name: 'ifscope_pods_waiting',
  help: 'Pending pods by what they wait for: a node, an address, or a requested interface.',
  labelNames: ['for'],
  source: PODS,
  collect(set, { interfaces, pods }) {
    const incomplete = new Set<string>();
    for (const { pod, state } of interfaces.values()) if (state === 'requested') incomplete.add(pod);
    const counts = new Map(['node', 'address', 'interface'].map((what) => [what, 0]));
    for (const pod of pods.values()) {
      const what = awaited(pod, incomplete);
      if (what !== null) counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    for (const [what, count] of counts) set({ for: what }, count);
  },
};

const enis: Family = {
  name: 'ifscope_enis',
  help: 'ENIs by their management by ipamd.',
  labelNames: ['management'],
  source: ENIS,
  collect(set, records) {
    const states = [...records.enis.values()].map(({ management }) => management.state);
    for (const [management, count] of tally(states)) set({ management }, count);
  },
};

const LEAKS: ReadonlyMap<string, string> = new Map([
  ['eni-leaked', 'eni'],
  ['branch-eni-leaked', 'branch'],
]);

const leaked: Family = {
  name: 'ifscope_enis_leaked',
  help: 'Leftover ENIs (findings eni-leaked and branch-eni-leaked).',
  labelNames: ['kind'],
  source: ENIS,
  collect(set, { findings }) {
    const counts = new Map([...LEAKS.values()].map((kind) => [kind, 0]));
    for (const { rule } of findings.values()) {
      const kind = LEAKS.get(rule);
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    for (const [kind, count] of counts) set({ kind }, count);
  },
};

const FAMILIES = [subnetAddresses, subnetPrefixes, pools, poolAddresses, rooms, waiting, enis, leaked];

/** The families, read from the store. */
export const factReadings = ({ replica }: Store): readonly GaugeReading[] =>
  FAMILIES.map(({ name, help, labelNames, source, collect }) => ({
    name,
    help,
    labelNames,
    read(set) {
      if ((replica.records.sources.get(source)?.asOf ?? null) !== null) collect(set, replica.records);
    },
  }));
