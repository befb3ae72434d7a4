/** The URL paths of records' own pages: `/pod/NAMESPACE/NAME`, `/node/NAME`, `/eni/ID` … */
import { CLUSTER_NETWORK, idParts, isDeviceClass, kindOfId, networkId, nodeId, podId } from '../model/ids';

/** The kinds with a page, as the first part of the path. */
export const PAGE_KINDS = ['pod', 'node', 'eni', 'network', 'subnet'] as const;
export type PageKind = (typeof PAGE_KINDS)[number];

const pathOf = (kind: PageKind, parts: readonly string[]): string =>
  `/${kind}/${parts.map((part) => encodeURIComponent(part)).join('/')}`;

/** The path of a record's page below the base path; null for records without one. An interface is on its pod's page. */
export function recordPath(id: string): string | null {
  const parts = idParts(id);
  switch (kindOfId(id)) {
    case 'pod':
      return pathOf('pod', parts);
    case 'interface':
      return pathOf('pod', parts.slice(0, 2));
    case 'node':
      return pathOf('node', parts);
    case 'eni':
      return pathOf('eni', [id.split('/')[0] ?? id]);
    case 'network':
      return isDeviceClass(id) ? null : pathOf('network', parts);
    case 'subnet':
      return pathOf('subnet', [id]);
    default:
      return null;
  }
}

/** Decodes percent-encoded parts of a path; invalid encodings stay unchanged. */
export const decodedParts = (parts: readonly string[]): readonly string[] =>
  parts.map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });

/** The record id of a page; null for any other path. `parts`: decoded. */
export function recordOfPath(kind: string, parts: readonly string[]): string | null {
  const [first = '', second] = parts;
  const count = parts.length;
  if (parts.some((part) => part === '')) return null;
  switch (PAGE_KINDS.find((one) => one === kind)) {
    case 'pod':
      return count === 2 && second !== undefined ? podId(first, second) : null;
    case 'node':
      return count === 1 ? nodeId(first) : null;
    case 'network':
      if (count === 1) return first === CLUSTER_NETWORK ? CLUSTER_NETWORK : null;
      return count === 2 && second !== undefined ? networkId(first, second) : null;
    case 'eni':
      return count === 1 && kindOfId(first) === 'eni' ? first : null;
    case 'subnet':
      return count === 1 && kindOfId(first) === 'subnet' ? first : null;
    default:
      return null;
  }
}
