/** Batches of small facts for tests of the store and the hub. */
import type { NodeFact } from '../../../lib/model/facts';
import type { Batch, Observation } from '../../../lib/model/observation';
import type { SourceRecord } from '../../../lib/model/records';

export const AT = Date.UTC(2026, 0, 1);

const node = (name: string, more: Partial<NodeFact>): NodeFact => ({
  namespace: '',
  name,
  uid: `uid-${name}`,
  createdAt: null,
  deleting: false,
  providerId: null,
  instanceId: null,
  instanceType: null,
  zone: 'us-west-2a',
  computeType: 'other',
  osImage: null,
  os: 'linux',
  internalIps: [],
  podCidrs: [],
  labels: {},
  eniConfigHints: {},
  ready: true,
  readySince: null,
  networkConditions: [],
  unschedulable: false,
  taints: [],
  maxPods: 110,
  allocatable: {},
  capacity: {},
  problems: [],
  ...more,
});

export const batch = (...observations: readonly Observation[]): Batch => ({ at: AT, observations });

export const nodeUpsert = (name: string, more: Partial<NodeFact> = {}): Observation => ({
  op: 'upsert',
  kind: 'node',
  scope: 'kubernetes/nodes',
  key: name,
  fact: node(name, more),
});

export const nodeRemove = (name: string): Observation => ({
  op: 'remove',
  kind: 'node',
  scope: 'kubernetes/nodes',
  key: name,
  uid: null,
});

export const allNodes = (...names: readonly string[]): Observation => ({
  op: 'replaceAll',
  kind: 'node',
  scope: 'kubernetes/nodes',
  facts: names.map((name) => [name, node(name, {})]),
});

export const status = (id: string, state: SourceRecord['state'], asOf: string | null): Observation => ({
  op: 'status',
  source: { id, state, asOf, reason: null },
});
