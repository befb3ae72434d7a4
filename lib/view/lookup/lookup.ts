/**
 * "Who owns this?": the owner path of an address, range, MAC, ENI, instance, node, pod, network, subnet, or any record
 * id. Pure; the page, `/api/lookup` and `ifscope lookup` give the same answer.
 *
 * A guess is never shown as a fact. An address is never shown as free without naming each source that is not live and
 * might know its holder.
 */
import type { SourceId } from '../../model/source-id';
import { ENIS, NODES, PODS, SUBNETS } from '../../model/source-ids';
import { CLUSTER_NETWORK, interfaceId, networkId, nodeId, podId } from '../../model/ids';
import { cidrContains, cidrOverlaps, parseCidr, type Cidr } from '../../model/ip';
import type { OtherEni, PodRecord } from '../../model/records';
import { sha1 } from '../../model/sha1';
import type { Replica } from '../../records/replica';
import { hostNicHit, lookupDevice, lookupPci } from './devices';
import { hit, MAX_HITS, type Found, type Group, type Hit, type LookupAnswer } from './answer';
import { ipamdEniSteps, lookupAddress, lookupRange } from './address-owners';
import { contradictionNote } from './contradictions';
import { alikeNote, eventsNaming, fromEventsAlone, withWorkloads, workloadEvents } from './events-naming';
import { firstOf } from './first-of';
import { sharedGroups, typedQuery, wordedGroups } from './groups';
import { eniSteps, interfaceSteps, otherEniSteps, words, type PathStep } from './owner-path';
import {
  addressNote,
  queriedIp,
  queriedMac,
  queriedMacPart,
  queriedName,
  queriedOctets,
  hasKeyWord,
  idInside,
  ipOfDnsName,
  malformed,
  octetsRange,
  vethDigits,
  vlanOfLink,
} from './query-text';
import { lookupOtherNames } from './other-names';
import { lookupRecord, podHits } from './record-hits';
import { othersWhere } from '../other-enis';
import { parseQuery } from '../query/parse';
import { recordsOf } from '../view-source';
import { textIndexOf } from './text-index';
import { unsureOf } from './unsure';
import { workloadNote } from './workloads-naming';

/** Shorter texts occur in too many names for a search. */
const MIN_PART = 3;

/** The owners of a MAC. Several pods may have the same one: ipvlan interfaces share their parent's. */
function lookupMac(replica: Replica, mac: string): Hit[] {
  const { records, indexes } = replica;
  const hits: Hit[] = [];
  const owners = new Set(indexes.ownersByMac.get(mac) ?? []);
  for (const id of [...owners]) {
    const eni = records.enis.get(id);
    if (eni === undefined) continue;
    hits.push(hit('eni', id, [words(mac), ...eniSteps(eni)]));
    // A driver may not report the MAC of an ENI that a pod uses as a whole device.
    for (const claimed of eni.claimedBy) owners.add(claimed);
    // The VPC CNI reports no MAC of the interface on a branch ENI, which is the pod's alone.
    if (eni.role === 'branch')
      for (const face of recordsOf(indexes.interfacesByEni, eni.id, records.interfaces)) owners.add(face.id);
  }
  for (const id of owners) {
    const found = records.interfaces.get(id);
    if (found !== undefined) hits.push(hit('interface', id, [words(mac), ...interfaceSteps(replica, found)]));
  }
  for (const nic of records.hostNics.values()) if (nic.mac === mac && nic.eni === null) hits.push(hostNicHit(nic, mac));
  return [...hits, ...otherHits(replica, (other) => other.mac === mac, mac)];
}

/** ENIs of services in the VPC. `asked`: the value that found them, unless it is their id. */
const otherHits = (replica: Replica, isWanted: (other: OtherEni) => boolean, asked: string | null = null): Hit[] =>
  othersWhere(replica.records.subnets, isWanted).map((placed) =>
    hit('other-eni', placed.subnet.id, [...(asked === null ? [] : [words(asked)]), ...otherEniSteps(placed)]),
  );

