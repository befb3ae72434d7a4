/**
 * Who holds an address, strongest claim first: pod interface or ENI slot, node, ENI of a service, prefix, address pool,
 * then subnet or range.
 */
import { parseIpRange, rangeContains } from '../../cni/ipam/range';
import { isHiddenIn } from '../../model/hidden-address';
import { cidrContains, cidrOverlaps, familyOf, isWithin, parseCidr, type Cidr } from '../../model/ip';
import { nameOf, podId } from '../../model/ids';
import { keptByAws } from '../../model/kept-by-aws';
import type { AddressState, EniAddress, EniRecord, NodeRecord, SubnetRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import { othersWhere } from '../other-enis';
import { recordsOf } from '../view-source';
import { hit, MAX_HITS, type Found, type Hit } from './answer';
import {
  eniSteps,
  freeWords,
  interfaceSteps,
  nodeRecordSteps,
  nodeSteps,
  otherEniSteps,
  words,
  type PathStep,
} from './owner-path';

const STATE_WORDS: Readonly<Record<AddressState, string>> = {
  primary: 'primary address of',
  assigned: 'assigned to an unknown pod on',
  warm: 'warm slot on',
  cooling: 'cooling slot on',
  unclaimed: 'unclaimed address on',
  excluded: 'excluded address on',
  unknown: 'address of unknown state on',
};

/** The list has the names for the ENI, not for each address. */
function namedBy(names: readonly string[]): string {
  const [only, ...others] = names;
  if (only === undefined || others.length > 2) return '';
  return ` (${others.length === 0 ? only : `one of ${names.join(', ')}`})`;
}

/** The state of an address without a known pod; ipamd's own list may add details. */
function stateWords({ ipamd }: EniRecord, { ip, state }: EniAddress): string {
  if (state === 'assigned' && ipamd?.unheld.includes(ip) === true)
    return `held by ipamd for a pod that is gone${namedBy(ipamd.unheldBy)}, on`;
  if (state === 'unclaimed' && ipamd !== null) return 'not known to ipamd, so for no pod, on';
  return STATE_WORDS[state];
}

/** What ipamd says of an address that a pod holds, where it does not have it for that pod. */
function againstHolder(eni: EniRecord | undefined, ip: string): PathStep[] {
  const ipamd = eni?.ipamd;
  if (ipamd?.taken.includes(ip) !== true) return [];
  const names = ipamd.unheld.length === 0 ? ipamd.unheldBy : [];
  return [words(names.length === 0 ? 'ipamd does not have it for this pod' : `ipamd has it for ${names.join(', ')}`)];
}

/** Prepends the words to the first step: `10.0.0.4 · warm slot on eni-… · …`. */
const onto = (ip: string, said: string, steps: readonly PathStep[]): PathStep[] => {
  const [first, ...rest] = steps;
  return [words(ip), ...(first === undefined ? [] : [{ id: first.id, text: `${said} ${first.text}` }]), ...rest];
};

const prefixLengths = (family: 4 | 6): readonly number[] => (family === 4 ? [28] : [80]);

/** The prefixes that could contain an address, as text: EC2 delegates only /28 and /80. */
function blockTexts(ip: string): ReadonlySet<string> {
  return new Set(prefixLengths(familyOf(ip)).map((length) => parseCidr(`${ip}/${length}`)?.text ?? ''));
}

const prefixOf = (eni: EniRecord | undefined, ip: string): string | null => {
  const blocks = eni === undefined || eni.prefixes.length === 0 ? null : blockTexts(ip);
  return eni?.prefixes.find(({ cidr }) => blocks?.has(cidr))?.cidr ?? null;
};

function heldByRecords(replica: Replica, ip: string): Hit[] {
  const { records, indexes } = replica;
  const hits: Hit[] = [];
  const named = new Set<string>();
  for (const id of indexes.ownersByIp.get(ip) ?? []) {
    const holder = records.interfaces.get(id);
    if (holder === undefined) continue;
    const eni = holder.addresses.find((address) => address.ip === ip)?.eni ?? null;
    if (eni !== null) named.add(eni);
    if (holder.eni !== null) named.add(holder.eni);
    const prefix = prefixOf(records.enis.get(eni ?? ''), ip);
    const inside = prefix === null ? [] : [words(`inside prefix ${prefix}`)];
    const against = againstHolder(records.enis.get(eni ?? ''), ip);
    hits.push(hit('interface', id, [words(ip), ...inside, ...interfaceSteps(replica, holder, eni), ...against]));
  }
  for (const id of indexes.ownersByIp.get(ip) ?? []) {
    const eni = records.enis.get(id);
    const address = eni?.addresses.find((entry) => entry.ip === ip);
    // The interface's line already names the ENI that backs it; another ENI that claims the address gets its own line.
    if (eni === undefined || address === undefined || named.has(eni.id)) continue;
    const said = address.interface === null ? stateWords(eni, address) : `assigned to ${nameOf(address.interface)} on`;
    const made =
      eni.branchPod === null ? [] : [words(`made for pod ${nameOf(eni.branchPod)}, which has another address`)];
    hits.push(hit(address.state, eni.id, [...onto(ip, said, eniSteps(eni)), ...made]));
  }
  return hits;
}

/** Addresses that ipamd has and EC2 does not list: ipamd may assign them to a pod, or already has. */
function onlyInIpamd(replica: Replica, ip: string): Hit[] {
  const block = [...blockTexts(ip)];
  return [...replica.records.enis.values()].flatMap((eni) =>
    eni.ipamd?.extra.some((text) => text === ip || block.includes(text)) === true &&
    !eni.addresses.some((address) => address.ip === ip)
      ? [hit('only-in-ipamd', eni.id, onto(ip, 'only in ipamd’s own list, as an address of', eniSteps(eni)))]
      : [],
  );
}

/** An ENI that ipamd alone lists, up to its node. */
export const ipamdEniSteps = (node: NodeRecord, { id, card }: NodeRecord['ipamdEnis'][number]): PathStep[] => [
  words(id),
  words('known from ipamd’s own list alone'),
  words(`card ${card}`),
  ...nodeSteps(node.id),
];

/** Whether some addresses in the prefix are not shown. An address that is not listed may then be one of them. */
const hasHidden = (addresses: readonly { readonly ip: string }[], prefix: string | undefined): boolean =>
  prefix !== undefined && addresses.some(({ ip }) => isHiddenIn(prefix, ip));

/** Addresses of ENIs of which EC2's answer says nothing, as where it was not read. */
function onEnisOfIpamd(replica: Replica, ip: string): Hit[] {
  return [...replica.records.nodes.values()].flatMap((node) =>
    node.ipamdEnis.flatMap((eni) => {
      const assigned = eni.assigned.find((one) => one.ip === ip);
      const around = eni.ranges.find((range) => isWithin(range, ip));
      if (assigned === undefined && around === undefined) return [];
      const said =
        assigned === undefined
          ? hasHidden(eni.assigned, around)
            ? 'not shown whether free, on'
            : 'free on'
          : assigned.held === false
            ? `held by ipamd for a pod that is gone${assigned.pod === null ? '' : ` (${assigned.pod})`}, on`
            : `assigned to ${assigned.pod === null ? 'an unnamed pod' : `pod ${assigned.pod}`}${isPod(replica, assigned.pod) ? '' : ', which is not known,'} on`;
      return [hit('only-in-ipamd', node.id, onto(ip, said, ipamdEniSteps(node, eni)))];
    }),
  );
}

/** Whether a pod of this `NAMESPACE/NAME` is known. */
function isPod({ records }: Replica, name: string | null): boolean {
  const [namespace = '', pod = ''] = (name ?? '').split('/');
  return name === null || records.pods.has(podId(namespace, pod));
}

function insidePrefix(replica: Replica, ip: string): Hit[] {
  const blocks = blockTexts(ip);
  const hits: Hit[] = [];
  for (const eni of replica.records.enis.values())
    for (const prefix of eni.prefixes)
      if (blocks.has(prefix.cidr))
        hits.push(
          hasHidden(eni.addresses, prefix.cidr)
            ? hit('prefix', eni.id, onto(ip, `inside prefix ${prefix.cidr}, not shown whether free, of`, eniSteps(eni)))
            : hit('free-in-prefix', eni.id, onto(ip, `free inside prefix ${prefix.cidr} of`, eniSteps(eni))),
        );
  return hits;
}

function allocatedInPool(replica: Replica, ip: string): Hit[] {
  const hits: Hit[] = [];
  for (const pool of replica.records.ipPools.values()) {
    const range = parseCidr(pool.range);
    if (range !== null && !cidrContains(range, ip)) continue;
    const allocation = pool.allocations.find((entry) => entry.ip === ip);
    if (allocation === undefined) continue;
    const holder = allocation.pod === null ? 'an unnamed pod' : `pod ${nameOf(allocation.pod)}`;
    hits.push(
      hit('pool-allocation', pool.id, [
        words(ip),
        { id: pool.id, text: `allocated in address pool ${nameOf(pool.id)}` },
        {
          id: allocation.pod,
          text: allocation.live === false ? `to ${holder}, which no longer exists` : `to ${holder}`,
        },
        ...(allocation.interface === null ? [] : [words(allocation.interface)]),
      ]),
    );
  }
  return hits;
}

const heldByNode = (replica: Replica, ip: string): Hit[] =>
  [...replica.records.nodes.values()]
    .filter((node) => node.internalIps.includes(ip))
    .map((node) => hit('node', node.id, [words(ip), words('internal address of'), ...nodeRecordSteps(node)]));

/** Nodes that report the address as theirs, although it is on none of their ENIs. */
function otherNodes(replica: Replica, ip: string, held: readonly Hit[]): Hit[] {
  const { enis, interfaces } = replica.records;
  const own = new Set(held.flatMap(({ id }) => enis.get(id)?.node ?? interfaces.get(id)?.node ?? []));
  return own.size === 0 ? [] : heldByNode(replica, ip).filter(({ id }) => !own.has(id));
}

/** On an ENI of a service in the VPC, which has no record. */
const heldByOthers = (replica: Replica, ip: string): Hit[] =>
  othersWhere(replica.records.subnets, ({ ips }) => ips.includes(ip)).map((placed) =>
    hit('other-eni', placed.subnet.id, onto(ip, 'address of', otherEniSteps(placed))),
  );

/** The ENI address to which EC2 maps a public address. */
const publicOf = (replica: Replica, ip: string): Hit[] => [
  ...[...replica.records.enis.values()].flatMap((eni) =>
    eni.publicIps.includes(ip) ? [hit('public', eni.id, onto(ip, 'public address of', eniSteps(eni)))] : [],
  ),
  ...othersWhere(replica.records.subnets, ({ publicIps }) => publicIps.includes(ip)).map((placed) =>
    hit('public', placed.subnet.id, onto(ip, 'public address of', otherEniSteps(placed))),
  ),
];

const subnetRange = (subnet: SubnetRecord, family: 4 | 6): Cidr | null =>
  parseCidr((family === 4 ? subnet.cidr : subnet.ipv6Cidr) ?? '');

function inSubnet(replica: Replica, ip: string): Hit[] {
  const hits: Hit[] = [];
  for (const subnet of replica.records.subnets.values()) {
    const range = subnetRange(subnet, familyOf(ip));
    if (range === null || !cidrContains(range, ip)) continue;
    const { family } = range;
    const where: PathStep = {
      id: subnet.id,
      text: `in ${subnet.id} (${range.text}${subnet.zone === null ? '' : `, ${subnet.zone}`})`,
    };
    const kept = keptByAws(range, ip);
    const reserved = subnet.reservations.find(({ cidr }) => isWithin(cidr, ip));
    const reservation =
      kept !== null
        ? `reserved by AWS${family === 4 ? ` for ${kept}` : ''}`
        : reserved && `inside the reservation ${reserved.cidr} (${reserved.type}), no known holder`;
    const kind = reservation === undefined ? 'subnet' : 'reserved';
    hits.push(hit(kind, subnet.id, [words(ip), where, words(reservation ?? 'no known holder')]));
  }
  return hits;
}

/** The pod for which whereabouts reserves the address without an allocation; null without one. */
function reservedFor({ records, indexes }: Replica, network: string, ip: string): string | null {
  const orphan = recordsOf(indexes.ipPoolsByNetwork, network, records.ipPools)
    .flatMap(({ orphans }) => orphans)
    .find((one) => one.ip === ip);
  if (orphan === undefined) return null;
  const whose = orphan.pod === null ? '' : ` for ${nameOf(orphan.pod)}`;
  return `reserved by whereabouts${whose}, without an allocation`;
}

function inNetworkRange(replica: Replica, ip: string): Hit[] {
  const hits: Hit[] = [];
  for (const network of replica.records.networks.values())
    for (const text of network.ipam?.ranges ?? []) {
      const range = parseIpRange(text);
      if (range === null || !rangeContains(range, ip)) continue;
      hits.push(
        hit('range', network.id, [
          words(ip),
          { id: network.id, text: `in the range ${text} of network ${nameOf(network.id)}` },
          words(reservedFor(replica, network.id, ip) ?? 'no known holder'),
        ]),
      );
    }
  return hits;
}

/** Hits for a canonical address, of the strongest kind of claim only. */
export function lookupAddress(replica: Replica, ip: string): Hit[] {
  const held = heldByRecords(replica, ip);
  // A node's own address on a pod's interface contradicts it. Where EC2 is read, the ENI's line names the node.
  if (held.length > 0)
    return [
      ...held,
      ...(held.every(({ kind }) => kind === 'interface') ? heldByNode(replica, ip) : otherNodes(replica, ip, held)),
    ];
  for (const claim of [heldByNode, heldByOthers, publicOf, onlyInIpamd, onEnisOfIpamd, insidePrefix, allocatedInPool]) {
    const hits = claim(replica, ip);
    if (hits.length > 0) return hits;
  }
  return [...inSubnet(replica, ip), ...inNetworkRange(replica, ip)];
}

const overlap = (a: Cidr, b: Cidr): boolean => a.family === b.family && a.first <= b.last && b.first <= a.last;

/** How a range that was found relates to the queried one: of two overlapping CIDR ranges, one contains the other. */
function rangeWords(text: string, asked: Cidr): string {
  const range = parseCidr(text);
  return range !== null && range.prefixLength < asked.prefixLength ? `${text} (contains ${asked.text})` : text;
}

const prefixHit = (asked: Cidr, eni: EniRecord, cidr: string, size: number | null, assigned: number | null): Hit => {
  const fill =
    assigned === null ? 'fill not known' : size === null ? `${assigned} assigned` : `${assigned} of ${size} assigned`;
  return hit('prefix', eni.id, [words(rangeWords(cidr, asked)), words(fill), ...eniSteps(eni)]);
};

/** Hits for a range: the subnets in it, then the ENI prefixes, subnets and address pools that overlap it. */
export function lookupRange(replica: Replica, asked: Cidr): Found {
  const hits: Hit[] = [];
  const around: Hit[] = [];
  for (const subnet of replica.records.subnets.values()) {
    const range = subnetRange(subnet, asked.family);
    if (range === null || !overlap(range, asked)) continue;
    const path = [words(rangeWords(range.text, asked)), { id: subnet.id, text: subnet.id }, freeWords(subnet)];
    (range.prefixLength < asked.prefixLength ? around : hits).push(hit('subnet', subnet.id, path));
  }
  let untold = 0;
  for (const eni of replica.records.enis.values())
    for (const { cidr, size, assigned } of eni.prefixes) {
      if (!cidrOverlaps(asked, cidr)) continue;
      // A cluster in prefix mode has many thousands of prefixes.
      if (hits.length < MAX_HITS) hits.push(prefixHit(asked, eni, cidr, size, assigned));
      else untold++;
    }
  hits.push(...around);
  for (const pool of replica.records.ipPools.values()) {
    const range = parseCidr(pool.range);
    if (range !== null && overlap(range, asked))
      hits.push(
        hit('record', pool.id, [
          words(rangeWords(range.text, asked)),
          { id: pool.id, text: `address pool ${nameOf(pool.id)}` },
          words(`${pool.used} used`),
        ]),
      );
  }
  const pooled = new Set([...replica.records.ipPools.values()].flatMap(({ networks }) => networks));
  for (const network of replica.records.networks.values())
    for (const text of pooled.has(network.id) ? [] : (network.ipam?.ranges ?? [])) {
      const range = parseIpRange(text);
      if (range === null || range.family !== asked.family || range.first > asked.last || asked.first > range.last)
        continue;
      hits.push(
        hit('range', network.id, [
          words(rangeWords(text, asked)),
          { id: network.id, text: `range of network ${nameOf(network.id)}` },
        ]),
      );
    }
  return { hits, total: hits.length + untold };
}
