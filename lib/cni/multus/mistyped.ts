/**
 * Keys that were probably meant as one of Multus' two annotations of pods. Multus looks up exact keys and ignores all others without a word
 * (multus §1.1), so a slip of the pen leaves the pod without its networks.
 */
import { distance } from '../../model/spelling';
import { DEFAULT_NETWORK_KEY } from './default-network';
import { NETWORKS_KEY } from './networks';

/** Keys of these projects that mean something, on whatever object. */
const KNOWN: ReadonlySet<string> = new Set([
  NETWORKS_KEY,
  DEFAULT_NETWORK_KEY,
  'k8s.v1.cni.cncf.io/network-status',
  'k8s.v1.cni.cncf.io/networks-status',
  'k8s.v1.cni.cncf.io/resourceName',
  'k8s.v1.cni.cncf.io/policy-for',
  'k8s.v1.cni.cncf.io/nodeSelector',
]);

/** The names behind the slash, in lower case, and what they are of. */
const NAMES = [
  ['networks', NETWORKS_KEY],
  ['default-network', DEFAULT_NETWORK_KEY],
] as const;

/** Two slips in a name, at most; two swapped letters are one. */
const MOST_SLIPS = 2;

/** Whether the part before the slash is that of a key of Multus, or nearly: `k8s.cni.cncf.io`, `v1.multus.cni.io`, `k8s.v1.cni.cnfc.io`. */
function isDomain(domain: string): boolean {
  if (/(^|\.)cni\.cncf(\.io)?$/.test(domain) || domain.includes('multus')) return true;
  return ['k8s.v1.cni.cncf.io', 'v1.multus-cni.io'].some((known) => distance(domain, known) <= MOST_SLIPS);
}

/** The annotation that a key was probably meant as; null for a key of Multus and for one that is like none of them. */
export function meantKey(key: string): string | null {
  if (KNOWN.has(key)) return null;
  // A dot or a backslash in place of the slash.
  const [, domain = '', name = ''] = /^([^/]*)\/([^/]+)$/.exec(key) ?? /^(.*\.io)[.\\_:-]([\w-]+)$/.exec(key) ?? [];
  if (name === '' || !isDomain(domain.toLowerCase())) return null;
  const found = NAMES.find(([known]) => distance(name.toLowerCase(), known) <= MOST_SLIPS);
  return found?.[1] ?? null;
}
