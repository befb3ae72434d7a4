/**
 * ipamd's datastore for one network card: which addresses of which ENI are assigned, free or cooling down (vpc-cni §2.2,
 * §2.3). It is the truth about pools.
 *
 * Invariant: an address has at most one holder, and an assigned address is listed once.
 */
import { numberToIpv4, ipv4ToNumber, parseCidr, bigIntToIp } from '../../model/ip';
import { must } from './must';

/** A secondary address in ipamd’s datastore. */
export interface Slot {
  readonly ip: string;
  /** Key of the pod that has the address; null if free. */
  holder: string | null;
  /** When it was released, epoch milliseconds; null if never used. */
  freedAt: number | null;
  /** Whether an API showed the release. */
  visibility?: Visibility;
}

/** `unnamed`: the API showed the pod's end, but never that the pod had this address. `unseen`: the API did not show the pod. */
export type Visibility = 'seen' | 'unnamed' | 'unseen';

/** A /28 prefix in ipamd’s datastore. */
export interface PrefixStock {
  readonly cidr: string;
  readonly first: number;
  /** Address → pod key. */
  readonly held: Map<string, string>;
  readonly freedAt: Map<string, number>;
  /** Released address → whether an API showed the release. */
  readonly visibilities: Map<string, Visibility>;
}

/** An ENI in ipamd’s datastore. */
export interface EniStock {
  readonly eniId: string;
  readonly primary: boolean;
  readonly trunk: boolean;
  readonly efa: boolean;
  /** In the datastore but not used for pods (the primary ENI under custom networking). */
  excluded: boolean;
  readonly since: number;
  readonly slots: Slot[];
  readonly prefixes: PrefixStock[];
  ipv6Prefix: string | null;
  ipv6Next: bigint;
  readonly ipv6Held: Map<string, string>;
}

/** An ENI without addresses. `since`: when ipamd added it to the datastore, epoch milliseconds. */
export const createEniStock = (
  eniId: string,
  since: number,
  flags: Partial<Pick<EniStock, 'primary' | 'trunk' | 'efa' | 'excluded'>> = {},
): EniStock => ({
  eniId,
  since,
  primary: false,
  trunk: false,
  efa: false,
  excluded: false,
  ...flags,
  slots: [],
  prefixes: [],
  ipv6Prefix: null,
  ipv6Next: 0x10n,
  ipv6Held: new Map(),
});

/** A prefix without held addresses. `cidr`: a /28. */
export const createPrefixStock = (cidr: string): PrefixStock => ({
  cidr,
  first: ipv4ToNumber(must(cidr.split('/')[0], 'prefix')),
  held: new Map(),
  freedAt: new Map(),
  visibilities: new Map(),
});

/** An address assigned to a pod. */
export interface Grant {
  readonly ip: string;
  readonly eniId: string;
}

/** How ipamd allocates addresses from EC2. */
export type AddressMode = 'secondary-ip' | 'prefix' | 'ipv6';

/** ipamd’s datastore of one network card. */
export class Datastore {
  readonly stocks: EniStock[] = [];

  constructor(
    readonly card: number,
    readonly mode: AddressMode,
    readonly cooldownMs: number,
  ) {}

  /** Assigns a free address that is not cooling; null if there is none. */
  assign(holder: string, now: number): Grant | null {
    for (const stock of this.stocks) {
      if (stock.excluded) continue;
      const ip = this.assignFrom(stock, holder, now);
      if (ip !== null) return { ip, eniId: stock.eniId };
    }
    return null;
  }

  /** Releases an address, which starts its cooldown. False if this card does not hold it. */
  release(ip: string, now: number, visibility: Visibility = 'seen'): boolean {
    for (const stock of this.stocks) {
      const slot = stock.slots.find((candidate) => candidate.ip === ip && candidate.holder !== null);
      if (slot !== undefined) {
        slot.holder = null;
        slot.freedAt = now;
        slot.visibility = visibility;
        return true;
      }
      for (const prefix of stock.prefixes) {
        if (prefix.held.delete(ip)) {
          prefix.freedAt.set(ip, now);
          prefix.visibilities.set(ip, visibility);
          return true;
        }
      }
      if (stock.ipv6Held.delete(ip)) return true;
    }
    return false;
  }