function lookupName(replica: Replica, query: string): Hit[] {
  const { records } = replica;
  const devices = lookupPci(replica, query);
  if (devices !== null) return devices;
  const exact = lookupRecord(replica, query);
  if (exact !== null) return exact.kind === 'pod' ? podHits(replica, query) : [exact];
  const hits: Hit[] = [];
  const add = (found: Hit | null): void => {
    if (found !== null) hits.push(found);
  };
  add(lookupRecord(replica, nodeId(query)));
  for (const node of records.nodes.values()) if (node.instanceId === query) add(lookupRecord(replica, node.id));
  const slash = query.indexOf('/');
  if (slash > 0) add(lookupRecord(replica, networkId(query.slice(0, slash), query.slice(slash + 1))));
  for (const network of records.networks.values())
    if (network.name === query && slash < 0) add(lookupRecord(replica, network.id));
  // `NAMESPACE/POD/INTERFACE`, as the page and findings name an interface.
  if (slash > 0 && query.includes('/', slash + 1)) add(lookupRecord(replica, `if:${query}`));
  if (/^i-[0-9a-f]/.test(query) && hits.length === 0)
    for (const eni of records.enis.values()) if (eni.instanceId === query) hits.push(hit('eni', eni.id, eniSteps(eni)));
  if (query.startsWith('eni-')) {
    hits.push(...otherHits(replica, ({ eni }) => eni === query));
    for (const node of records.nodes.values())
      for (const eni of node.ipamdEnis) if (eni.id === query) hits.push(hit('node', node.id, ipamdEniSteps(node, eni)));
  }
  if (slash > 0) return [...hits, ...podHits(replica, podId(query.slice(0, slash), query.slice(slash + 1)))];
  hits.push(...lookupDevice(replica, query));
  for (const id of textIndexOf(replica).podsNamed(query)) hits.push(...podHits(replica, id));
  for (const pod of records.pods.values()) if (pod.uid === query) hits.push(...podHits(replica, pod.id));
  return hits;
}

/**
 * Records whose names or ids contain the text, and ENIs of services whose descriptions contain it: `nat-0…`, `vpce-0…`,
 * a load balancer's name.
 */
function similar(replica: Replica, query: string): Found {
  // Ids are lower-case, except for percent-encoded parts.
  const needle = query.toLowerCase();
  const ids = [...textIndexOf(replica).idsWith(needle)];
  for (const { id, instanceId } of replica.records.nodes.values())
    if (instanceId?.includes(needle) === true && id.indexOf(needle, id.indexOf(':') + 1) < 0) ids.push(id);
  const others = otherHits(replica, ({ description }) => description.toLowerCase().includes(needle));
  const hits = firstOf(ids, MAX_HITS).flatMap((id) => lookupRecord(replica, id) ?? []);
  return { hits: [...hits, ...others], total: ids.length + others.length };
}

/** Records with an address that begins with these octets. */
function inOctets(replica: Replica, octets: string, range: Cidr): Found {
  const ips: string[] = [];
  for (const ip of replica.indexes.ownersByIp.keys()) if (ip.startsWith(octets)) ips.push(ip);
  const first = firstOf(ips, MAX_HITS).flatMap((ip) => lookupAddress(replica, ip));
  const ranges = lookupRange(replica, range);
  return { hits: [...ranges.hits, ...first].slice(0, MAX_HITS), total: ranges.total + ips.length };
}

/** Records with these octets in a MAC. */
function withMacPart(replica: Replica, hex: string): Found {
  const macs: string[] = [];
  for (const mac of replica.indexes.ownersByMac.keys()) {
    const at = mac.replaceAll(':', '').indexOf(hex);
    if (at >= 0 && at % 2 === 0) macs.push(mac);
  }
  return { hits: firstOf(macs, MAX_HITS).flatMap((mac) => lookupMac(replica, mac)), total: macs.length };
}

const NOTHING_FOUND: readonly (readonly [RegExp, string])[] = [
  [/^eni-/, 'ENI with that id is attached to this cluster’s nodes, has its tags or holds one of its addresses'],
  [/^i-[0-9a-f]{8}/, 'node of this cluster is that instance'],
  [/^subnet-/, 'subnet with that id is known'],
  [
    /^(?:eni|cali|vlan)[0-9a-f]{11}(?:@|$)/,
    'known pod has that link on its host (its digits are the SHA-1 of NAMESPACE.POD)',
  ],
  [/^vlan\.eth\.\d/, 'known branch ENI has that VLAN, by which its link on the host is named'],
];

