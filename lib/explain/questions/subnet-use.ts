/**
 * What uses up this subnet's addresses: primary addresses of ENIs, pods, warm addresses, others; how many addresses and /28
 * blocks are free?
 */
import { PREFIX_SIZE } from '../../model/prefix-size';
import { thousands } from '../../model/counted';
import type { EniRecord, SubnetRecord } from '../../model/records';
import { cidrContains, familyOf, parseCidr } from '../../model/ip';
import type { Replica } from '../../records/replica';
import { recordsOf } from '../../view/view-source';
import { serviceOf } from '../../topology/facts/services';
import { subnetUse } from '../../view/subnet-use';
import { fact, factOf, observed, unknown, type Evidence, type Reply } from '../shared/answer';
import { counted, enumerated, nameOf } from '../shared/words';

interface Held {
  /** Primary addresses of ENIs. */
  primary: number;
  /** Held by pods. */
  pods: number;
  /** Available for the next pod, including free addresses of prefixes. */
  warm: number;
  cooling: number;
  /** On ENIs from which no IPAM assigns addresses, or that ipamd does not use. */
  idle: number;
  /** On ENIs of instances that are not nodes of this cluster: they belong to another cluster, or have not joined. */
  elsewhere: number;
  /** With an unknown state. */
  unclear: number;
}

const NONE: Readonly<Held> = { primary: 0, pods: 0, warm: 0, cooling: 0, idle: 0, elsewhere: 0, unclear: 0 };

const PART: Readonly<Record<EniRecord['addresses'][number]['state'], keyof Held>> = {
  primary: 'primary',
  assigned: 'pods',
  warm: 'warm',
  cooling: 'cooling',
  unclaimed: 'idle',
  excluded: 'idle',
  unknown: 'unclear',
};

/** Whether the ENI is attached to an instance that has no Node here. */
const isElsewhere = ({ node, instanceId }: EniRecord): boolean => node === null && instanceId !== null;

/** The IPv4 addresses that the ENI takes from its subnet, by their use. */
function heldBy(eni: EniRecord): Held {
  const held = { ...NONE };
  const blocks = eni.prefixes.flatMap(({ cidr }) => parseCidr(cidr) ?? []);
  for (const { ip, state } of eni.addresses) {
    // Addresses inside a prefix are counted with it.
    if (familyOf(ip) === 6 || blocks.some((block) => cidrContains(block, ip))) continue;
    held[isElsewhere(eni) ? 'elsewhere' : PART[state]] += 1;
  }
  for (const { cidr, size, assigned } of eni.prefixes) {
    const block = parseCidr(cidr);
    if (size === null || block === null) continue;
    const cooling = eni.addresses.filter(({ ip, state }) => state === 'cooling' && cidrContains(block, ip)).length;
    if (isElsewhere(eni)) held.elsewhere += size;
    else if (assigned === null) held.unclear += size;
    else {
      held.pods += assigned;
      held.cooling += cooling;
      held[eni.management.state === 'managed' ? 'warm' : 'idle'] += Math.max(0, size - assigned - cooling);
    }
  }
  return held;
}

const plus = (a: Held, b: Held): Held => ({
  primary: a.primary + b.primary,
  pods: a.pods + b.pods,
  warm: a.warm + b.warm,
  cooling: a.cooling + b.cooling,
  idle: a.idle + b.idle,
  elsewhere: a.elsewhere + b.elsewhere,
  unclear: a.unclear + b.unclear,
});

const WORDS: Readonly<Record<keyof Held | 'others' | 'reserved', string>> = {
  pods: 'held by pods',
  warm: 'warm on ENIs',
  cooling: 'cooling',
  primary: 'primary addresses of ENIs',
  idle: 'on ENIs from which ipamd gives none out',
  elsewhere: 'on ENIs of instances that are not nodes of this cluster',
  unclear: 'of a state that is not known',
  others: 'held by others (no ENI of this cluster’s nodes)',
  reserved: 'in CIDR reservations and not in use',
};

