/**
 * Keys that were probably meant as one of Multus' two annotations of pods. Multus looks up exact keys and silently ignores
 * all others (multus §1.1), so a pod with a mistyped key does not get its networks.
 */
import { distance } from '../../model/spelling';
import { DEFAULT_NETWORK_KEY } from './default-network';
import { NETWORKS_KEY } from './networks';

/** Valid keys of these projects, on any object. */
const KNOWN: ReadonlySet<string> = new Set([
  NETWORKS_KEY,
  DEFAULT_NETWORK_KEY,
  'k8s.v1.cni.cncf.io/network-status',
  'k8s.v1.cni.cncf.io/networks-status',
  'k8s.v1.cni.cncf.io/resourceName',
  'k8s.v1.cni.cncf.io/policy-for',
  'k8s.v1.cni.cncf.io/nodeSelector',
]);

/** The names after the slash, in lower case, and their annotations. */
const NAMES = [
  ['networks', NETWORKS_KEY],
  ['default-network', DEFAULT_NETWORK_KEY],
] as const;

/** The largest number of typing errors in a name; two swapped letters count as one. */
const MAX_SLIPS = 2;

/** Whether the part before the slash is, or resembles, that of a Multus key: `k8s.cni.cncf.io`, `v1.multus.cni.io`, `k8s.v1.cni.cnfc.io`. */
function isDomain(domain: string): boolean {
  if (/(^|\.)cni\.cncf(\.io)?$/.test(domain) || domain.includes('multus')) return true;
  return ['k8s.v1.cni.cncf.io', 'v1.multus-cni.io'].some((known) => distance(domain, known) <= MAX_SLIPS);
}

/** The annotation that a key was probably meant as; null for a valid key and for a key that resembles no annotation. */
export function meantKey(key: string): string | null {
  if (KNOWN.has(key)) return null;
  // Some keys have a dot or a backslash instead of the slash.
  const [, domain = '', name = ''] = /^([^/]*)\/([^/]+)$/.exec(key) ?? /^(.*\.io)[.\\_:-]([\w-]+)$/.exec(key) ?? [];
  if (name === '' || !isDomain(domain.toLowerCase())) return null;
  const found = NAMES.find(([known]) => distance(name.toLowerCase(), known) <= MAX_SLIPS);
  return found?.[1] ?? null;
}
