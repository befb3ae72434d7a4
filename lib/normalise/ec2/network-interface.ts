/** An element of DescribeNetworkInterfaces → EniFact (vpc-cni §5.1), from the AWS CLI (times are strings) or the SDK (times are Dates). */
import type { EniFact } from '../../model/facts';
import { canonicalMac, parseCidr } from '../../model/ip';
import {
  address,
  count,
  fields,
  flag,
  items,
  objectOrNull,
  readEach,
  text,
  timestamp,
  type Fields,
} from '../read/guards';
import { intern, internOrNull } from '../read/intern';
import { tagMap } from './tags';

/** Null without a `NetworkInterfaceId` of the form `eni-…`. */
export function normaliseEni(raw: unknown): EniFact | null {
  const eni = objectOrNull(raw);
  const id = eni === null ? null : text(eni['NetworkInterfaceId']);
  if (eni === null || id?.startsWith('eni-') !== true) return null;
  // Null while unattached, and occasionally missing from EC2's responses (vpc-cni §5.1).
  const attachment = objectOrNull(eni['Attachment']);
  const deviceIndex = count(attachment?.['DeviceIndex']);
  const addresses = items(eni['PrivateIpAddresses']).map(fields);
  const primary = addresses.find((one) => one['Primary'] === true);
  const primaryIp = address(primary?.['PrivateIpAddress']) ?? address(eni['PrivateIpAddress']);
  return {
    id,
    instanceId: text(attachment?.['InstanceId']),
    ownerId: internOrNull(text(eni['OwnerId'])),
    deviceIndex,
    // Absent means card 0, as in instance metadata.
    networkCardIndex: count(attachment?.['NetworkCardIndex']) ?? (deviceIndex === null ? null : 0),
    attachmentId: text(attachment?.['AttachmentId']),
    attachmentStatus: internOrNull(text(attachment?.['Status'])),
    attachedAt: timestamp(attachment?.['AttachTime']),
    deleteOnTermination: flag(attachment?.['DeleteOnTermination']),
    // An open set of values; if absent, `interface`.
    interfaceType: intern(text(eni['InterfaceType']) ?? 'interface'),
    status: internOrNull(text(eni['Status'])),
    mac: typeof eni['MacAddress'] === 'string' ? canonicalMac(eni['MacAddress']) : null,
    vpc: internOrNull(text(eni['VpcId'])),
    zone: internOrNull(text(eni['AvailabilityZone'])),
    subnet: internOrNull(text(eni['SubnetId'])),
    sourceDestCheck: flag(eni['SourceDestCheck']),
    securityGroups: readEach(eni['Groups'], (group) => internOrNull(text(fields(group)['GroupId']))),
    description: text(eni['Description']) ?? '',
    requester: serviceAlias(text(eni['RequesterId'])),
    tags: tagMap(eni['TagSet'] ?? eni['Tags']),
    primaryIp,
    secondaryIps: distinct(
      addresses.map((one) => (one === primary ? null : address(one['PrivateIpAddress']))),
      primaryIp,
    ),
    publicIps: publicIps([eni, ...addresses]),
    ipv4Prefixes: cidrs(eni['Ipv4Prefixes'], 'Ipv4Prefix'),
    ipv6Addresses: distinct(
      items(eni['Ipv6Addresses']).map((one) => address(fields(one)['Ipv6Address'])),
      null,
    ),
    ipv6Prefixes: cidrs(eni['Ipv6Prefixes'], 'Ipv6Prefix'),
  };
}

/** The alias of an AWS service. For a role or an account, RequesterId is a session name, which may be a person's. */
const serviceAlias = (requester: string | null): string | null =>
  requester !== null && /^amazon-[a-z0-9-]+$/.test(requester) ? intern(requester) : null;

const NONE: readonly string[] = [];

/** Public addresses of the ENI itself, which repeats that of its primary address, and of each address. */
function publicIps(associated: readonly Fields[]): readonly string[] {
  const ips = associated.map((one) => address(fields(one['Association'])['PublicIp']));
  return ips.every((ip) => ip === null) ? NONE : distinct(ips, null);
}

function distinct(ips: readonly (string | null)[], except: string | null): readonly string[] {
  const seen = new Set<string>();
  for (const ip of ips) if (ip !== null && ip !== except) seen.add(ip);
  return [...seen];
}

function cidrs(list: unknown, key: string): readonly string[] {
  const texts = items(list).map((one) => {
    const value = text(fields(one)[key]);
    return value === null ? null : (parseCidr(value)?.text ?? null);
  });
  return distinct(texts, null);
}
