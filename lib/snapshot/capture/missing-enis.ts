/** Whether an answer about ENIs leaves out those of pods: it was filtered, as by the subnet of the nodes. */
import { isWithin } from '../../model/ip';
import { ENIS, INSTANCES } from '../../model/source-ids';
import type { Collection } from './collection';

/** So many pods do not lose their addresses at once. */
const MIN_PODS = 3;

/** Why ENIs may be missing, as a sentence; null if the list has the address of a pod, or none is expected in it. */
export function missingEnisOf(collection: Collection): string | null {
  // The instances' own lists have completed the answer.
  if (!collection.isListed(ENIS) || collection.has(INSTANCES) || collection.parts.has(ENIS)) return null;
  const pods = collection.facts('pod');
  const served = new Set(pods.flatMap(({ awsNode, node }) => (awsNode === null ? [] : [node])));
  const ips = pods.flatMap(({ node, hostNetwork, podEni, phase, ips: own }) =>
    served.has(node) && !hostNetwork && podEni === null && phase === 'Running' ? own.slice(0, 1) : [],
  );
  const enis = collection.facts('eni');
  if (ips.length < MIN_PODS || enis.length === 0) return null;
  const singles = new Set(enis.flatMap(({ secondaryIps, ipv6Addresses }) => [...secondaryIps, ...ipv6Addresses]));
  const prefixes = enis.flatMap(({ ipv4Prefixes, ipv6Prefixes }) => [...ipv4Prefixes, ...ipv6Prefixes]);
  const isListed = (ip: string): boolean => singles.has(ip) || prefixes.some((prefix) => isWithin(prefix, ip));
  return ips.some(isListed)
    ? null
    : `The ENIs in the capture have none of the ${ips.length} addresses of pods: the answer was filtered. Take aws ec2 describe-network-interfaces again without filters.`;
}
