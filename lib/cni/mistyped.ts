/**
 * Keys that were probably meant as an annotation that chooses a pod's interfaces: Multus' two, or the VPC CNI's. Both look up exact keys and
 * silently ignore all others (multus §1.1, vpc-cni §3), so a pod with a mistyped key does not get its networks.
 */
import { distance } from '../model/spelling';
import { DEFAULT_NETWORK_KEY } from './multus/default-network';
import { NETWORKS_KEY } from './multus/networks';
import { NIC_CONFIG_KEY } from './nic-config';

/** Annotations of a pod that choose its interfaces. */
export const INTERFACE_KEYS = [NETWORKS_KEY, DEFAULT_NETWORK_KEY, NIC_CONFIG_KEY] as const;

/** Valid keys of these projects, on any object. */
const KNOWN: ReadonlySet<string> = new Set([
  ...INTERFACE_KEYS,
  'k8s.v1.cni.cncf.io/network-status',
  'k8s.v1.cni.cncf.io/networks-status',
  'k8s.v1.cni.cncf.io/resourceName',
  'k8s.v1.cni.cncf.io/policy-for',
  'k8s.v1.cni.cncf.io/nodeSelector',
]);

/** Multus' names after the slash, in lower case, and their annotations. */
const NAMES = [
  ['networks', NETWORKS_KEY],
  ['default-network', DEFAULT_NETWORK_KEY],
] as const;

/** The largest number of typing errors in a name; two swapped letters count as one. */
const MAX_SLIPS = 2;

/** Whether the part before the slash is, or resembles, that of a Multus key: `k8s.cni.cncf.io`, `v1.multus.cni.io`, `k8s.v1.cni.cnfc.io`. */
function isOfMultus(domain: string): boolean {
  if (/(^|\.)cni\.cncf(\.io)?$/.test(domain) || domain.includes('multus')) return true;
  return ['k8s.v1.cni.cncf.io', 'v1.multus-cni.io'].some((known) => distance(domain, known) <= MAX_SLIPS);
}

/** Whether the part before the slash is AWS', or resembles it; also none, if the name is right. */
const isOfAws = (domain: string): boolean =>
  domain.endsWith('amazonaws.com') || domain.endsWith('k8s.aws') || distance(domain, 'k8s.amazonaws.com') <= MAX_SLIPS;

function isNicConfig(domain: string, name: string): boolean {
  const letters = name.replaceAll(/[-_.]/g, '');
  // Two slips would lead to `eniConfig`, which is another annotation.
  return domain === '' ? letters === 'nicconfig' : isOfAws(domain) && distance(letters, 'nicconfig') <= 1;
}

/** The annotation that a key was probably meant as; null for a valid key and for a key that resembles no annotation. */
export function meantKey(key: string): string | null {
  if (KNOWN.has(key)) return null;
  // Some keys have a dot or a backslash instead of the slash.
  const [, before = '', after = ''] = /^([^/]*)\/([^/]+)$/.exec(key) ??
    /^(.*\.(?:io|com))[.\\_:-]([\w-]+)$/.exec(key) ?? ['', '', key];
  const [domain, name] = [before.toLowerCase(), after.toLowerCase()];
  if (isNicConfig(domain, name)) return NIC_CONFIG_KEY;
  if (name === '' || !isOfMultus(domain)) return null;
  const found = NAMES.find(([known]) => distance(name, known) <= MAX_SLIPS);
  return found?.[1] ?? null;
}

/** Whether it can be a mistyped key at all; most keys cannot, and are not looked at any further. */
export const mayBeMistyped = (key: string): boolean =>
  key.includes('cni') || key.includes('multus') || /n[ic]{2}/i.test(key);
