/** ENIs on no node of the cluster: which of them get a record, and its content. */
import { PREFIX_SIZE } from '../../model/prefix-size';
import { INSTANCE_ID_TAG } from '../../model/eni-tags';
import { isOfCilium } from '../../cni/cilium';
import type { EniFact } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import type { EniAddress, EniRecord } from '../../model/records';
import { isOfOtherVpc } from '../facts/owners';
import type { FactReader } from '../facts/reader';
import { compareKeys } from '../../records/keyed';
import { prefixOf } from './addresses';
import { creatorOf, recordOf } from './record';
import { decideManagement } from '../context/management';

const OWNER = 'eks:eni:owner';

/**
 * Whether an ENI on no node of the cluster gets a record: it is attached to some instance, is a branch, was leaked by the
 * CNI or the resource controller, or has an address that a pod of the cluster reports. ENIs of load balancers, NAT gateways
 * and the like only count in their subnet.
 */
export function isShownAlone(facts: FactReader, eni: EniFact): boolean {
  if (eni.instanceId !== null && ['interface', 'efa', 'efa-only', 'trunk'].includes(eni.interfaceType)) return true;
  if (eni.interfaceType === 'branch') return true;
  const tagged = Object.keys(eni.tags).some((key) => key === OWNER || key === INSTANCE_ID_TAG);
  if (eni.status === 'available' && (tagged || creatorOf(eni) !== 'other' || isOfCilium(eni))) return true;
  if (isOfOtherVpc(facts, eni)) return false;
  for (const ip of [eni.primaryIp, ...eni.secondaryIps, ...eni.ipv6Addresses]) {
    if (ip !== null && facts.has('podsByIp', ip)) return true;
  }
  return prefixIsClaimed(facts, eni);
}

function prefixIsClaimed(facts: FactReader, eni: EniFact): boolean {
  for (const text of [...eni.ipv4Prefixes, ...eni.ipv6Prefixes]) {
    const cidr = parseCidr(text);
    if (cidr?.family === 6 && facts.has('podsByPrefix80', cidr.text)) return true;
    if (cidr?.family !== 4 || cidr.prefixLength !== 28) continue;
    const base = cidr.text.slice(0, cidr.text.lastIndexOf('.') + 1);
    const from = Number(cidr.first & 255n);
    for (let i = 0; i < PREFIX_SIZE; i++) if (facts.has('podsByIp', `${base}${from + i}`)) return true;
  }
  return false;
}

/** The record of an ENI on no node; null if it gets none. */
export function deriveLoneEni(facts: FactReader, eni: EniFact): EniRecord | null {
  if (!isShownAlone(facts, eni)) return null;
  const free = (ip: string): EniAddress => ({ ip, state: 'unclaimed', interface: null });
  const addresses = [
    ...(eni.primaryIp === null ? [] : [{ ip: eni.primaryIp, state: 'primary' as const, interface: null }]),
    ...[...new Set([...eni.secondaryIps, ...eni.ipv6Addresses])].filter((ip) => ip !== eni.primaryIp).map(free),
  ].sort((a, b) => compareKeys(a.ip, b.ip));
  const prefixes = [...eni.ipv4Prefixes, ...eni.ipv6Prefixes]
    .flatMap((text) => parseCidr(text) ?? [])
    .map((cidr) => prefixOf(cidr, [], false, 'recorded'))
    .sort((a, b) => compareKeys(a.cidr, b.cidr));
  return recordOf(facts, eni, {
    node: null,
    verdict: decideManagement(eni, null, null, new Set()),
    observed: null,
    capacity: null,
    perSlot: 1,
    claimedBy: [],
    offeredBy: [],
    hostDevice: null,
    addresses,
    prefixes,
    ipamd: null,
  });
}
