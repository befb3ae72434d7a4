/**
 * What subnets can still provide: free addresses, and free aligned /28 blocks as far as EC2 shows them (vpc-cni §10,
 * PREFIX_FRAGMENTED). ENIs of other accounts in a shared subnet are not visible, so there may be fewer blocks, but never
 * more.
 *
 * An answer is capped at what is enough for the caller, so that a node runs again only if its answer changes, not for every
 * address that some node takes.
 */
import { ENIS } from '../../model/source-ids';
import type { FactQuery, FactReader, FreeBlocks } from '../facts/reader';
import type { SubnetSupply } from './room';

const freeAddresses = (facts: FactReader, subnet: string): number | null =>
  facts.get('subnet', subnet)?.availableAddresses ?? null;

/** Free aligned /28 blocks of a subnet; null if not known. */
export function freeBlocks(facts: FactReader, subnet: string): FreeBlocks | null {
  const cidr = facts.get('subnet', subnet)?.cidr ?? null;
  if (cidr === null || !facts.isKnown(ENIS)) return null;
  return facts.freeBlocks(subnet, cidr, facts.factsOf('reservationsBySubnet', subnet));
}

/** Asked with `SUBNET ENOUGH`. */
const upTo = (name: string, of: (facts: FactReader, subnet: string) => number | null): FactQuery<number | null> => ({
  name,
  of: (facts, key) => {
    const blank = key.lastIndexOf(' ');
    const value = of(facts, key.slice(0, blank));
    return value === null ? null : Math.min(value, Number(key.slice(blank + 1)));
  },
});

const addressesUpTo = upTo('freeAddresses', freeAddresses);
const blocksUpTo = upTo('freeBlocks', (facts, subnet) => freeBlocks(facts, subnet)?.all ?? null);
const reservedUpTo = upTo('reservedBlocks', (facts, subnet) => freeBlocks(facts, subnet)?.reserved ?? 0);

/** What subnets can still provide, read through the unit’s reader. */
export class Supply implements SubnetSupply {
  readonly #facts: FactReader;

  constructor(facts: FactReader) {
    this.#facts = facts;
  }

  /** Free addresses, at most `enough`; null if EC2 does not report them. */
  addresses(subnet: string, enough: number): number | null {
    return this.#facts.ask(addressesUpTo, `${subnet} ${enough}`);
  }

  /** Free aligned /28 blocks, at most `enough`; null if not known. */
  blocks(subnet: string, enough: number): number | null {
    return this.#facts.ask(blocksUpTo, `${subnet} ${enough}`);
  }

  /** Free blocks in CIDR reservations for prefixes, at most `enough`. */
  reserved(subnet: string, enough: number): number {
    return this.#facts.ask(reservedUpTo, `${subnet} ${enough}`) ?? 0;
  }
}
