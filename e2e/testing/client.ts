/** Small record sets and deltas for the client's own tests. */
import type { Delta, Frame } from '../../lib/model/delta';
import {
  TABLES,
  type ClusterInfo,
  type PodRecord,
  type RecordByTable,
  type RecordMaps,
  type Table,
} from '../../lib/model/records';
import { podId } from '../../lib/model/ids';

export const CLUSTER: ClusterInfo = {
  name: 'test',
  kubernetesVersion: '1.34',
  region: null,
  vpcId: null,
  demo: false,
};

export const pod = (name: string, change: Partial<PodRecord> = {}): PodRecord => ({
  id: podId('core', name),
  namespace: 'core',
  name,
  uid: '',
  node: null,
  phase: 'Running',
  hostNetwork: false,
  createdAt: null,
  startedAt: null,
  deleting: false,
  owner: null,
  ips: [],
  nicConfig: null,
  podEni: null,
  networksAnnotation: { state: 'absent', error: null },
  statusAnnotation: { state: 'absent', error: null },
  requested: [],
  resources: {},
  policies: [],
  securityGroupPolicies: null,
  problems: [],
  ...change,
});

export function recordMaps(tables: { readonly [T in Table]?: readonly RecordByTable[T][] }): RecordMaps {
  const entries = TABLES.map((table) => [
    table,
    new Map((tables[table] ?? []).map((record) => [record.id, record] as const)),
  ]);
  return Object.fromEntries(entries) as RecordMaps;
}

/** A delta of one step from a version, that puts and drops pods. */
export const podDelta = (
  from: number,
  put: readonly PodRecord[],
  drop: readonly string[] = [],
  epoch = 'e1',
): Delta => ({
  epoch,
  from,
  to: from + 1,
  at: 1_000 + from,
  tables: { pods: { put, patch: [], drop } },
});

export const deltaFrame = (delta: Delta): Frame => ({ kind: 'delta', delta });
