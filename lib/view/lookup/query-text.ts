/**
 * Parses the notations that users paste into a look-up: from logs, `ip addr`, `kubectl -o name`, switches and Windows.
 */
import { isKey } from '../query/facts/keys';
import { KEY_START } from '../query/query';
import {
  bigIntToIp,
  canonicalIp,
  canonicalMac,
  familyOf,
  ipToBigInt,
  isWithin,
  parseCidr,
  type Cidr,
} from '../../model/ip';

/** `::ffff:a.b.c.d`, the form of an IPv4 address in sockets and logs (RFC 4291 §2.5.5.2). */
const MAPPED = 0xffffn << 32n;

/** The address in `10.0.0.4:443`, `[fd00::1]:443`, `[fd00::1]` or `fe80::1%eth0`. */
function unwrapped(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  const bare = bracketed ?? /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text;
  return bare.includes(':') ? bare.replace(/%[\w.-]{1,15}$/, '') : bare;
}

/** The address of a range of one address: `10.1.2.3/32`, `fd00::1/128`, as in network-status and routes. */
function hostOf(text: string): string {
  const range = parseCidr(text);
  return range !== null && range.first === range.last ? text.slice(0, text.indexOf('/')) : text;
}

/** The canonical address in a query; null without one. An IPv4-mapped address is returned as the IPv4 address. */
export function queriedIp(text: string): string | null {
  const ip = canonicalIp(unwrapped(hostOf(text.toLowerCase())));
  if (ip === null || familyOf(ip) === 4) return ip;
  const value = ipToBigInt(ip) ?? 0n;
  return value >> 32n === MAPPED >> 32n ? bigIntToIp(value & 0xffffffffn, 4) : ip;
}

/** A MAC with colons, with dashes, or as `0a1b.2c3d.4e5f`. Bare hexadecimal digits are treated as a name. */
export function queriedMac(text: string): string | null {
  const dotted = /^([0-9a-f]{4})\.([0-9a-f]{4})\.([0-9a-f]{4})$/i.exec(text);
  return canonicalMac(dotted === null ? text : (dotted.slice(1).join('').match(/../g) ?? []).join(':'));
}

/** The first octets in `10.26.0.`, `10.26.0` or `10.`, ending in a dot; null for any other text. */
export const queriedOctets = (text: string): string | null => {
  if (!/^(?:(?:0|[1-9]\d{0,2})\.){1,3}$|^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){1,2}$/.test(text)) return null;
  return text.endsWith('.') ? text : `${text}.`;
};

/** The range of these first octets; null if one exceeds 255. */
export function octetsRange(octets: string): Cidr | null {
  const given = octets.split('.').filter((octet) => octet !== '');
  return parseCidr(`${[...given, '0', '0', '0'].slice(0, 4).join('.')}/${given.length * 8}`);
}

/**
 * The hexadecimal digits of a part of a MAC: `02:5e:1`, `5e-18`, `025e.18a2`, or 4 to 12 bare digits, which may also be
 * a name.
 */
export function queriedMacPart(text: string): string | null {
  const lower = text.toLowerCase();
  const isPart =
    /^[:-]?[0-9a-f]{2}(?:[:-][0-9a-f]{2}){0,4}[:-][0-9a-f]{0,2}$/.test(lower) ||
    /^[0-9a-f]{4}\.[0-9a-f]{1,4}(?:\.[0-9a-f]{0,4})?$/.test(lower) ||
    /^[0-9a-f]{4,12}$/.test(lower);
  const hex = lower.replace(/[^0-9a-f]/g, '');
  return isPart && hex.length >= 4 ? hex : null;
}

/** Whether a part of the text begins with a key of the query language; if so, a parse error is worth showing. */
export const hasKeyWord = (text: string): boolean =>
  text.split(/\s+/).some((part) => {
    const word = KEY_START.exec(part.replace(/^-/, ''))?.[1]?.toLowerCase() ?? '';
    return isKey(word);
  });

/** Kinds of which lookup knows the names, as kubectl takes and prints them. */
const NAMED_KIND =
  /^(?:pods?|nodes?|net-attach-defs?|network-attachment-definitions?|ippools?|resourceclaims?|vmis?|vms?|virtualmachine(?:instance)?s?)(?:\.[a-z0-9.]+)?\/(?=[^/]+$)/;

/** A name as `kubectl get -o name` prints it, without its kind. */
export const queriedName = (text: string): string => text.replace(NAMED_KIND, '');

/** The id in an ARN (`arn:aws:ec2:…:network-interface/eni-…`), a provider id (`aws:///eu-west-1a/i-…`) or a host name (`i-….ec2.internal`). */
export const idInside = (text: string): string | null =>
  /^arn:aws[a-z-]*:ec2:[^/]*\/((?:eni|i|subnet)-\w+)$/.exec(text)?.[1] ??
  /^aws:\/{2,4}[a-z0-9-]*\/?(i-[0-9a-f]+)$/.exec(text)?.[1] ??
  /^(i-[0-9a-f]{8,17})\.[a-z0-9.-]*(?:internal|amazonaws\.com)$/.exec(text)?.[1] ??
  null;

