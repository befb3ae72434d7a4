/** Parts of pods and ENIs that both the indexes and the derivation read. */
import { objectKey, type EniFact, type PodFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import { equal } from '../../model/equal';

/** A Succeeded or Failed pod has no sandbox and therefore holds no address, although its status still lists one (vpc-cni §5.3). */
export const isFinished = (pod: Pick<PodFact, 'phase'>): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed';

/** Whether the pod has its own network namespace and may hold addresses. */
export const hasInterfaces = (pod: PodFact): boolean => pod.node !== null && !pod.hostNetwork && !isFinished(pod);

const NO_ADDRESSES: readonly string[] = [];
/** Lists up to this length are searched linearly. */
const MAX_LINEAR_SEARCH = 32;

/** Every address reported by a pod with interfaces of its own, without duplicates. */
export function addressesOf(pod: PodFact): readonly string[] {
  if (!hasInterfaces(pod)) return NO_ADDRESSES;
  const { ips, reported, windowsIp } = pod;
  if (reported.length === 0 && windowsIp === null) return ips;
  const all = [...ips];
  for (const entry of reported) for (const ip of entry.ips) all.push(ip);
  if (windowsIp !== null) all.push(windowsIp);
  return all.length > MAX_LINEAR_SEARCH ? [...new Set(all)] : all.filter((ip, at) => all.indexOf(ip) === at);
}

/** `namespace/name` of every NAD that a pod requests or reports. */
export function networksOf(pod: PodFact): ReadonlySet<string> {
  const networks = new Set<string>();
  if (!hasInterfaces(pod)) return networks;
  for (const selection of pod.requested) networks.add(objectKey(selection));
  if (pod.defaultNetwork !== null) networks.add(objectKey(pod.defaultNetwork));
  for (const entry of pod.reported) {
    if (!entry.default && entry.name.includes('/')) networks.add(entry.name);
  }
  return networks;
}

/**
 * An ENI without the addresses that ipamd keeps assigning and releasing. Pods read the shape of their node's ENIs, so
 * that such an address affects only the pod that has it and the node that counts it.
 */
export type EniShape = Omit<EniFact, 'secondaryIps' | 'ipv6Addresses'>;

const CREATED_AT = 'node.k8s.amazonaws.com/createdAt';

/** When ipamd created the ENI, according to its tag; null without a readable tag. */
export function createdAtOf({ tags }: EniShape): Timestamp | null {
  const text = tags[CREATED_AT];
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : null;
}

/** Whether two states of an ENI differ only in those addresses. */
export const isSameShape = (a: EniFact, b: EniFact): boolean =>
  equal(a, { ...b, secondaryIps: a.secondaryIps, ipv6Addresses: a.ipv6Addresses });

/** Every single address that EC2 lists on an ENI, the primary address first. */
export function* ipsOf(eni: EniFact): Iterable<string> {
  if (eni.primaryIp !== null) yield eni.primaryIp;
  yield* eni.secondaryIps;
  yield* eni.ipv6Addresses;
}

/** The tag of a branch ENI that names its trunk. */
export const TRUNK_TAG = 'vpcresources.k8s.aws/trunk-eni-id';
