/**
 * Limits of instance types: ENIs per card, IPv4 addresses per ENI (vpc-cni §8). EC2's response takes precedence over the
 * bundled table (1,391 types, from the tables of the VPC CNI and the resource controller).
 */
import type { InstanceTypeFact } from '../../model/facts';
import table from './instance-types.json';

/** What an instance type allows: cards, ENIs and addresses. */
export interface Limits {
  readonly type: string;
  /** Limits of the default card; in the table, all cards of a type are equal. */
  readonly enisPerCard: number;
  readonly ipv4PerEni: number;
  readonly cards: readonly {
    readonly index: number;
    readonly maxEnis: number | null;
    readonly performance: string | null;
  }[];
  /** Whether ENIs can have /28 prefixes, as on Nitro and bare-metal types; null if not known (vpc-cni §2.2). */
  readonly prefixes: boolean | null;
  readonly trunkCompatible: boolean | null;
  readonly maxBranchEnis: number | null;
  readonly vcpus: number | null;
  readonly source: 'ec2' | 'table';
}

type Row = readonly [
  type: string,
  enisPerCard: number,
  ipv4PerEni: number,
  cards: number,
  hypervisor: string | null,
  bareMetal: boolean,
  trunkCompatible: boolean | null,
  maxBranchEnis: number | null,
];

let byType: ReadonlyMap<string, Row> | null = null;

function rowOf(type: string): Row | undefined {
  byType ??= new Map((table.rows as unknown as readonly Row[]).map((row) => [row[0], row]));
  return byType.get(type);
}

/** vCPUs by the size in the type's name: `8xlarge` = 32. Null if the name has no such size (`metal`). */
export function vcpusBySize(type: string): number | null {
  const size = type.slice(type.indexOf('.') + 1);
  const times = /^(\d*)xlarge$/.exec(size);
  if (times !== null) return 4 * (times[1] === '' ? 1 : Number(times[1]));
  return ['nano', 'micro', 'small', 'medium', 'large'].includes(size) ? 2 : null;
}

function fromTable(type: string): Limits | null {
  const row = rowOf(type);
  if (row === undefined) return null;
  const [, enisPerCard, ipv4PerEni, cards, hypervisor, bareMetal, trunkCompatible, maxBranchEnis] = row;
  return {
    type,
    enisPerCard,
    ipv4PerEni,
    cards: Array.from({ length: cards }, (_, index) => ({ index, maxEnis: enisPerCard, performance: null })),
    prefixes: bareMetal || hypervisor === 'nitro' ? true : hypervisor === null ? null : false,
    trunkCompatible,
    maxBranchEnis,
    vcpus: vcpusBySize(type),
    source: 'table',
  };
}

/** Limits of a type; null if neither EC2 nor the table lists it. */
export function limitsOf(type: string | null, fact: InstanceTypeFact | undefined): Limits | null {
  if (type === null) return null;
  const known = fromTable(type);
  if (fact === undefined) return known;
  const defaultCard = fact.cards.find(({ index }) => index === fact.defaultCard);
  // Without cards in the response, `maxEnis` is that of the only card; with several cards it is their sum (vpc-cni §8).
  const enisPerCard = defaultCard?.maxEnis ?? (fact.cards.length > 1 ? null : fact.maxEnis) ?? known?.enisPerCard;
  const ipv4PerEni = fact.ipv4PerEni ?? known?.ipv4PerEni;
  if (enisPerCard === undefined || ipv4PerEni === undefined) return known;
  return {
    type,
    enisPerCard,
    ipv4PerEni,
    cards:
      fact.cards.length > 0
        ? fact.cards
        : (known?.cards ?? [{ index: 0, maxEnis: enisPerCard, performance: fact.performance }]),
    prefixes: fact.bareMetal || fact.hypervisor === 'nitro' ? true : fact.hypervisor === null ? null : false,
    trunkCompatible: fact.trunkCompatible ?? known?.trunkCompatible ?? null,
    maxBranchEnis: fact.maxBranchEnis ?? known?.maxBranchEnis ?? null,
    vcpus: fact.vcpus ?? vcpusBySize(type),
    source: 'ec2',
  };
}
