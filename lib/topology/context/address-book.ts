/** Which of a node's ENIs has an address, and how EC2 lists it there (vpc-cni §5.3). */
import { familyOf, ipToBigInt, ipv4ToNumber, parseCidr } from '../../model/ip';
import type { LinkRule } from '../../model/vocabulary';
import type { EniShape } from '../facts/parts';

/** An ENI that has an address according to EC2, and by which rule. */
export interface Hit {
  readonly eni: EniShape;
  readonly rule: Extract<LinkRule, 'secondary-ip' | 'ipv4-prefix' | 'ipv6-prefix' | 'ipv6-address' | 'vpc-ip'>;
  /** The prefix that contains it; null for a single address. */
  readonly prefix: string | null;
}

/** The order of vpc-cni §5.3; the ENI's own address, which is never assigned to a pod, is last. */
const RANK: Readonly<Record<Hit['rule'], number>> = {
  'secondary-ip': 0,
  'ipv4-prefix': 1,
  'ipv6-prefix': 1,
  'ipv6-address': 2,
  'vpc-ip': 3,
};

interface Prefix {
  readonly eni: EniShape;
  readonly text: string;
  readonly first: number | bigint;
  readonly last: number | bigint;
}

const NONE: readonly Hit[] = [];

/** Finds the ENIs of a node that have an address, by itself or inside a prefix. */
export class AddressBook {
  /** In the order of cards and devices. */
  readonly #enis: readonly EniShape[];
  readonly #prefixes: { readonly 4: Prefix[]; readonly 6: Prefix[] } = { 4: [], 6: [] };

  constructor(enis: readonly EniShape[]) {
    this.#enis = enis;
    for (const eni of enis) {
      for (const text of [...eni.ipv4Prefixes, ...eni.ipv6Prefixes]) {
        const cidr = parseCidr(text);
        if (cidr === null) continue;
        const narrow = cidr.family === 4;
        this.#prefixes[cidr.family].push({
          eni,
          text: cidr.text,
          first: narrow ? Number(cidr.first) : cidr.first,
          last: narrow ? Number(cidr.last) : cidr.last,
        });
      }
    }
  }

  /**
   * Every ENI of the node with this address, one entry each, best evidence first. `listed`: ids of the ENIs, of any node,
   * that list it as a single address.
   */
  find(ip: string, listed: readonly string[]): readonly Hit[] {
    const family = familyOf(ip);
    const prefixes = this.#prefixes[family];
    if (listed.length === 0 && prefixes.length === 0) return NONE;
    const hits: Hit[] = [];
    for (const eni of listed.length === 0 ? [] : this.#enis) {
      if (!listed.includes(eni.id)) continue;
      const rule = eni.primaryIp === ip ? 'vpc-ip' : family === 4 ? 'secondary-ip' : 'ipv6-address';
      hits.push({ eni, rule, prefix: null });
    }
    const value = prefixes.length === 0 ? null : family === 4 ? ipv4ToNumber(ip) : ipToBigInt(ip);
    if (value !== null) {
      for (const prefix of prefixes) {
        if (value < prefix.first || value > prefix.last) continue;
        if (hits.some((hit) => hit.eni === prefix.eni)) continue;
        hits.push({ eni: prefix.eni, rule: family === 4 ? 'ipv4-prefix' : 'ipv6-prefix', prefix: prefix.text });
      }
    }
    return hits.length > 1 ? hits.sort((a, b) => RANK[a.rule] - RANK[b.rule]) : hits;
  }
}