/** The sources that a look-up relies on; those that are not live are named in the answer. */
const AUTHORITIES: readonly SourceId[] = [PODS, NODES, ENIS, SUBNETS];

/** The default service ranges of EKS (`kubernetesNetworkConfig.serviceIpv4Cidr`). */
const USUAL_SERVICE_CIDRS = ['172.20.0.0/16', '10.100.0.0/16'];

/**
 * A note about an address or range without a holder that is outside every subnet. The VPC may have CIDR blocks that no
 * subnet uses.
 */
function placeNote({ records, cluster }: Replica, text: string): string {
  const around = (ranges: readonly string[]): string | undefined =>
    ranges.find((one) => {
      const range = parseCidr(one);
      return range !== null && (text.includes('/') ? cidrOverlaps(range, text) : cidrContains(range, text));
    });
  const services = records.networks.get(CLUSTER_NETWORK)?.serviceCidrs ?? [];
  const service = around(services);
  if (service !== undefined)
    return `in the Service CIDR ${service}: the virtual address of a Service; no interface has it`;
  for (const { name, podCidrs } of records.nodes.values()) {
    const pods = around(podCidrs);
    if (pods !== undefined) return `in the pod CIDR ${pods} of node ${name}; no known holder`;
  }
  const block = around(cluster.vpcCidrs ?? []);
  if (block !== undefined) return `in the block ${block} of this VPC, in no known subnet; no known holder`;
  const usual = services.length === 0 ? around(USUAL_SERVICE_CIDRS) : undefined;
  if (usual !== undefined)
    return `possibly the virtual address of a Service: EKS uses ${USUAL_SERVICE_CIDRS.join(' or ')} by default; this cluster’s Service CIDR is not known`;
  const known = [...records.subnets.values()].some((subnet) => subnet.cidr !== null || subnet.ipv6Cidr !== null);
  if (cluster.vpcCidrs !== null) return `not in this VPC (${cluster.vpcCidrs.join(', ')}) and in no network’s range`;
  return known
    ? 'in no known subnet and in no network’s range; the VPC’s own blocks are not read'
    : 'no known holder; no subnet is known, so it cannot be placed';
}

/** How to query EC2 for an address in a subnet of the cluster that no known ENI holds, if other ENIs were not read. */
function ec2Hint(replica: Replica, ip: string, hits: readonly Hit[]): string | null {
  if (hits.length === 0 || hits.some(({ kind }) => kind !== 'subnet')) return null;
  for (const { others } of replica.records.subnets.values()) if (others.length > 0) return null;
  const filter = ip.includes(':') ? 'ipv6-addresses.ipv6-address' : 'addresses.private-ip-address';
  return `only ENIs of this cluster are known; to see whether another has it: aws ec2 describe-network-interfaces --filters Name=${filter},Values=${ip}`;
}

function noteOn(replica: Replica, asked: LookupAnswer['asked'], query: string, hits: readonly Hit[]): string | null {
  if (asked === 'address' && hits.length > 0) return contradictionNote(replica, hits) ?? ec2Hint(replica, query, hits);
  if (asked === 'mac' && hits.length > 0) return contradictionNote(replica, hits);
  if (hits.length > 0) return null;
  if (asked === 'address' || asked === 'range') {
    const special = addressNote(query);
    if (special !== null) return special;
    return placeNote(replica, query);
  }
  if (asked === 'mac') return 'no known ENI, pod interface or host NIC has this MAC';
  const octets = queriedOctets(query);
  if (octets !== null && octetsRange(octets) !== null) return `no known address begins with ${octets}`;
  const wrong = malformed(query);
  if (wrong !== null) return wrong;
  const name = queriedName(query);
  const events = eventsNaming(replica, name);
  if (events.length > 0) return fromEventsAlone(events);
  const workload = workloadNote(replica, name);
  if (workload !== null || workloadEvents(replica, name).length > 0) return workload;
  const said = NOTHING_FOUND.find(([pattern]) => pattern.test(query))?.[1];
  return `no ${said ?? 'pod, node, ENI, network or subnet has this name, in full or in part'}`;
}

