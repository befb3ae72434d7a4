/** Which of a node's ENIs carries an address, and how EC2 lists it there (vpc-cni §5.3). */
import type { EniFact } from '../../model/facts';
import { familyOf, ipToBigInt, ipv4ToNumber, parseCidr } from '../../model/ip';
import type { LinkRule } from '../../model/vocabulary';

export interface Hit {
  readonly eni: EniFact;
  readonly rule: Extract<LinkRule, 'secondary-ip' | 'ipv4-prefix' | 'ipv6-prefix' | 'ipv6-address' | 'vpc-ip'>;
  /** The prefix that holds it; null for a single address. */
  readonly prefix: string | null;
}

/** The order of vpc-cni §5.3; the ENI's own address, which no pod gets, is last. */
const RANK: Readonly<Record<Hit['rule'], number>> = {
  'secondary-ip': 0,
  'ipv4-prefix': 1,
  'ipv6-prefix': 1,
  'ipv6-address': 2,
  'vpc-ip': 3,
};

interface Prefix {
  readonly eni: EniFact;
  readonly text: string;
  readonly first: number | bigint;
  readonly last: number | bigint;
}

export class AddressBook {
  readonly #single = new Map<string, Hit[]>();
  readonly #prefixes: { readonly 4: Prefix[]; readonly 6: Prefix[] } = { 4: [], 6: [] };

  constructor(enis: readonly EniFact[]) {
    const put = (ip: string, eni: EniFact, rule: Hit['rule']): void => {
      const hit = { eni, rule, prefix: null };
      const hits = this.#single.get(ip);
      if (hits === undefined) this.#single.set(ip, [hit]);
      else hits.push(hit);
    };
    for (const eni of enis) {
      for (const ip of eni.secondaryIps) put(ip, eni, 'secondary-ip');
      for (const ip of eni.ipv6Addresses) put(ip, eni, 'ipv6-address');
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
    for (const eni of enis) if (eni.primaryIp !== null) put(eni.primaryIp, eni, 'vpc-ip');
  }

  /** Every ENI of the node with this address, the best evidence first; one entry per ENI. */
  find(ip: string): readonly Hit[] {
    const family = familyOf(ip);
    const prefixes = this.#prefixes[family];
    const single = this.#single.get(ip);
    if (prefixes.length === 0) return single ?? [];
    const value = family === 4 ? ipv4ToNumber(ip) : ipToBigInt(ip);
    const hits = [...(single ?? [])];
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
