/** Does a network's range overlap with a subnet of the VPC, another network, a node's address, the Service CIDR or a pod CIDR? */
import type { NetworkRecord } from '../../model/records';
import { byNaturalName } from '../../model/order';
import type { SourceId } from '../../model/source-id';
import { NADS, SERVICE_CIDRS, SUBNETS } from '../../model/source-ids';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { fact, factOf, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import {
  clashesOf,
  isInSubnet,
  rangesOf,
  subnetsInServices,
  serviceCidrsOf,
  subnetNear,
  type Range,
} from '../shared/clash';
import { counted, enumerated, nameOf } from '../shared/words';

/** Findings about addresses of the network; a conflict of two pods has one finding for each, with the same content. */
function knownTroubles({ records, indexes }: Replica, network: NetworkRecord): readonly Evidence[] {
  const found = recordsOf(indexes.findingsBySubject, network.id, records.findings)
    .filter(({ rule }) => rule === 'duplicate-address' || rule === 'network-subnet-mismatch')
    .map(factOf);
  return [...new Map(found.map((range) => [range.text, range])).values()];
}

/** What the ranges were compared with, and what of it is not known; each as a part of a sentence and as a fact. */
interface Compared {
  readonly known: readonly string[];
  readonly open: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Why a source has no data. */
function silence({ records }: Replica, id: SourceId): string {
  const source = records.sources.get(id);
  const reason = source?.reason?.replace(/\.$/, '') ?? null;
  return `${id} is ${source === undefined ? 'not read' : source.state}${reason === null ? '' : ` (${reason})`}`;
}

function compared(replica: Replica): Compared {
  const { subnets, nodes } = replica.records;
  const known = ['another network', 'a node’s address'];
  const open: string[] = [];
  const evidence: Evidence[] = [];
  if (subnets.size > 0) {
    known.unshift('a known subnet');
    const vpcs = new Set([...subnets.values()].flatMap(({ vpc }) => vpc ?? []));
    const whose = vpcs.size === 0 ? '' : ` of ${enumerated([...vpcs].sort())}`;
    const blocks = replica.cluster.vpcCidrs;
    if (blocks !== null) known.unshift('a block of the VPC');
    evidence.push(
      fact(
        null,
        `compared with ${counted(subnets.size, 'subnet')}${whose}; ${blocks === null ? 'the VPC’s own CIDR blocks are not read' : `and with the VPC’s blocks ${blocks.join(', ')}`}`,
      ),
    );
  } else {
    open.push('the VPC’s subnets');
    evidence.push(fact(null, `not compared with the VPC: ${silence(replica, SUBNETS)}`));
  }
  const services = serviceCidrsOf(replica);
  if (services !== null && services.length > 0) {
    known.push('the Service CIDR');
    evidence.push(
      fact(
        null,
        `compared with the Service CIDR ${services.join(', ')} (ServiceCIDR objects, or aws eks describe-cluster)`,
      ),
    );
  } else {
    open.push('the Service CIDR');
    evidence.push(
      fact(
        null,
        `not compared with the Service CIDR: ${silence(replica, SERVICE_CIDRS)}; kubectl get servicecidrs shows it from Kubernetes 1.33 on, before that aws eks describe-cluster`,
      ),
    );
  }
  const withCidr = [...nodes.values()].filter(({ podCidrs }) => podCidrs.length > 0);
  if (withCidr.length > 0) known.push('a pod CIDR');
  evidence.push(
    fact(
      null,
      withCidr.length > 0
        ? `compared with the pod CIDRs of ${counted(withCidr.length, 'node')}`
        : 'no node has a pod CIDR (spec.podCIDRs); ranges that another CNI keeps elsewhere are not read',
    ),
  );
  return { known, open, evidence };
}

/** The range is in no known subnet, but close enough to one that it may be in the VPC. */
function nearTheVpc(replica: Replica, range: Range): readonly Evidence[] {
  const near = isInSubnet(replica, range) ? null : subnetNear(replica, range);
  return near === null
    ? []
    : [
        fact(
          near.id,
          `${range.text} of ${nameOf(range.network.id)} is in no known subnet; if the VPC’s CIDR block around ${near.id} (${near.cidr ?? ''}) reaches that far, a later subnet may take it`,
        ),
      ];
}

/** There is nothing to compare. `only`: the network in the question. */
function withoutRanges(replica: Replica, only: NetworkRecord | null, isAll: boolean): Reply {
  if (!isAll)
    return unknown(
      `${only === null ? 'It' : nameOf(only.id)} names no range of addresses (IPAM ${only?.ipam?.type ?? (only?.plugins.length === 0 ? 'not known' : 'none')}), so what it clashes with is not known.`,
    );
  const { networks, sources } = replica.records;
  const evidence = withoutRange([...networks.values()]);
  const state = sources.get(NADS)?.state;
  if (state !== undefined && state !== 'live')
    return unknown('NetworkAttachmentDefinitions are not known, so neither is whether their ranges clash.', [
      ...evidence,
      fact(null, silence(replica, NADS)),
    ]);
  return observed('No network names a range of addresses, so none can clash.', evidence);
}

/** Networks with addresses but without a known range. */
function withoutRange(networks: readonly NetworkRecord[]): readonly Evidence[] {
  const some = networks.filter((network) => network.ipam !== null && rangesOf(network).length === 0);
  return some.length === 0
    ? []
    : [
        fact(
          null,
          `not compared, because they name no range: ${enumerated(
            some.map(({ id, ipam }) => `${nameOf(id)} (IPAM ${ipam?.type ?? 'without a type'})`),
          )}`,
        ),
      ];
}

const orList = (names: readonly string[]): string => enumerated(names, names.length).replace(/ and ([^,]*)$/, ' or $1');

/** What the range of a network overlaps with; `id` null: all networks. */
export function clashesReply(replica: Replica, id: string | null): Reply {
  const all = [...replica.records.networks.values()]
    .filter(({ missing }) => !missing)
    .sort((a, b) => byNaturalName(a.id, b.id));
  const networks = id === null ? all : all.filter((network) => network.id === id);
  const [only] = networks;
  if (id !== null && only === undefined)
    return unknown(`${nameOf(id)} does not exist, so it has no range that could clash.`);
  const ranged = networks.filter((network) => rangesOf(network).length > 0);
  const found = new Map(ranged.flatMap((network) => clashesOf(replica, network)).map((one) => [one.text, one]));
  const ofSubnets = id === null ? subnetsInServices(replica) : [];
  const clashes = [...found.values(), ...ofSubnets];
  const { known, open, evidence } = compared(replica);
  const near = ranged.flatMap(rangesOf).flatMap((range) => nearTheVpc(replica, range));
  const facts = [
    ...clashes.map((one) => one.evidence),
    ...ranged.flatMap((network) => knownTroubles(replica, network)),
    ...near,
    ...withoutRange(networks),
    ...evidence,
  ];
  if (ranged.length === 0) {
    const reply = withoutRanges(replica, only ?? null, id === null);
    if (ofSubnets.length === 0) return reply;
    return observed(`${enumerated(ofSubnets.map(({ text }) => text))}. ${reply.sentence}`, [
      ...ofSubnets.map((one) => one.evidence),
      ...reply.evidence,
    ]);
  }
  const what =
    id === null
      ? `the ${counted(ranged.length, 'network')} with ranges`
      : `${nameOf(id)} (${ranged
          .flatMap(rangesOf)
          .map(({ text }) => text)
          .join(', ')})`;
  const rest = open.length === 0 ? '' : ` Not known: whether it clashes with ${orList(open)}.`;
  const [vpc] = [...replica.records.subnets.values()].flatMap((subnet) => subnet.vpc ?? []);
  return {
    sentence:
      clashes.length === 0
        ? `No clash of ${what} with ${orList(known)}.${rest}`
        : `${counted(clashes.length, 'possible clash', 'possible clashes')} of ${what}: ${enumerated(
            clashes.map(({ text }) => text),
            3,
          )}.${rest}`,
    certainty: 'inferred',
    evidence: facts,
    command:
      near.length === 0 || vpc === undefined || !/^vpc-\w+$/.test(vpc)
        ? null
        : `aws ec2 describe-vpcs --vpc-ids ${vpc} --query 'Vpcs[].CidrBlockAssociationSet[].CidrBlock'`,
  };
}