const found = (hits: readonly Hit[]): Found => ({ hits, total: hits.length });

type Answered = Found & {
  readonly asked: LookupAnswer['asked'];
  readonly groups?: readonly Group[];
  readonly note?: string;
};

/** Groups with an address in a range, with an `ip:` query. */
function groupsInRange(replica: Replica, text: string): readonly Group[] {
  const typed = typedQuery(replica, `ip:${text}`);
  return typed === null || 'problem' in typed ? [] : typed.groups;
}

/** Hits by name or id; otherwise by an id inside the pasted text; otherwise by a host-side link. */
function namedHits(replica: Replica, text: string): Hit[] {
  // A namespace may be called like a kind.
  const bare = queriedName(text);
  const whole = bare === text ? [] : lookupName(replica, text);
  const named = whole.length > 0 ? whole : lookupName(replica, bare);
  const id = named.length > 0 ? null : idInside(text);
  if (named.length > 0 || id !== null) return id === null ? named : lookupName(replica, id);
  const called = lookupOtherNames(replica, bare);
  if (called.length > 0) return called;
  const digits = vethDigits(text);
  if (digits !== null) return podsByVeth(replica, text, digits);
  const vlan = vlanOfLink(text);
  return vlan === null ? [] : branchesByVlan(replica, text, vlan);
}

/** The branch ENIs with this VLAN, and their pods. The numbers are those of a trunk: every node may have such a link. */
function branchesByVlan(replica: Replica, text: string, vlan: number): Hit[] {
  const { records, indexes } = replica;
  const said: readonly PathStep[] = [
    { id: null, text },
    { id: null, text: 'link on the host' },
  ];
  return [...records.enis.values()]
    .filter((eni) => eni.role === 'branch' && eni.vlan === vlan)
    .flatMap((eni) => {
      const faces = recordsOf(indexes.interfacesByEni, eni.id, records.interfaces);
      if (faces.length === 0) return [hit('eni', eni.id, [...said, ...eniSteps(eni)])];
      return faces.map((face) => hit('interface', face.id, [...said, ...interfaceSteps(replica, face)]));
    });
}

/** The largest number of network cards of any instance type. */
const MAX_CARDS = 32;

/**
 * The index of the pod's interface whose host-side link has these digits: 0 is eth0; for further cards the hash includes
 * their number. Null if no interface matches.
 */
function indexOfVeth({ namespace, name, hostNetwork, nicConfig }: PodRecord, digits: string): number | null {
  if (hostNetwork) return null;
  if (sha1(`${namespace}.${name}`).startsWith(digits)) return 0;
  if (nicConfig === null) return null;
  for (let index = 1; index < MAX_CARDS; index++)
    if (sha1(`${namespace}.${name}.${index}`).startsWith(digits)) return index;
  return null;
}

/** The pods whose host-side link has a name with these digits. */
function podsByVeth(replica: Replica, text: string, digits: string): Hit[] {
  const hits: Hit[] = [];
  for (const record of replica.records.pods.values()) {
    const index = indexOfVeth(record, digits);
    if (index === null) continue;
    const { id, namespace, name } = record;
    const face =
      index === 0 ? undefined : replica.records.interfaces.get(interfaceId(namespace, name, `mNicIf${index}`));
    if (face !== undefined) {
      const said = words('link on the host');
      hits.push(hit('interface', face.id, [words(text), said, ...interfaceSteps(replica, face)]));
      continue;
    }
    const [first, ...rest] = podHits(replica, id);
    if (first === undefined) continue;
    const [pod, ...steps] = first.path;
    const said = `link on the host of ${index === 0 ? '' : `mNicIf${index} of `}${pod?.text ?? ''}`;
    hits.push(hit('pod', id, [words(text), { id, text: said }, ...steps]), ...rest);
  }
  return hits;
}

/**
 * Answers text that is not a whole address, range or MAC: as a name, then as part of one, then as a query, then as
 * contained text.
 */