/**
 * The hash digits in the name of a pod's host-side link: `eni` (or AWS_VPC_K8S_CNI_VETHPREFIX), `vlan` or Calico's
 * `cali`, or in the name that the VPC CNI writes to network-status instead (`dummy`), followed by the first digits of the
 * SHA-1 of NAMESPACE.POD; null for other text.
 */
export const vethDigits = (text: string): string | null =>
  /^(?:[a-z]{1,4}|dummy)([0-9a-f]{11})(?:@\S*)?$/.exec(text)?.[1] ?? null;

/** The VLAN in the name of a branch ENI's link on the host, which the VPC CNI makes on the trunk: `vlan.eth.7`; null for other text. */
export function vlanOfLink(text: string): number | null {
  const digits = /^vlan\.eth\.(\d{1,4})(?:@\S*)?$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The address in a DNS name, of an instance (`ip-10-0-1-5.ec2.internal`) or a pod (`10-0-1-5.shop.pod.cluster.local`); null for any other text. */
export function ipOfDnsName(text: string): string | null {
  const octets = /^(?:ip-)?(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})(?:\.|$)/i.exec(text);
  return octets === null ? null : canonicalIp(octets.slice(1).join('.'));
}

/** Patterns of an address, a range and a MAC, for text that looks like one but is not valid. */
const FORMS: readonly (readonly [RegExp, string])[] = [
  [
    /^\d+(?:\.\d+){3}\s*-\s*[\d.]+$/,
    'not a range: write it with its prefix length, as in 10.0.1.0/24, or as first octets, as in 10.0.1.',
  ],
  [
    /^\d{1,4}(?:\.\d{1,4}){2,4}(?:[/:][\d./:]*)?$/,
    'not an address or range: an octet is over 255, a part is missing, or the prefix length is too long; write it as in 10.0.1.77 or 10.0.1.0/24',
  ],
  [
    /^[0-9a-z]{2}(?:([:-])[0-9a-z]{2})(?:\1[0-9a-z]{2}){4}$/i,
    'not a MAC: its digits are 0 to 9 and a to f, as in 0a:1b:2c:3d:4e:5f',
  ],
  [
    /^(?:[0-9a-f]{2}:){19}[0-9a-f]{2}$/i,
    'the address of an InfiniBand link (20 octets), which ifscope does not keep; look up the pod, its interface or its IP address',
  ],
  [
    /^(?=.*:.*:)[0-9a-f:.]*(?:%\w+)?(?:\/\d*)?$/i,
    'not an IPv6 address or range; write it as in fd00:6::99 or fd00:6::/64',
  ],
];

/** Why a text that looks like an address, a range or a MAC is not valid, with the remedy; null for any other text. */
export const malformed = (text: string): string | null => FORMS.find(([form]) => form.test(text))?.[1] ?? null;

const SPECIAL: readonly (readonly [string, string])[] = [
  ['169.254.169.254/32', 'the instance metadata service of every EC2 instance; no interface has it'],
  ['169.254.169.253/32', 'the DNS resolver of the VPC, which every instance reaches there; no interface has it'],
  ['169.254.169.123/32', 'the Amazon Time Sync Service; no interface has it'],
  ['169.254.170.23/32', 'the EKS Pod Identity Agent, on every node that runs it'],
  ['169.254.20.10/32', 'by convention the DNS cache of a node (NodeLocal DNSCache); every node that runs it has it'],
  [
    '169.254.172.0/22',
    'by which the VPC CNI of an IPv6 cluster lets pods reach IPv4; each node assigns these addresses independently',
  ],
  ['fd00:ec2::/32', 'a service of EC2 that every instance reaches there (metadata, DNS, time); no interface has it'],
  ['169.254.0.0/16', 'link-local: any node can use it, so it identifies none'],
  ['fe80::/10', 'link-local: any interface can have it, so it identifies none'],
  ['127.0.0.0/8', 'loopback: every host and pod has it'],
  ['::1/128', 'loopback: every host and pod has it'],
  ['0.0.0.0/32', 'the unspecified address; nothing holds it'],
  ['::/128', 'the unspecified address; nothing holds it'],
  ['224.0.0.0/4', 'multicast: it addresses a group, not an interface'],
  ['ff00::/8', 'multicast: it addresses a group, not an interface'],
];

/** The purpose of a special-purpose address (RFC 6890); null for any other address and for a range. */
export function addressNote(ip: string): string | null {
  if (canonicalIp(ip) === null) return null;
  const found = SPECIAL.find(([text]) => isWithin(text, ip));
  return found === undefined ? null : `not in this VPC: ${found[1]}`;
}