  /** Addresses of the current mode on ENIs that serve pods. */
  get total(): number {
    return this.sum((stock) => (this.mode === 'prefix' ? stock.prefixes.length * 16 : stock.slots.length));
  }

  get assigned(): number {
    return this.sum((stock) => (this.mode === 'prefix' ? heldInPrefixes(stock) : heldSlots(stock)));
  }

  cooling(now: number): number {
    const fresh = (at: number | null): boolean => at !== null && now - at < this.cooldownMs;
    return this.sum((stock) =>
      this.mode === 'prefix'
        ? stock.prefixes.reduce((n, prefix) => n + [...prefix.freedAt.values()].filter(fresh).length, 0)
        : stock.slots.filter((slot) => slot.holder === null && fresh(slot.freedAt)).length,
    );
  }

  /** Release times (epoch milliseconds) of cooling addresses, without those that no API could have shown. */
  coolingSeen(now: number): number[] {
    const freed = this.stocks
      .filter((stock) => !stock.excluded)
      .flatMap((stock) =>
        this.mode === 'prefix'
          ? stock.prefixes.flatMap(({ freedAt, visibilities }) =>
              [...freedAt].map(([ip, at]) => ({ at, visibility: visibilities.get(ip) })),
            )
          : stock.slots
              .filter(({ holder }) => holder === null)
              .map(({ freedAt, visibility }) => ({ at: freedAt, visibility })),
      );
    return freed.flatMap(({ at, visibility }) =>
      at !== null && now - at < this.cooldownMs && visibility !== 'unseen' ? at : [],
    );
  }

  /** Addresses that pods hold on one ENI, in either mode: awscni_assigned_ip_per_eni. */
  assignedOn(stock: EniStock): number {
    return heldSlots(stock) + heldInPrefixes(stock) + stock.ipv6Held.size;
  }

  get freePrefixes(): number {
    return this.sum((stock) => stock.prefixes.filter((prefix) => prefix.held.size === 0).length);
  }

  get prefixCount(): number {
    return this.sum((stock) => stock.prefixes.length);
  }

  private sum(count: (stock: EniStock) => number): number {
    return this.stocks.reduce((total, stock) => total + (stock.excluded ? 0 : count(stock)), 0);
  }

  private assignFrom(stock: EniStock, holder: string, now: number): string | null {
    if (this.mode === 'ipv6') return assignIpv6(stock, holder);
    if (this.mode === 'prefix') {
      for (const prefix of stock.prefixes) {
        const ip = assignInPrefix(prefix, holder, now, this.cooldownMs);
        if (ip !== null) return ip;
      }
      return null;
    }
    const free = stock.slots.find(
      (slot) => slot.holder === null && (slot.freedAt === null || now - slot.freedAt >= this.cooldownMs),
    );
    if (free === undefined) return null;
    free.holder = holder;
    free.freedAt = null;
    return free.ip;
  }
}

const heldSlots = ({ slots }: EniStock): number => slots.filter(({ holder }) => holder !== null).length;

const heldInPrefixes = ({ prefixes }: EniStock): number => prefixes.reduce((sum, { held }) => sum + held.size, 0);

/** All 16 addresses are usable, including the first and the last (vpc-cni §2.2). */
function assignInPrefix(prefix: PrefixStock, holder: string, now: number, cooldownMs: number): string | null {
  if (prefix.held.size === 16) return null;
  for (let offset = 0; offset < 16; offset += 1) {
    const ip = numberToIpv4(prefix.first + offset);
    const freedAt = prefix.freedAt.get(ip);
    if (prefix.held.has(ip) || (freedAt !== undefined && now - freedAt < cooldownMs)) continue;
    prefix.freedAt.delete(ip);
    prefix.held.set(ip, holder);
    return ip;
  }
  return null;
}

function assignIpv6(stock: EniStock, holder: string): string | null {
  if (stock.ipv6Prefix === null) return null;
  const base = must(parseCidr(stock.ipv6Prefix), 'IPv6 prefix').first;
  const ip = bigIntToIp(base + stock.ipv6Next++, 6);
  stock.ipv6Held.set(ip, holder);
  return ip;
}
