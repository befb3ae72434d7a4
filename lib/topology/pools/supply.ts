/**
 * What subnets can still give: free addresses, and free aligned /28 blocks as far as EC2 shows them (vpc-cni.md §10,
 * PREFIX_FRAGMENTED; ENIs of other accounts in a shared subnet are not seen, so there may be fewer blocks, never more).
 *
 * An answer stops at what is enough for the asker, and what was asked is kept: so a node is derived again only when an
 * answer that it got would be another, not for every address that some node takes.
 */
import type { Facts } from '../facts/facts';
import { ENIS } from '../facts/source-ids';

/** Per subnet the most that anybody asked for; 0 where nobody did. */
export interface Asked {
  readonly addresses: number;
  readonly blocks: number;
}

export class Supply {
  readonly #facts: Facts;
  readonly asked = new Map<string, Asked>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Free addresses, at most `enough`; null when EC2 does not say. */
  addresses(subnet: string, enough: number): number | null {
    const asked = this.#asked(subnet);
    this.asked.set(subnet, { ...asked, addresses: Math.max(asked.addresses, enough) });
    return upTo(enough, freeAddresses(this.#facts, subnet));
  }

  /** Free aligned /28 blocks, at most `enough`; null when not known. */
  blocks(subnet: string, enough: number): number | null {
    const asked = this.#asked(subnet);
    this.asked.set(subnet, { ...asked, blocks: Math.max(asked.blocks, enough) });
    return upTo(enough, freeBlocks(this.#facts, subnet));
  }

  #asked(subnet: string): Asked {
    return this.asked.get(subnet) ?? { addresses: 0, blocks: 0 };
  }
}

const upTo = (enough: number, value: number | null): number | null => (value === null ? null : Math.min(enough, value));

const freeAddresses = (facts: Facts, subnet: string): number | null =>
  facts.get('subnet', subnet)?.availableAddresses ?? null;

export function freeBlocks(facts: Facts, id: string): number | null {
  const cidr = facts.get('subnet', id)?.cidr ?? null;
  if (cidr === null || !facts.isKnown(ENIS)) return null;
  const explicit: string[] = [];
  for (const key of facts.reservationsBySubnet.idsOf(id)) {
    const reservation = facts.get('subnetReservation', key);
    if (reservation?.type === 'explicit') explicit.push(reservation.cidr);
  }
  return facts.blocks.free(id, cidr, explicit);
}

/** One subnet as it stands now, to be compared with what a node was told of it. */
export class Stock {
  readonly #facts: Facts;
  readonly #subnet: string;
  readonly addresses: number | null;
  #blocks: number | null | undefined;

  constructor(facts: Facts, subnet: string) {
    this.#facts = facts;
    this.#subnet = subnet;
    this.addresses = freeAddresses(facts, subnet);
  }

  /** Reckoned when first asked for: it walks over the subnet's blocks. */
  get blocks(): number | null {
    this.#blocks ??= freeBlocks(this.#facts, this.#subnet);
    return this.#blocks;
  }

  /** What somebody who asked so much was, or would be, told. */
  answer({ addresses, blocks }: Asked): string {
    const told = [upTo(addresses, this.addresses), blocks === 0 ? 0 : upTo(blocks, this.blocks)];
    return told.map(String).join(' ');
  }
}