const REMEDY: Readonly<Record<keyof Held | 'others' | 'reserved', string>> = {
  pods: 'It is full of addresses in use: take pod addresses from a further subnet.',
  warm: 'Lower the warm targets of its nodes: warm addresses then return to the subnet.',
  cooling: 'Cooling addresses are free again within a minute.',
  primary: 'Its nodes have more ENIs than their pods need: lower WARM_ENI_TARGET, or use fewer, larger nodes.',
  idle: 'Free the addresses on ENIs from which ipamd assigns none, if nobody needs them.',
  elsewhere:
    'Find out what these instances are: nodes of another cluster, or instances that have not joined this one (aws ec2 describe-instances).',
  unclear: 'Let ifscope read Pods and EC2, so that it can say what they are.',
  others: 'Find out what else uses the subnet; ifscope reads only ENIs of this cluster.',
  reserved:
    'EC2 assigns reserved addresses only as prefixes, or if they are named, as the type of the reservation says. Leave enough of the subnet unreserved for the primary addresses of ENIs.',
};

const AT_LEAST =
  'Lower targets free nothing: its nodes keep as little as their mode allows (one address, or one /28 block). Use fewer, larger nodes, or a further subnet.';

const NO_PREFIX =
  'Its nodes are in prefix mode, and a prefix needs 16 aligned free addresses: take pod addresses from a larger subnet.';

/** Whether WARM_IP_TARGET=1 would make a node of these ENIs release addresses. */
function canBeLowered({ records }: Replica, enis: readonly EniRecord[]): boolean {
  const nodes = new Set(enis.flatMap(({ node }) => records.nodes.get(node ?? '') ?? []));
  return [...nodes].some(({ pools, cni }) =>
    pools.some(({ card, total, assigned }) => {
      if (total === null || assigned === null) return true;
      const unit = cni?.mode === 'prefix' && card === 0 ? PREFIX_SIZE : 1;
      return total > Math.ceil((assigned + 1) / unit) * unit;
    }),
  );
}

/** Warm addresses by node, largest number first. */
function warmest(enis: readonly EniRecord[]): readonly Evidence[] {
  const byNode = new Map<string, number>();
  for (const eni of enis) if (eni.node !== null) byNode.set(eni.node, (byNode.get(eni.node) ?? 0) + heldBy(eni).warm);
  return [...byNode]
    .filter(([, warm]) => warm > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 5)
    .map(([node, warm]) =>
      fact(node, `node ${nameOf(node)} holds ${counted(warm, 'warm address', 'warm addresses')} of it`),
    );
}

/** Instances without a Node by the number of addresses that they hold, largest first. */
function machines(enis: readonly EniRecord[]): readonly Evidence[] {
  const byInstance = new Map<string, { eni: string; count: number }>();
  for (const eni of enis) {
    if (eni.instanceId === null || !isElsewhere(eni)) continue;
    const before = byInstance.get(eni.instanceId) ?? { eni: eni.id, count: 0 };
    byInstance.set(eni.instanceId, { ...before, count: before.count + heldBy(eni).elsewhere });
  }
  return [...byInstance]
    .sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1))
    .slice(0, 5)
    .map(([instance, { eni, count }]) =>
      fact(
        eni,
        `instance ${instance}, which is not a node of this cluster, holds ${counted(count, 'address', 'addresses')} of the subnet`,
      ),
    );
}

/** Addresses of ENIs outside the cluster by owner, largest number first. */
function othersByService({ id, others }: SubnetRecord): readonly Evidence[] {
  const byService = new Map<string, number>();
  for (const other of others) {
    const count = other.ips.filter((ip) => familyOf(ip) === 4).length;
    const whose = serviceOf(other) ?? 'ENIs outside this cluster';
    byService.set(whose, (byService.get(whose) ?? 0) + count);
  }
  return [...byService]
    .filter(([, count]) => count > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 5)
    .map(([whose, count]) => fact(id, `others: ${counted(count, 'address', 'addresses')} of ${whose}`));
}

/** Whether its nodes need a /28, and none is free. */
const lacksPrefix = ({ freePrefixes }: SubnetRecord, enis: readonly EniRecord[], replica: Replica): boolean =>
  freePrefixes === 0 &&
  enis.some(
    ({ node, prefixes }) => prefixes.length > 0 || replica.records.nodes.get(node ?? '')?.cni?.mode === 'prefix',
  );

