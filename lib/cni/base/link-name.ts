/**
 * What a host link's name suggests (multus §2.2): a NIC, a VLAN on one, or a virtual link. It is no proof: `eth0.50` may be
 * a NIC.
 */

/** A link name taken apart. `vlan` is null unless the name ends in a VLAN id. */
export interface LinkName {
  readonly name: string;
  readonly kind: 'nic' | 'vlan' | 'virtual' | 'alias' | 'altname' | 'other';
  /** The link below this one, if the name suggests it: `eth0` of `eth0.50`. */
  readonly base: string | null;
  readonly vlan: number | null;
}

const NIC = /^(eth\d+|en[spox]\w+|eni-[0-9a-f]+|ib\d+|ibp\w+)$/i;
const VIRTUAL = /^(br|bond|vlan|vxlan|team|dummy|docker|cni|veth|tun|tap|ovs|ovn|virbr|geneve|wg|lo)([-_.\d]|$)/i;

/** Never fails: a name that fits no pattern is `other`. */
export function readLinkName(name: string): LinkName {
  const dot = name.lastIndexOf('.');
  const base = dot > 0 ? name.slice(0, dot) : null;
  if (/^device-number-\d+(\.\d+)?$/.test(name)) return { name, kind: 'altname', base: null, vlan: null };
  if (name.includes(':')) return { name, kind: 'alias', base: name.slice(0, name.indexOf(':')), vlan: null };
  if (base !== null && /^\d{1,4}$/.test(name.slice(dot + 1))) {
    return { name, kind: 'vlan', base, vlan: Number(name.slice(dot + 1)) };
  }
  const kind = VIRTUAL.test(name) ? 'virtual' : NIC.test(name) ? 'nic' : 'other';
  return { name, kind, base: null, vlan: null };
}
