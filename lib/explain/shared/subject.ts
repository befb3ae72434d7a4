/** The subject of a question: a record by its kind and name, an address, a MAC, or the whole cluster. */
import { canonicalMac } from '../../model/ip';
import { CLUSTER_NETWORK, findingId, kindOfId, networkId, nodeId, podId } from '../../model/ids';
import type { SubjectKind } from './subject-kinds';
import type { Replica } from '../../records/replica';
import { queriedIp, queriedMac } from '../../view/lookup/query-text';

/** The subject of a question. */
export interface Subject {
  readonly kind: SubjectKind | 'cluster';
  /** Record id, canonical address or MAC; empty for the cluster. */
  readonly id: string;
}

/** The whole cluster. */
export const CLUSTER: Subject = { kind: 'cluster', id: '' };

/** How a subject of each kind is named on the command line. */
export const NAMED_AS: Readonly<Record<SubjectKind, string>> = {
  pod: 'NAMESPACE/NAME',
  interface: 'NAMESPACE/POD/INTERFACE',
  node: 'NAME',
  eni: 'eni-…',
  subnet: 'subnet-…',
  network: 'NAMESPACE/NAME',
  address: '10.0.1.77',
  mac: '0a:1b:…',
  finding: 'RULE/SUBJECT',
};

const pair = (name: string, id: (namespace: string, name: string) => string): string | null => {
  const [namespace = '', rest = '', ...more] = name.split('/');
  return namespace === '' || rest === '' || more.length > 0 ? null : id(namespace, rest);
};

/** Also accepts a record's own id. */
function idOf(kind: SubjectKind, name: string): string | null {
  if (kind === kindOfId(name) || (kind === 'network' && name === CLUSTER_NETWORK)) return name;
  switch (kind) {
    case 'pod':
      return pair(name, podId);
    case 'network':
      return pair(name, networkId);
    case 'interface':
      return name.split('/').length === 3 ? `if:${name}` : null;
    case 'node':
      return nodeId(name);
    case 'eni':
    case 'subnet':
      return null;
    case 'address':
      return queriedIp(name);
    case 'mac':
      return queriedMac(name) ?? canonicalMac(name);
    case 'finding': {
      const slash = name.indexOf('/');
      return slash < 1 ? null : findingId(name.slice(0, slash), name.slice(slash + 1));
    }
  }
}

/** Whether the record exists; an address or a MAC need not belong to anything. */
function exists(kind: SubjectKind, id: string, { records }: Replica): boolean {
  switch (kind) {
    case 'pod':
      return records.pods.has(id);
    case 'interface':
      return records.interfaces.has(id);
    case 'node':
      return records.nodes.has(id);
    case 'eni':
      return records.enis.has(id);
    case 'subnet':
      return records.subnets.has(id);
    case 'network':
      return records.networks.has(id);
    case 'finding':
      return records.findings.has(id);
    case 'address':
    case 'mac':
      return true;
  }
}

/** The subject with that name, whether or not it exists; a text if the name is not valid for its kind. */
export function readSubject(kind: SubjectKind, name: string): Subject | string {
  const id = idOf(kind, name.trim());
  return id === null ? `"${name}" names no ${kind}: it is written ${NAMED_AS[kind]}` : { kind, id };
}

/** The same subject by its record's id; null if there is no such record. A node may be named by its instance. */
export function found({ kind, id }: Subject, replica: Replica): Subject | null {
  if (kind === 'cluster' || exists(kind, id, replica)) return { kind, id };
  const byInstance = [...replica.records.nodes.values()].find(
    ({ instanceId }) => kind === 'node' && nodeId(instanceId ?? '') === id,
  );
  return byInstance === undefined ? null : { kind, id: byInstance.id };
}