/** A subnet with less than this share free is scarce, as is one with less than one /28. */
const SCARCE = 0.1;

/** What holds the addresses of a subnet, and what could free some. */
export function subnetUseReply(replica: Replica, id: string): Reply {
  const { records, indexes } = replica;
  const subnet = records.subnets.get(id);
  if (subnet === undefined) return unknown(`${id} is not known.`);
  const enis = recordsOf(indexes.enisBySubnet, id, records.enis).sort((a, b) => (a.id < b.id ? -1 : 1));
  const held = enis.map(heldBy).reduce(plus, NONE);
  const { size, free } = subnetUse(subnet);
  const ours = (Object.values(held) as number[]).reduce((sum, count) => sum + count, 0);
  const rest = size === null || free === null ? null : Math.max(0, size - free - ours);
  const reserved = Math.min(rest ?? 0, subnet.reservedAddresses);
  const others = rest === null ? null : rest - reserved;
  const parts: readonly (readonly [keyof typeof WORDS, number])[] = [
    ...(Object.entries(held) as [keyof Held, number][]),
    ['reserved', reserved],
    ...(others === null ? [] : ([['others', others]] as const)),
  ];
  const shown = parts.filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  const findings = recordsOf(indexes.findingsBySubject, id, records.findings).filter(
    ({ subjects }) => subjects[0] === id,
  );
  const evidence = [
    ...shown.map(([part, count]) =>
      fact(id, `${thousands(count)} ${part === 'primary' && count === 1 ? 'primary address of an ENI' : WORDS[part]}`),
    ),
    fact(
      id,
      `EC2: AvailableIpAddressCount ${free ?? 'not known'}; free aligned /28 blocks, as far as ifscope sees: ${subnet.freePrefixes ?? 'not known'}`,
    ),
    ...othersByService(subnet),
    ...subnet.reservations.map(({ cidr, type }) => fact(id, `EC2: reservation ${cidr} (${type})`)),
    ...warmest(enis),
    ...machines(enis),
    ...findings.map(factOf),
  ];
  const name = `${id} (${subnet.cidr ?? subnet.ipv6Cidr ?? 'range not known'}${subnet.zone === null ? '' : `, ${subnet.zone}`})`;
  if (size === null || free === null) return unknown(`How many addresses of ${name} are free is not known.`, evidence);
  const blocks =
    subnet.freePrefixes === null
      ? 'free /28 blocks not known'
      : `${thousands(subnet.freePrefixes)} free /28 ${subnet.freePrefixes === 1 ? 'block' : 'blocks'}`;
  const use = `${name}: ${thousands(free)} of ${thousands(size)} addresses free, ${blocks}`;
  const isWithoutPrefix = lacksPrefix(subnet, enis, replica);
  if (isWithoutPrefix && free >= PREFIX_SIZE)
    return {
      sentence: `${use}; the problem is fragmentation: addresses are free, but no aligned /28 for nodes in prefix mode.`,
      certainty: 'inferred',
      evidence,
      advice:
        'Reserve a range for prefixes (a CIDR reservation of type prefix), or give prefix-mode nodes a subnet of their own.',
    };
  if (free >= PREFIX_SIZE && free / Math.max(1, size) >= SCARCE && findings.length === 0)
    return observed(`${use}; there is no problem.`, evidence);
  const [largest] = shown;
  if (largest === undefined) return unknown(`${use}; what holds the rest is not known.`, evidence);
  const further = shown.slice(1).map(([part, count]) => `${thousands(count)} ${WORDS[part]}`);
  return {
    sentence: `${use}; most of the rest, ${thousands(largest[1])}, is ${WORDS[largest[0]]}${further.length === 0 ? '' : `, then ${enumerated(further, 3)}`}.`,
    certainty: 'inferred',
    evidence,
    advice:
      largest[0] === 'warm' && !canBeLowered(replica, enis)
        ? AT_LEAST
        : largest[0] === 'primary' && isWithoutPrefix
          ? NO_PREFIX
          : REMEDY[largest[0]],
  };
}
