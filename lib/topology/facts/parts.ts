/** Parts of pods and ENIs that both the indexes and deriving read. */
import { objectKey, type EniFact, type PodFact } from '../../model/facts';
import type { Timestamp } from '../../model/records';
import { equal } from '../../records/equal';

/** A Succeeded or Failed pod has no sandbox: it holds no address, though its status still names one (vpc-cni §5.3). */
export const isFinished = (pod: Pick<PodFact, 'phase'>): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed';

/** Lives in a network namespace of its own and may hold addresses. */
export const hasInterfaces = (pod: PodFact): boolean => pod.node !== null && !pod.hostNetwork && !isFinished(pod);

const NO_ADDRESSES: readonly string[] = [];
/** Up to this many are searched one by one. */
const MAX_LINEAR_SEARCH = 32;

/** Every address that a pod with interfaces of its own reports, each once. */
export function addressesOf(pod: PodFact): readonly string[] {
  if (!hasInterfaces(pod)) return NO_ADDRESSES;
  const { ips, reported, windowsIp } = pod;
  if (reported.length === 0 && windowsIp === null) return ips;
  const all = [...ips];
  for (const entry of reported) for (const ip of entry.ips) all.push(ip);
  if (windowsIp !== null) all.push(windowsIp);
  return all.length > MAX_LINEAR_SEARCH ? [...new Set(all)] : all.filter((ip, at) => all.indexOf(ip) === at);
}

/** `namespace/name` of every NAD that a pod asks for or reports. */
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
 * An ENI without the addresses that ipamd takes and gives back all the time. What pods read of their node's ENIs is this, so that
 * such an address concerns nobody but the pod that has it and the node that counts it.
 */
export type EniShape = Omit<EniFact, 'secondaryIps' | 'ipv6Addresses'>;

const CREATED_AT = 'node.k8s.amazonaws.com/createdAt';

/** When ipamd made it, by its own tag; null where no such tag can be read. */
export function createdAtOf({ tags }: EniShape): Timestamp | null {
  const text = tags[CREATED_AT];
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? text : null;
}

/** Whether two states of an ENI differ in those addresses at most. */
export const isSameShape = (a: EniFact, b: EniFact): boolean =>
  equal(a, { ...b, secondaryIps: a.secondaryIps, ipv6Addresses: a.ipv6Addresses });

/** Every single address that EC2 lists on an ENI, the primary first. */
export function* ipsOf(eni: EniFact): Iterable<string> {
  if (eni.primaryIp !== null) yield eni.primaryIp;
  yield* eni.secondaryIps;
  yield* eni.ipv6Addresses;
}

/** Names the trunk of a branch ENI. */
export const TRUNK_TAG = 'vpcresources.k8s.aws/trunk-eni-id';
