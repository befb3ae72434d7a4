/** What a network's range may overlap with: subnets of the VPC, other networks, node addresses, Services, pod CIDRs. */
import { CLUSTER_NETWORK } from '../../model/ids';
import type { NetworkRecord, SubnetRecord } from '../../model/records';
import { minusRanges, parseIpRange, rangeContains, rangeOverlap, type IpRange } from '../../cni/ipam/range';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { fact, type Evidence } from './answer';
import { counted, enumerated, nameOf } from './words';

/** One range of a network, from its IPAM config. */
export interface Range {
  readonly network: NetworkRecord;
  readonly text: string;
  readonly range: IpRange;
}

const overlaps = (a: IpRange, b: IpRange): boolean => rangeOverlap(a, b) !== null;
const isInside = (a: IpRange, b: IpRange): boolean => minusRanges([a], [b]).length === 0;

/** The readable IPAM ranges of a network. */
export const rangesOf = (network: NetworkRecord): readonly Range[] =>
  (network.ipam?.ranges ?? []).flatMap((text) => {
    const range = parseIpRange(text);
    return range === null ? [] : [{ network, text, range }];
  });

/** A range that a network's range overlaps with. */
export interface Clash {
  /** Its part of the sentence. */
  readonly text: string;
  readonly evidence: Evidence;
}

const clash = (id: string, text: string, why: string): Clash => ({ text, evidence: fact(id, `${text}: ${why}`) });

/**
 * For interfaces whose addresses of the range must be on an ENI: the range must lie in the ENI's subnet, and EC2 must not
 * assign its addresses to others.
 */
function inItsSubnet(
  { network, text, range }: Range,
  subnet: SubnetRecord,
  cidr: IpRange,
  cidrText: string,
): readonly Clash[] {
  if (!isInside(range, cidr))
    return [
      clash(
        subnet.id,
        `${text} of ${nameOf(network.id)} lies partly outside ${subnet.id} (${cidrText})`,
        'packets of the addresses outside find no gateway',
      ),
    ];
  const reserved = subnet.reservations.flatMap(({ cidr: block, type }) =>
    type === 'explicit' ? (parseIpRange(block) ?? []) : [],
  );
  if (minusRanges([range], reserved).length === 0) return [];
  return [
    clash(
      subnet.id,
      `${text} of ${nameOf(network.id)} lies in ${subnet.id} (${cidrText}) without a reservation`,
      'EC2 may give the same addresses to other ENIs; a CIDR reservation of type explicit keeps them',
    ),
  ];
}

function withSubnets(replica: Replica, networkRange: Range): readonly Clash[] {
  const { network, text, range } = networkRange;
  return [...replica.records.subnets.values()].flatMap((subnet) => {
    const cidrText = (range.family === 4 ? subnet.cidr : subnet.ipv6Cidr) ?? '';
    const cidr = parseIpRange(cidrText);
    if (cidr === null || !overlaps(range, cidr)) return [];
    if (network.semantics?.leavesNodeOnEni === true) return inItsSubnet(networkRange, subnet, cidr, cidrText);
    return [
      clash(
        subnet.id,
        `${text} of ${nameOf(network.id)} overlaps ${subnet.id} (${cidrText})`,
        network.semantics === null
          ? 'what its plugin does is not known'
          : 'its interfaces are not in that subnet, so addresses of the VPC in the range cannot be reached from these pods',
      ),
    ];
  });
}

/** The range is in a CIDR block of the VPC, but in no known subnet. */
function withVpc(replica: Replica, networkRange: Range): readonly Clash[] {
  const { network, text, range } = networkRange;
  if (isInSubnet(replica, networkRange)) return [];
  return (replica.cluster.vpcCidrs ?? []).flatMap((block) => {
    const other = parseIpRange(block);
    return other === null || !overlaps(range, other)
      ? []
      : [
          clash(
            network.id,
            `${text} of ${nameOf(network.id)} overlaps the block ${block} of the VPC`,
            'no known subnet has these addresses; a later one, or one of others in the VPC, may',
          ),
        ];
  });
}

/** IPAMs that keep account of all their networks in the cluster. */
const KEEPS_ACCOUNT: ReadonlySet<string> = new Set(['whereabouts', 'ovn-k8s-cni-overlay']);

/** Two networks on one link with overlapping ranges may assign an address twice, unless one IPAM manages both. */
function withNetworks(replica: Replica, { network, text, range }: Range): readonly Clash[] {
  return [...replica.records.networks.values()]
    .filter(({ id, missing }) => id !== network.id && !missing)
    .flatMap(rangesOf)
    .filter((other) => overlaps(range, other.range))
    .map((other) => {
      // OVN-Kubernetes keeps its networks apart, and those of one name together.
      const type = network.ipam?.type ?? '';
      const together = KEEPS_ACCOUNT.has(type) && other.network.ipam?.type === type;
      const pair = [`${text} of ${nameOf(network.id)}`, `${other.text} of ${nameOf(other.network.id)}`].sort();
      return {
        clash: clash(
          other.network.id,
          pair.join(' overlaps '),
          together
            ? 'whereabouts keeps track of overlapping ranges in one cluster, unless enable_overlapping_ranges is off'
            : `their IPAM (${network.ipam?.type ?? 'none'}, ${other.network.ipam?.type ?? 'none'}) does not know of each other, so one address can be given twice`,
        ),
        together,
      };
    })
    .filter(({ together }) => !together)
    .map((found) => found.clash);
}

