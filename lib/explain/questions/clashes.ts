/** Does a network's range clash with a subnet of the VPC, another network's range, or a node's own address? */
import type { NetworkRecord, SubnetRecord } from '../../model/records';
import { minusRanges, parseIpRange, rangeContains, rangeOverlap, type IpRange } from '../../cni/ipam/range';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { fact, factOf, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, listed, nameOf } from '../shared/words';

/** One range of a network, as its IPAM config has it. */
interface Range {
  readonly network: NetworkRecord;
  readonly text: string;
  readonly range: IpRange;
}

const overlaps = (a: IpRange, b: IpRange): boolean => rangeOverlap(a, b) !== null;
const isInside = (a: IpRange, b: IpRange): boolean => minusRanges([a], [b]).length === 0;

const rangesOf = (network: NetworkRecord): readonly Range[] =>
  (network.ipam?.ranges ?? []).flatMap((text) => {
    const range = parseIpRange(text);
    return range === null ? [] : [{ network, text, range }];
  });

interface Clash {
  /** What to say in the sentence. */
  readonly text: string;
  readonly evidence: Evidence;
}

const clash = (id: string, text: string, why: string): Clash => ({ text, evidence: fact(id, `${text}: ${why}`) });

/** Interfaces that stand in the subnet of their ENI under an address of the range: the range must lie in that subnet, and EC2 must not give it to others. */
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

function withSubnets(replica: Replica, one: Range): readonly Clash[] {
  const { network, text, range } = one;
  return [...replica.records.subnets.values()].flatMap((subnet) => {
    const cidrText = (range.family === 4 ? subnet.cidr : subnet.ipv6Cidr) ?? '';
    const cidr = parseIpRange(cidrText);
    if (cidr === null || !overlaps(range, cidr)) return [];
    if (network.semantics === null)
      return [
        clash(
          subnet.id,
          `${text} of ${nameOf(network.id)} overlaps ${subnet.id} (${cidrText})`,
          'what its plugin does is not known',
        ),
      ];
    if (network.semantics.leavesNodeOnEni) return inItsSubnet(one, subnet, cidr, cidrText);
    return [
      clash(
        subnet.id,
        `${text} of ${nameOf(network.id)} overlaps ${subnet.id} (${cidrText})`,
        'its interfaces do not stand in that subnet, so addresses of the VPC in the range cannot be reached from these pods',
      ),
    ];
  });
}

/** Two networks on one wire with overlapping ranges hand out the same address twice, unless one IPAM keeps account for both. */
function withNetworks(replica: Replica, { network, text, range }: Range): readonly Clash[] {
  return [...replica.records.networks.values()]
    .filter(({ id, missing }) => id !== network.id && !missing)
    .flatMap(rangesOf)
    .filter((other) => overlaps(range, other.range))
    .map((other) => {
      const together = network.ipam?.type === 'whereabouts' && other.network.ipam?.type === 'whereabouts';
      const pair = [`${text} of ${nameOf(network.id)}`, `${other.text} of ${nameOf(other.network.id)}`].sort();
      return {
        clash: clash(
          other.network.id,
          pair.join(' overlaps '),
          together
            ? 'whereabouts keeps account of overlapping ranges in one cluster, unless enable_overlapping_ranges is off'
            : `their IPAM (${network.ipam?.type ?? 'none'}, ${other.network.ipam?.type ?? 'none'}) does not know of each other, so one address can be given twice`,
        ),
        together,
      };
    })
    .filter(({ together }) => !together)
    .map((one) => one.clash);
}

/** Node addresses inside the range, where the network is no part of the node's own subnet. */
function withNodes(replica: Replica, { network, text, range }: Range): readonly Clash[] {
  const nodes = [...replica.records.nodes.values()].filter(({ internalIps }) =>
    internalIps.some((ip) => rangeContains(range, ip)),
  );
  const [first] = nodes.sort((a, b) => byNaturalName(a.name, b.name));
  if (first === undefined) return [];
  return [
    clash(
      first.id,
      `${text} of ${nameOf(network.id)} holds the addresses of ${counted(nodes.length, 'node')} (${listed(nodes.map(({ name }) => name))})`,
      'an interface may get the address of a node',
    ),
  ];
}

function clashesOf(replica: Replica, network: NetworkRecord): readonly Clash[] {
  return rangesOf(network).flatMap((range) => [
    ...withSubnets(replica, range),
    ...withNetworks(replica, range),
    ...withNodes(replica, range),
  ]);
}

/** What ifscope does not read and so does not compare. */
const NOT_COMPARED = fact(
  null,
  'not compared, because ifscope does not read them: the Service CIDR, pod CIDRs, and the VPC’s CIDR blocks beyond its known subnets',
);

/** What the rules found about addresses of the network; each of two pods has the same finding about the other. */
function knownTroubles({ records, indexes }: Replica, network: NetworkRecord): readonly Evidence[] {
  const found = recordsOf(indexes.findingsBySubject, network.id, records.findings)
    .filter(({ rule }) => rule === 'duplicate-address' || rule === 'network-subnet-mismatch')
    .map(factOf);
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

export function clashesReply(replica: Replica, id: string | null): Reply {
  const all = [...replica.records.networks.values()]
    .filter(({ missing }) => !missing)
    .sort((a, b) => byNaturalName(a.id, b.id));
  const networks = id === null ? all : all.filter((network) => network.id === id);
  const [only] = networks;
  if (id !== null && only === undefined) return unknown(`${nameOf(id)} does not exist.`, [NOT_COMPARED]);
  const ranged = networks.filter((network) => rangesOf(network).length > 0);
  const found = new Map(ranged.flatMap((network) => clashesOf(replica, network)).map((one) => [one.text, one]));
  const clashes = [...found.values()];
  const evidence = [
    ...clashes.map((one) => one.evidence),
    ...ranged.flatMap((network) => knownTroubles(replica, network)),
    NOT_COMPARED,
  ];
  if (ranged.length === 0)
    return id === null
      ? { sentence: 'No network names a range of addresses, so none can clash.', certainty: 'observed', evidence }
      : unknown(
          `${nameOf(id)} names no range of addresses (IPAM ${only?.ipam?.type ?? 'none'}), so what it clashes with is not known.`,
          evidence,
        );
  const what =
    id === null
      ? `the ${counted(ranged.length, 'network')} with ranges`
      : `${nameOf(id)} (${ranged
          .flatMap(rangesOf)
          .map(({ text }) => text)
          .join(', ')})`;
  return {
    sentence:
      clashes.length === 0
        ? `No clash of ${what} with a known subnet, another network or a node’s address.`
        : `${counted(clashes.length, 'possible clash', 'possible clashes')} of ${what}: ${listed(
            clashes.map(({ text }) => text),
            3,
          )}.`,
    certainty: 'inferred',
    evidence,
  };
}
