/**
 * ipamd's `/v1/enis` → IpamdEnisFact, for all versions (vpc-cni §4.2): one object up to 1.19, one per network card since
 * 1.20. Before 1.9, an ENI has `IPv4Addresses` instead of CIDRs; before 1.7, the ENIs are under `ENIIPPools`, and an
 * address has only the flag `Assigned`.
 *
 * The totals in the response drift and are not read. An address is assigned if any of the three parts of its key is set
 * (AddressInfo.Assigned): container IDs are blank since 1.23, and a key taken over from the container runtime names no pod.
 */
import type { IpamdEnisFact } from '../../model/facts';
import { parseCidr } from '../../model/ip';
import type { Timestamp } from '../../model/records';
import { address, count, fields, objectOrNull, text, timestamp } from '../read/guards';
import type { Fields } from '../read/guards';

type Eni = IpamdEnisFact['enis'][number];
type Address = Eni['addresses'][number];

/** Null if the value is not a response of `/v1/enis`. `readAt`: when it was read. */
export function normaliseEnis(value: unknown, node: string, readAt: Timestamp | null): IpamdEnisFact | null {
  const root = objectOrNull(value);
  if (root === null) return null;
  const enis: Eni[] = [];
  if (isCard(root)) readCard(root, 0, enis);
  else {
    for (const key in root) {
      const card = objectOrNull(root[key]);
      if (!/^\d{1,3}$/.test(key) || card === null || !isCard(card)) return null;
      readCard(card, Number(key), enis);
    }
  }
  return { node, readAt, enis };
}

/** `ENIs` is null if ipamd has none. */
const isCard = (value: Fields): boolean => 'ENIs' in value || 'ENIIPPools' in value;

function readCard(value: Fields, card: number, enis: Eni[]): void {
  const all = fields(value['ENIs'] ?? value['ENIIPPools']);
  for (const key in all) {
    const eni = objectOrNull(all[key]);
    if (eni === null) continue;
    const pools = [...Object.entries(fields(eni['AvailableIPv4Cidrs'])), ...Object.entries(fields(eni['IPv6Cidrs']))];
    const cidrs: string[] = [];
    const addresses: Address[] = [];
    for (const [written, pool] of pools) {
      // The mask in the value is base64; the key is readable.
      const cidr = parseCidr(written)?.text ?? null;
      if (cidr === null) continue;
      cidrs.push(cidr);
      const held = fields(fields(pool)['IPAddresses']);
      for (const ip in held) {
        const one = readAddress(ip, cidr, fields(held[ip]));
        if (one !== null) addresses.push(one);
      }
    }
    const single = fields(eni['IPv4Addresses']);
    for (const ip in single) {
      const one = readAddress(ip, `${address(ip) ?? ip}/32`, fields(single[ip]));
      if (one === null) continue;
      cidrs.push(one.cidr);
      addresses.push(one);
    }
    enis.push({
      id: text(eni['ID']) ?? key,
      card,
      deviceNumber: count(eni['DeviceNumber']),
      isPrimary: eni['IsPrimary'] === true,
      isTrunk: eni['IsTrunk'] === true,
      isEfa: eni['IsEFA'] === true,
      excluded: eni['IsExcludedForPodIPs'] === true,
      cidrs,
      addresses,
    });
  }
}

/** The parts of a key, all empty for an address that is not assigned. */
const KEY = ['networkName', 'containerID', 'ifName'] as const;

function readAddress(written: string, cidr: string, entry: Fields): Address | null {
  const ip = address(entry['Address']) ?? address(written);
  if (ip === null) return null;
  const key = fields(entry['IPAMKey']);
  const metadata = fields(entry['IPAMMetadata']);
  const podName = text(metadata['k8sPodName']);
  return {
    ip,
    cidr,
    assigned: entry['Assigned'] === true || podName !== null || KEY.some((part) => text(key[part]) !== null),
    podNamespace: text(metadata['k8sPodNamespace']),
    podName,
    assignedAt: timestamp(entry['AssignedTime']),
    unassignedAt: timestamp(entry['UnassignedTime']),
  };
}
