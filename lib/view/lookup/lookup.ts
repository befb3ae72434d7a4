/**
 * "Who owns this?": the owner path of an address, a range, a MAC, an ENI, an instance, a node, a pod, a network, a subnet
 * or any record id. Pure; the page, `/api/lookup` and `ifscope lookup` answer with the same words.
 *
 * It never shows a guess as a fact, nor an address as free without naming each source that could know better and is not
 * live.
 */
import { ENIS, NODES, PODS, SUBNETS, type SourceId } from '../../model/source-ids';
import { kindOfId, networkId, nodeId } from '../../model/ids';
import { parseCidr } from '../../model/ip';
import { byNaturalName } from '../../model/order';
import type { Replica } from '../../records/replica';
import { hit, MOST_HITS, type Hit, type LookupAnswer } from './answer';
import { lookupAddress, lookupRange } from './address-owners';
import { addressNote, askedIp, askedMac, askedName, looksLikeAddress } from './query-text';
import { dotless, eniSteps, interfaceSteps, nodeRecordSteps, nodeSteps, podSteps } from './owner-path';
import { unsureOf } from './unsure';

/** What has a MAC. Several pods may have the same one: ipvlan interfaces share their parent's. */
function lookupMac(replica: Replica, mac: string): Hit[] {
  const { records, indexes } = replica;
  const hits: Hit[] = [];
  for (const id of indexes.ownersByMac.get(mac) ?? []) {
    const eni = records.enis.get(id);
    if (eni !== undefined) hits.push(hit('eni', id, [{ id: null, text: mac }, ...eniSteps(eni)]));
  }
  for (const id of indexes.ownersByMac.get(mac) ?? []) {
    const found = records.interfaces.get(id);
    if (found !== undefined)
      hits.push(hit('interface', id, [{ id: null, text: mac }, ...interfaceSteps(replica, found)]));
  }
  for (const nic of records.hostNics.values())
    if (nic.mac === mac && nic.eni === null)
      hits.push(
        hit('host-nic', nic.id, [
          { id: null, text: mac },
          { id: nic.id, text: `host NIC ${nic.name}` },
          ...nodeSteps(nic.node),
        ]),
      );
  return hits;
}

/** A record by its own id. */
function lookupRecord(replica: Replica, id: string): Hit | null {
  const { records } = replica;
  const node = records.nodes.get(id);
  if (node !== undefined) return hit('node', id, nodeRecordSteps(node));
  const eni = records.enis.get(id);
  if (eni !== undefined) return hit('eni', id, eniSteps(eni));
  const pod = records.pods.get(id);
  if (pod !== undefined) return hit('pod', id, podSteps(pod));
  const found = records.interfaces.get(id);
  if (found !== undefined) return hit('interface', id, interfaceSteps(replica, found));
  const network = records.networks.get(id);
  if (network !== undefined) {
    const said = network.missing ? 'referenced, but does not exist' : network.description;
    return hit('network', id, [
      { id, text: id === 'cluster' ? 'the cluster network' : `network ${dotless(id)}` },
      { id: null, text: said },
      { id: null, text: `${network.podCount} ${network.podCount === 1 ? 'pod' : 'pods'}` },
    ]);
  }
  const subnet = records.subnets.get(id);
  if (subnet !== undefined) {
    const free =
      subnet.availableAddresses === null ? 'free addresses not known' : `${subnet.availableAddresses} addresses free`;
    return hit('subnet', id, [
      { id, text: `${id} (${subnet.cidr ?? subnet.ipv6Cidr ?? 'range not known'})` },
      { id: null, text: free },
    ]);
  }
  for (const table of [records.networkCards, records.hostNics, records.attachments, records.ipPools]) {
    const record = table.get(id);
    if (record !== undefined) {
      const owner = 'node' in record ? nodeSteps(record.node) : [];
      return hit('record', id, [{ id, text: `${kindOfId(id) ?? 'record'} ${dotless(id)}` }, ...owner]);
    }
  }
  return null;
}

