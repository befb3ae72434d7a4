/** The one place that makes and reads record ids. Parts are percent-encoded where they hold a `/`. */

const part = (text: string): string => (/[/%]/.test(text) ? encodeURIComponent(text) : text);
const read = (text: string): string => {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The network id of the cluster network itself. */
export const CLUSTER_NETWORK = 'cluster';

/** The network that devices of a DeviceClass make up. */
export const deviceClassId = (name: string): string => `class:${part(name)}`;
export const nodeId = (name: string): string => `node:${part(name)}`;
export const cardId = (node: string, index: number): string => `card:${part(node)}/${index}`;
export const hostNicId = (node: string, name: string): string => `nic:${part(node)}/${part(name)}`;
export const networkId = (namespace: string, name: string): string => `net:${part(namespace)}/${part(name)}`;
export const attachmentId = (node: string, namespace: string, name: string): string =>
  `att:${part(node)}/${part(namespace)}/${part(name)}`;
export const ipPoolId = (namespace: string, name: string): string => `pool:${part(namespace)}/${part(name)}`;
// Joined, not put together by a template: that would keep every part alive beside the whole, 150,000 times.
export const podId = (namespace: string, name: string): string => ['pod:', part(namespace), '/', part(name)].join('');
export const interfaceId = (namespace: string, pod: string, name: string): string =>
  ['if:', part(namespace), '/', part(pod), '/', part(name)].join('');
export const signalId = (subject: string, kind: string): string => `sig:${subject}/${part(kind)}`;
export const findingId = (rule: string, subject: string): string => `f:${rule}/${subject}`;

export type RecordKind =
  | 'node'
  | 'networkCard'
  | 'hostNic'
  | 'eni'
  | 'subnet'
  | 'network'
  | 'attachment'
  | 'ipPool'
  | 'pod'
  | 'interface'
  | 'signal'
  | 'finding';

const PREFIXES: readonly (readonly [string, RecordKind])[] = [
  ['node:', 'node'],
  ['card:', 'networkCard'],
  ['nic:', 'hostNic'],
  ['eni-', 'eni'],
  ['subnet-', 'subnet'],
  ['net:', 'network'],
  ['class:', 'network'],
  ['att:', 'attachment'],
  ['pool:', 'ipPool'],
  ['pod:', 'pod'],
  ['if:', 'interface'],
  ['sig:', 'signal'],
  ['f:', 'finding'],
];

/** Whether a network is one of claimed devices. */
export const isDeviceClass = (network: string): boolean => network.startsWith('class:');

/** What kind of record an id names; null for text that is no record id. */
export function kindOfId(id: string): RecordKind | null {
  if (id === CLUSTER_NETWORK) return 'network';
  return PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? null;
}

/** The decoded parts behind the prefix: `if:ns/pod/eth0` → `['ns', 'pod', 'eth0']`. ENI and subnet ids are one part, whole. */
export function idParts(id: string): readonly string[] {
  const colon = id.indexOf(':');
  if (colon < 0) return [id];
  return id
    .slice(colon + 1)
    .split('/')
    .map(read);
}
