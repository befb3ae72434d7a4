/** The server's own Prometheus metrics, read at each scrape. */
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { SOURCE_STATES } from '../../model/vocabulary';
import { TABLES } from '../../model/records';
import type { Figures } from '../store/roles';
import type { Store } from '../store/store';
import type { Hub } from '../stream/hub';
import { factReadings } from './fact-metrics';
import { addGauges, type GaugeReading } from './gauges';

/** The measured parts. */
export interface MetricsParts {
  readonly store: Store;
  readonly hub: Hub;
  readonly version: string;
  readonly figures: () => Figures;
  /** Whether to include the metrics of the process, which belong to no viewer's record set. */
  readonly process: boolean;
}

const serverReadings = ({ store, hub, version }: MetricsParts): readonly GaugeReading[] => [
  {
    name: 'ifscope_build_info',
    help: 'Always 1; the version is in the label.',
    labelNames: ['version'],
    read: (set) => set({ version }, 1),
  },
  {
    name: 'ifscope_topology_version',
    help: 'Version of the record set in this epoch.',
    read: (set) => set({}, store.version),
  },
  { name: 'ifscope_viewers', help: 'Open streams.', read: (set) => set({}, hub.viewers) },
  {
    name: 'ifscope_ring_bytes',
    help: 'Estimated bytes of recent changes kept for returning viewers.',
    read: (set) => set({}, store.ringBytes),
  },
  {
    name: 'ifscope_records',
    help: 'Records by table.',
    labelNames: ['table'],
    read(set) {
      for (const table of TABLES) set({ table }, store.replica.records[table].size);
    },
  },
  {
    name: 'ifscope_findings',
    help: 'Findings by rule and severity.',
    labelNames: ['rule', 'severity'],
    read(set) {
      const byRule = Map.groupBy(store.replica.records.findings.values(), ({ rule }) => rule);
      for (const [rule, findings] of byRule)
        for (const [severity, { length }] of Map.groupBy(findings, (one) => one.severity))
          set({ rule, severity }, length);
    },
  },
];

/** Gauges of prom-client with the suffix of counters, which `promtool check metrics` rejects. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** Sources without measurements have no series. */
const sourceReadings = ({ store, figures }: MetricsParts): readonly GaugeReading[] => [
  {
    name: 'ifscope_source_state',
    help: '1 for the current state of the source.',
    labelNames: ['source', 'state'],
    read(set) {
      for (const source of store.sources())
        for (const state of SOURCE_STATES) set({ source: source.id, state }, source.state === state ? 1 : 0);
    },
  },
  {
    name: 'ifscope_source_lag_seconds',
    help: 'How far the records are behind the API of the source; absent while that is not known.',
    labelNames: ['source'],
    read(set) {
      for (const { id, lagSeconds } of store.sources()) if (lagSeconds !== null) set({ source: id }, lagSeconds);
    },
  },
  {
    name: 'ifscope_source_waiting_events',
    help: 'Facts of the source that have arrived but are not in the records yet.',
    labelNames: ['source'],
    read(set) {
      for (const { id, waiting } of store.sources()) if (waiting !== null) set({ source: id }, waiting);
    },
  },
  {
    name: 'ifscope_source_age_seconds',
    help: 'Age of the newest fact of the source; absent before its first answer.',
    labelNames: ['source'],
    read(set) {
      for (const [source, asOf] of Object.entries(store.ages))
        if (asOf !== null) set({ source }, Math.max(0, (store.now() - Date.parse(asOf)) / 1000));
    },
  },
  {
    name: 'ifscope_ec2_calls_per_minute',
    help: 'Calls made to EC2 in the last minute, retries included; the account shares one quota with the CNI.',
    read: (set) => set({}, figures().ec2CallsLastMinute),
  },
];

/** A registry of the parts' metrics, evaluated at every scrape. */
export function createMetrics(parts: MetricsParts): Registry {
  const registry = new Registry();
  const registers = [registry];
  if (parts.process) {
    collectDefaultMetrics({ register: registry });
    for (const name of MISNAMED) registry.removeSingleMetric(name);
  }
  addGauges(registers, [...serverReadings(parts), ...sourceReadings(parts), ...factReadings(parts.store)]);
  new Counter({
    name: 'ifscope_frames_encoded_total',
    help: 'Frames encoded; each is shared by all viewers.',
    registers,
    collect() {
      this.reset();
      this.inc(parts.hub.encoded);
    },
  });
  return registry;
}