function answerWords(replica: Replica, text: string): Answered {
  const asked = 'name';
  const named = namedHits(replica, text);
  const ip = named.length === 0 && similar(replica, text).total === 0 ? ipOfDnsName(text) : null;
  if (ip !== null) return { asked: 'address', ...found(lookupAddress(replica, ip)) };
  const typed = typedQuery(replica, text);
  const groups = typed === null || 'problem' in typed ? sharedGroups(replica, text) : typed.groups;
  if (named.length > 0) return { asked, ...found(named), groups };
  const octets = queriedOctets(text);
  const range = octets === null ? null : octetsRange(octets);
  if (octets !== null && range !== null) {
    const inRange = inOctets(replica, octets, range);
    if (inRange.total > 0) return { asked: 'range', ...inRange, groups: groupsInRange(replica, octets) };
  }
  const hex = queriedMacPart(text);
  const withMac = hex === null ? null : withMacPart(replica, hex);
  if (withMac !== null && withMac.total > 0) return { asked: 'mac', ...withMac };
  if (typed !== null && !('problem' in typed))
    return {
      asked: 'query',
      hits: firstOf(typed.ids, MAX_HITS).flatMap((id) => lookupRecord(replica, id) ?? []),
      total: typed.ids.length,
      groups,
      ...(typed.note === null ? {} : { note: typed.note }),
    };
  if (typed !== null && hasKeyWord(text)) return { asked: 'query', ...found([]), note: typed.problem };
  if (text.length < MIN_PART) return { asked, ...found([]), groups };
  const alike = similar(replica, text);
  return {
    asked,
    ...alike,
    groups: [...groups, ...wordedGroups(replica, text, groups)],
    ...(alike.total > 0 ? { note: alikeNote(replica, text) } : {}),
  };
}

/** The address in `10.6.0.14/24`, as \`ip addr\` and annotations print it, if an interface has it; otherwise it is a range. */
function heldIn({ indexes }: Replica, text: string): string | null {
  const slash = text.indexOf('/');
  const ip = slash < 0 ? null : queriedIp(text.slice(0, slash));
  const isRange = ip === null || parseCidr(text.toLowerCase())?.text.startsWith(`${ip}/`) !== false;
  return isRange || (indexes.ownersByIp.get(ip)?.size ?? 0) === 0 ? null : ip;
}

function answer(replica: Replica, text: string): Answered {
  const ip = queriedIp(text);
  if (ip !== null) return { asked: 'address', ...found(lookupAddress(replica, ip)) };
  const held = heldIn(replica, text);
  if (held !== null) return { asked: 'address', ...found(lookupAddress(replica, held)) };
  const range = parseCidr(text.toLowerCase());
  if (range !== null)
    return { asked: 'range', ...lookupRange(replica, range), groups: groupsInRange(replica, range.text) };
  const mac = queriedMac(text);
  if (mac !== null) return { asked: 'mac', ...found(lookupMac(replica, mac)) };
  return text === '' ? { asked: 'name', ...found([]) } : answerWords(replica, text);
}

/**
 * Answers `query`. If it looks like an address, a MAC or a query but is not valid, returns one line with the value and
 * the remedy instead. For callers that can reject a query; while a user types, `lookup` returns that line as a note.
 */
export function lookupOrProblem(replica: Replica, query: string): LookupAnswer | string {
  const found = lookup(replica, query);
  const { query: text, asked, hits, groups, note } = found;
  if (hits.length > 0 || groups.length > 0) return found;
  const typed = asked === 'query' ? parseQuery(text).problem : null;
  if (typed !== null) return typed;
  return note !== null && note === malformed(text) ? `"${text}" is ${note}` : found;
}

/** Answers `query` from the current records. An empty query has no hits. */
export function lookup(replica: Replica, query: string): LookupAnswer {
  const text = query.trim();
  const { asked, hits, total, groups = [], note } = answer(replica, text);
  const noted =
    note ??
    (text === '' || groups.length > 0
      ? null
      : noteOn(replica, asked, queriedIp(text) ?? heldIn(replica, text) ?? text, hits));
  return {
    query: text,
    asked,
    hits: hits.slice(0, MAX_HITS),
    total,
    groups,
    note: asked === 'name' ? withWorkloads(replica, queriedName(text), noted, total + groups.length) : noted,
    unsure: unsureOf(replica.records.sources, AUTHORITIES),
  };
}