/** Node addresses inside the range, if the network is not part of the node's own subnet. */
function withNodes(replica: Replica, { network, text, range }: Range): readonly Clash[] {
  const nodes = [...replica.records.nodes.values()].filter(({ internalIps }) =>
    internalIps.some((ip) => rangeContains(range, ip)),
  );
  const [first] = nodes.sort((a, b) => byNaturalName(a.name, b.name));
  if (first === undefined) return [];
  return [
    clash(
      first.id,
      `${text} of ${nameOf(network.id)} holds the addresses of ${counted(nodes.length, 'node')} (${enumerated(nodes.map(({ name }) => name))})`,
      'an interface may get the address of a node',
    ),
  ];
}

/**
 * Services (including the cluster's DNS) inside the range: the pod treats their addresses as neighbours on the network and
 * never reaches them.
 */
function withServices(services: readonly string[], { network, text, range }: Range): readonly Clash[] {
  return services.flatMap((cidr) => {
    const other = parseIpRange(cidr);
    if (other === null || !overlaps(range, other)) return [];
    return [
      clash(
        CLUSTER_NETWORK,
        `${text} of ${nameOf(network.id)} overlaps the Service CIDR ${cidr}`,
        'its pods look for Services of the range, maybe the cluster’s DNS, on this network and do not reach them',
      ),
    ];
  });
}

/** Subnets of the VPC inside the range of Services: kube-proxy takes the addresses of their ENIs and pods for Services. */
export function subnetsInServices(replica: Replica): readonly Clash[] {
  const services = (serviceCidrsOf(replica) ?? []).flatMap((text) => {
    const range = parseIpRange(text);
    return range === null ? [] : [{ text, range }];
  });
  return [...replica.records.subnets.values()].flatMap(({ id, cidr }) => {
    const range = parseIpRange(cidr ?? '');
    return range === null
      ? []
      : services
          .filter((service) => overlaps(range, service.range))
          .map((service) =>
            clash(
              id,
              `${id} (${cidr ?? ''}) overlaps the Service CIDR ${service.text}`,
              'a Service may get the address of a node or a pod there, which pods and nodes then do not reach; EKS cannot change the Service CIDR of a cluster: use other subnets',
            ),
          );
  });
}

function withPodCidrs(replica: Replica, { network, text, range }: Range): readonly Clash[] {
  const nodes = [...replica.records.nodes.values()]
    .filter(({ podCidrs }) =>
      podCidrs.some((cidr) => {
        const other = parseIpRange(cidr);
        return other !== null && overlaps(range, other);
      }),
    )
    .sort((a, b) => byNaturalName(a.name, b.name));
  const [first] = nodes;
  if (first === undefined) return [];
  return [
    clash(
      first.id,
      `${text} of ${nameOf(network.id)} overlaps the pod CIDR of ${counted(nodes.length, 'node')} (${enumerated(
        nodes.map(({ name, podCidrs }) => `${name}: ${podCidrs.join(', ')}`),
      )})`,
      'an interface may get the address of a pod, and its pods do not reach those of the range',
    ),
  ];
}

/** The ranges of Services; null if not known. */
export const serviceCidrsOf = ({ records }: Replica): readonly string[] | null =>
  records.networks.get(CLUSTER_NETWORK)?.serviceCidrs ?? null;

/** All clashes of a network's ranges. */
export const clashesOf = (replica: Replica, network: NetworkRecord): readonly Clash[] =>
  rangesOf(network).flatMap((range) => [
    ...withSubnets(replica, range),
    ...withVpc(replica, range),
    ...withNetworks(replica, range),
    ...withNodes(replica, range),
    ...withServices(serviceCidrsOf(replica) ?? [], range),
    ...withPodCidrs(replica, range),
  ]);

/** Prefix length of the largest CIDR block that a VPC may have. */
const LARGEST_BLOCK = 16;

/**
 * A subnet whose VPC block may include the range, although no known subnet does; null if none is close, or if the blocks
 * are known.
 */
export function subnetNear({ records, cluster }: Replica, { range }: Range): SubnetRecord | null {
  if (range.family !== 4 || cluster.vpcCidrs !== null) return null;
  const blockOf = (value: bigint): bigint => value >> BigInt(32 - LARGEST_BLOCK);
  for (const subnet of records.subnets.values()) {
    const cidr = parseIpRange(subnet.cidr ?? '');
    if (cidr !== null && blockOf(cidr.first) <= blockOf(range.last) && blockOf(range.first) <= blockOf(cidr.last))
      return subnet;
  }
  return null;
}

/** Whether a known subnet has an address of the range. */
export const isInSubnet = ({ records }: Replica, { range }: Range): boolean =>
  [...records.subnets.values()].some(({ cidr, ipv6Cidr }) => {
    const own = parseIpRange((range.family === 4 ? cidr : ipv6Cidr) ?? '');
    return own !== null && overlaps(range, own);
  });
