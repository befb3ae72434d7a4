/** Creates and parses record ids; no other file does. A part that contains `/` or `%` is percent-encoded. */
import type { RecordKind } from './schema/tables';

export type { RecordKind };

const part = (text: string): string => (/[/%]/.test(text) ? encodeURIComponent(text) : text);
const read = (text: string): string => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The network id of the cluster network. */
export const CLUSTER_NETWORK = 'cluster';

/** The network that consists of the devices of a DeviceClass: `class:NAME`. */
export const deviceClassId = (name: string): string => `class:${part(name)}`;
/** `node:NAME` */
export const nodeId = (name: string): string => `node:${part(name)}`;
/** `card:NODE/INDEX`; `node` is the node's name, not its record id. */
export const cardId = (node: string, index: number): string => `card:${part(node)}/${index}`;
/** `nic:NODE/LINK`; `node` is the node's name. */
export const hostNicId = (node: string, name: string): string => `nic:${part(node)}/${part(name)}`;
/** `net:NAMESPACE/NAME` of a NetworkAttachmentDefinition. */
export const networkId = (namespace: string, name: string): string => `net:${part(namespace)}/${part(name)}`;
/** `att:NODE/NAMESPACE/NAME`: a network on a node, by the node's name and that of the NetworkAttachmentDefinition. */
export const attachmentId = (node: string, namespace: string, name: string): string =>
  `att:${part(node)}/${part(namespace)}/${part(name)}`;
/** `pool:NAMESPACE/NAME` */
export const ipPoolId = (namespace: string, name: string): string => `pool:${part(namespace)}/${part(name)}`;
/** `pod:NAMESPACE/NAME`. Uses `join`, because a template literal would keep every part in memory beside the result, 150,000 times. */
export const podId = (namespace: string, name: string): string => ['pod:', part(namespace), '/', part(name)].join('');
/** `if:NAMESPACE/POD/NAME`. Unnamed and repeated interfaces: see `id` of the interface record. */
export const interfaceId = (namespace: string, pod: string, name: string): string =>
  ['if:', part(namespace), '/', part(pod), '/', part(name)].join('');
/** `work:NAMESPACE/KIND/NAME` of a workload, which has no record: only Events and findings refer to it. */
export const workloadId = (namespace: string, kind: string, name: string): string =>
  `work:${part(namespace)}/${part(kind)}/${part(name)}`;
/** `sig:SUBJECT/KIND`, where `subject` is a record id. */
export const signalId = (subject: string, kind: string): string => `sig:${subject}/${part(kind)}`;
/** `f:RULE/SUBJECT`, where `subject` is a record id and stays as it is. */
export const findingId = (rule: string, subject: string): string => `f:${rule}/${subject}`;

const PREFIXES: Readonly<Record<RecordKind, readonly string[]>> = {
  node: ['node:'],
  networkCard: ['card:'],
  hostNic: ['nic:'],
  eni: ['eni-'],
  subnet: ['subnet-'],
  network: ['net:', 'class:'],
  attachment: ['att:'],
  ipPool: ['pool:'],
  pod: ['pod:'],
  interface: ['if:'],
  signal: ['sig:'],
  finding: ['f:'],
};
const KINDS_BY_PREFIX = Object.entries(PREFIXES).flatMap(([kind, prefixes]) =>
  prefixes.map((prefix) => [prefix, kind as RecordKind] as const),
);

/** Whether the network consists of the devices of a DeviceClass. */
export const isDeviceClass = (network: string): boolean => network.startsWith('class:');

/** The kind of record that an id names; null for text that is not a record id. */
export function kindOfId(id: string): RecordKind | null {
  if (id === CLUSTER_NETWORK) return 'network';
  return KINDS_BY_PREFIX.find(([prefix]) => id.startsWith(prefix))?.[1] ?? null;
}

/** The decoded parts after the prefix: `if:ns/pod/eth0` → `['ns', 'pod', 'eth0']`. An ENI or subnet id is one part, prefix included. */
export function idParts(id: string): readonly string[] {
  const colon = id.indexOf(':');
  if (colon < 0) return [id];
  return id
    .slice(colon + 1)
    .split('/')
    .map(read);
}

/** The name in an id, for display: `core/p1` of `pod:core/p1`, the name of a node, the id of an ENI or a subnet. */
export const nameOf = (id: string): string => idParts(id).join('/');
