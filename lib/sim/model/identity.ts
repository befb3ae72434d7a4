/** IDs, MACs and names in the forms of AWS and Kubernetes. All are generated from the cluster's seed. */
import { createHash } from 'node:crypto';
import type { Random } from './random';

/** For example `eni-0…`: a prefix and 17 hexadecimal digits, as in AWS ids. */
export const awsId = (random: Random, prefix: string): string => `${prefix}-0${random.hex(16)}`;

/** EC2 assigns ENIs locally administered MACs that begin with 02, 06, 0a or 0e. */
export const eniMac = (random: Random): string => `06:${octets(random.hex(10))}`;

/** MAC of a link that the kernel created: locally administered, here with a first octet that EC2 never uses. */
export const kernelMac = (random: Random): string => `5a:${octets(random.hex(10))}`;

/** A MAC of a physical NIC. */
export const hardwareMac = (random: Random): string => `b8:ce:f6:${octets(random.hex(6))}`;

const octets = (digits: string): string => (digits.match(/../g) ?? []).join(':');

/** A UID of a Kubernetes object. */
export function uid(random: Random): string {
  const h = random.hex(32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** Derived from the text alone, so that named objects do not use the seed. */
export function uidOf(text: string): string {
  const h = createHash('sha1').update(text).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** First 11 hex digits of sha1("ns.pod") (vpc-cni §3, multus §1.6). */
export const hostVethSuffix = (namespace: string, pod: string): string =>
  createHash('sha1').update(`${namespace}.${pod}`).digest('hex').slice(0, 11);

/** The private DNS name of an instance by its address. */
export const privateDnsName = (ip: string, region: string): string =>
  `ip-${ip.replaceAll('.', '-')}.${region}.compute.internal`;