/** A pod, then each of its interfaces with where it is. */
function podHits(replica: Replica, id: string): Hit[] {
  const pod = replica.records.pods.get(id);
  if (pod === undefined) return [];
  const interfaces = [...(replica.indexes.interfacesByPod.get(id) ?? [])].sort(byNaturalName);
  return [
    hit('pod', id, podSteps(pod)),
    ...interfaces.flatMap((key) => {
      const found = replica.records.interfaces.get(key);
      if (found === undefined) return [];
      const address = { id: null, text: found.ips.length === 0 ? 'no address' : found.ips.join(', ') };
      return [hit('interface', key, [address, ...interfaceSteps(replica, found)])];
    }),
  ];
}

function lookupName(replica: Replica, query: string): Hit[] {
  const { records } = replica;
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
  // `NAMESPACE/POD/INTERFACE`, as the page and the findings name an interface.
  if (slash > 0 && query.includes('/', slash + 1)) add(lookupRecord(replica, `if:${query}`));
  for (const pod of records.pods.values())
    if (pod.uid === query || (slash > 0 ? `${pod.namespace}/${pod.name}` : pod.name) === query)
      hits.push(...podHits(replica, pod.id));
  return hits;
}

/** Records whose names contain the text. */
function similar(replica: Replica, query: string): Hit[] {
  const needle = query.toLowerCase();
  const ids: string[] = [];
  for (const table of [replica.records.nodes, replica.records.pods, replica.records.networks, replica.records.enis])
    for (const id of table.keys()) if (dotless(id).toLowerCase().includes(needle)) ids.push(id);
  return ids.sort(byNaturalName).flatMap((id) => lookupRecord(replica, id) ?? []);
}

const NOTHING_FOUND: readonly (readonly [RegExp, string])[] = [
  [/^eni-/, 'ENI with that id is attached to this cluster’s nodes, has its tags or holds one of its addresses'],
  [/^i-[0-9a-f]{8}/, 'node of this cluster is that instance'],
  [/^subnet-/, 'subnet with that id is known'],
];

/** The sources that a lookup relies on; those that are not live are named beside the answer. */
const AUTHORITIES: readonly SourceId[] = [PODS, NODES, ENIS, SUBNETS];

function noteOn(replica: Replica, asked: LookupAnswer['asked'], query: string, hits: readonly Hit[]): string | null {
  if (hits.length > 0) return null;
  if (asked === 'address' || asked === 'range') {
    const special = addressNote(query);
    if (special !== null) return special;
    const known = [...replica.records.subnets.values()].some(
      (subnet) => subnet.cidr !== null || subnet.ipv6Cidr !== null,
    );
    return known
      ? 'not in this VPC: in no known subnet and in no network’s range'
      : 'no known holder; no subnet is known, so it cannot be placed';
  }
  if (asked === 'mac') return 'no known ENI, pod interface or host NIC has this MAC';
  if (looksLikeAddress(query))
    return 'not an address or range: an octet is over 255, a part is missing, or the prefix length is too long';
  const said = NOTHING_FOUND.find(([pattern]) => pattern.test(query))?.[1];
  return `no ${said ?? 'pod, node, ENI, network or subnet has that name or contains it in its name'}`;
}

/** Answers `query` from the records as they stand. An empty query has no hits. */
export function lookup(replica: Replica, query: string): LookupAnswer {
  const text = query.trim();
  const ip = askedIp(text);
  const range = parseCidr(text.toLowerCase());
  const mac = askedMac(text);
  const asked = ip !== null ? 'address' : range !== null ? 'range' : mac !== null ? 'mac' : 'name';
  let hits: Hit[] = [];
  let note: string | null = null;
  if (ip !== null) hits = lookupAddress(replica, ip);
  else if (range !== null) hits = lookupRange(replica, range);
  else if (mac !== null) hits = lookupMac(replica, mac);
  else if (text !== '') {
    hits = lookupName(replica, askedName(text));
    if (hits.length === 0 && text.length >= 3) {
      hits = similar(replica, text);
      if (hits.length > 0) note = 'no exact match; these names contain it';
    }
  }
  return {
    query: text,
    asked,
    hits: hits.slice(0, MOST_HITS),
    total: hits.length,
    note: note ?? (text === '' ? null : noteOn(replica, asked, ip ?? text, hits)),
    unsure: unsureOf(replica.records.sources, AUTHORITIES),
  };
}
