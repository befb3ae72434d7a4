/** The server's own metrics for Prometheus, read from the parts when they are scraped. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { SOURCE_STATES } from '../../model/vocabulary';
import { TABLES } from '../../model/records';
import type { Figures } from '../store/roles';
import type { Store } from '../store/store';
import type { Hub } from '../stream/hub';
import { addFactMetrics } from './fact-metrics';

/** What is measured. */
export interface MetricsParts {
  readonly store: Store;
  readonly hub: Hub;
  readonly version: string;
  readonly figures: () => Figures;
  /** Whether to include the metrics of the process, which belong to no viewer's record set. */
  readonly process: boolean;
}

/** Sources without measurements have no series. */
function addLags(registers: Registry[], store: Store): void {
  const figures = [
    {
      name: 'ifscope_source_lag_seconds',
      help: 'How far the records are behind the API of the source; absent while that is not known.',
      figure: 'lagSeconds',
    },
    {
      name: 'ifscope_source_waiting_events',
      help: 'Facts of the source that have arrived and are not in the records yet.',
      figure: 'waiting',
    },
  ] as const;
  for (const { name, help, figure } of figures)
    new Gauge({
      name,
      help,
      labelNames: ['source'],
      registers,
      collect() {
        this.reset();
        for (const { id, [figure]: value } of store.sources()) if (value !== null) this.labels(id).set(value);
      },
    });
}

/** A registry of the parts' metrics, evaluated at every scrape. */
export function createMetrics({ store, hub, version, figures, process }: MetricsParts): Registry {
  const registry = new Registry();
  const registers = [registry];
  if (process) collectDefaultMetrics({ register: registry });

  new Gauge({
    name: 'ifscope_build_info',
    help: 'Always 1; the version is in the label.',
    labelNames: ['version'],
    registers,
  })
    .labels(version)
    .set(1);
  new Gauge({
    name: 'ifscope_topology_version',
    help: 'Version of the record set in this epoch.',
    registers,
    collect() {
      this.set(store.version);
    },
  });
  new Gauge({
    name: 'ifscope_viewers',
    help: 'Open streams.',
    registers,
    collect() {
      this.set(hub.viewers);
    },
  });
  new Gauge({
    name: 'ifscope_ring_bytes',
    help: 'Bytes of recent changes kept for viewers that come back, by estimate.',
    registers,
    collect() {
      this.set(store.ringBytes);
    },
  });
  new Counter({
    name: 'ifscope_frames_encoded_total',
    help: 'Frames encoded; each is shared by all viewers.',
    registers,
    collect() {
      this.reset();
      this.inc(hub.encoded);
    },
  });
  new Gauge({
    name: 'ifscope_records',
    help: 'Records by table.',
    labelNames: ['table'],
    registers,
    collect() {
      for (const table of TABLES) this.labels(table).set(store.replica.records[table].size);
    },
  });
  new Gauge({
    name: 'ifscope_findings',
    help: 'Findings by rule and severity.',
    labelNames: ['rule', 'severity'],
    registers,
    collect() {
      this.reset();
      for (const { rule, severity } of store.replica.records.findings.values()) this.labels(rule, severity).inc();
    },
  });
  new Gauge({
    name: 'ifscope_source_state',
    help: '1 for the state that the source is in.',
    labelNames: ['source', 'state'],
    registers,
    collect() {
      this.reset();
      for (const source of store.sources())
        for (const state of SOURCE_STATES) this.labels(source.id, state).set(source.state === state ? 1 : 0);
    },
  });
  addLags(registers, store);
  addFactMetrics(registers, store);
  new Gauge({
    name: 'ifscope_source_age_seconds',
    help: 'Age of the newest fact of the source; absent before its first answer.',
    labelNames: ['source'],
    registers,
    collect() {
      this.reset();
      for (const [source, asOf] of Object.entries(store.ages))
        if (asOf !== null) this.labels(source).set(Math.max(0, (store.now() - Date.parse(asOf)) / 1000));
    },
  });
  new Gauge({
    name: 'ifscope_ec2_calls_per_minute',
    help: 'Calls made to EC2 in the last minute, retries included; the account shares one quota with the CNI.',
    registers,
    collect() {
      this.set(figures().ec2CallsLastMinute);
    },
  });
  return registry;
}
