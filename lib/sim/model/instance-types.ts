/**
 * The instance types of the scenes, with their real limits (DescribeInstanceTypes and vpc-resource-controller's limits;
 * vpc-cni §8). Separate from the product's table, so that a mistake there is detected.
 */
export interface InstanceType {
  readonly name: string;
  /** Number of network cards. */
  readonly cards: number;
  /** ENIs per card; the same for all cards on every type here. */
  readonly enisPerCard: number;
  readonly ipv4PerEni: number;
  readonly hypervisor: 'nitro' | 'xen' | '';
  readonly bareMetal: boolean;
  readonly vcpus: number;
  readonly memoryGiB: number;
  readonly performance: string;
  readonly trunkCompatible: boolean;
  readonly branchEnis: number;
  readonly efa: boolean;
}

const type = (
  name: string,
  [cards, enisPerCard, ipv4PerEni]: readonly [number, number, number],
  [vcpus, memoryGiB, performance]: readonly [number, number, string],
  branchEnis: number,
  rest: Partial<Pick<InstanceType, 'hypervisor' | 'bareMetal' | 'efa'>> = {},
): InstanceType => ({
  name,
  cards,
  enisPerCard,
  ipv4PerEni,
  vcpus,
  memoryGiB,
  performance,
  trunkCompatible: branchEnis > 0,
  branchEnis,
  hypervisor: 'nitro',
  bareMetal: false,
  efa: false,
  ...rest,
});

const TYPES: readonly InstanceType[] = [
  type('t3.medium', [1, 3, 6], [2, 4, 'Up to 5 Gigabit'], 0),
  type('m4.large', [1, 2, 10], [2, 8, 'Moderate'], 0, { hypervisor: 'xen' }),
  type('m5.large', [1, 3, 10], [2, 8, 'Up to 10 Gigabit'], 9),
  type('m6g.large', [1, 3, 10], [2, 8, 'Up to 10 Gigabit'], 9),
  type('m5.xlarge', [1, 4, 15], [4, 16, 'Up to 10 Gigabit'], 18),
  type('m6i.2xlarge', [1, 4, 15], [8, 32, 'Up to 12.5 Gigabit'], 38),
  type('m5.4xlarge', [1, 8, 30], [16, 64, 'Up to 10 Gigabit'], 54),
  type('c7i.4xlarge', [1, 8, 30], [16, 32, 'Up to 12.5 Gigabit'], 54),
  type('c6i.8xlarge', [1, 8, 30], [32, 64, '12.5 Gigabit'], 84),
  type('c5.metal', [1, 15, 50], [96, 192, '25 Gigabit'], 107, { hypervisor: '', bareMetal: true }),
  type('c6in.32xlarge', [2, 8, 50], [128, 256, '200 Gigabit'], 106, { efa: true }),
  type('p4d.24xlarge', [4, 15, 50], [96, 1152, '4x 100 Gigabit'], 62, { efa: true }),
  // A type that no table lists; only EC2 reports it.
  type('m99.2xlarge', [1, 5, 12], [8, 32, 'Up to 50 Gigabit'], 0),
  type('p5.48xlarge', [32, 2, 50], [192, 2048, '3200 Gigabit'], 120, { efa: true }),
];

const BY_NAME = new Map(TYPES.map((row) => [row.name, row]));

/** The instance type with this name. Throws for one that is not in the table. */
export function instanceType(name: string): InstanceType {
  const found = BY_NAME.get(name);
  if (found === undefined) throw new Error(`simulated cluster: instance type ${name} is not in the table`);
  return found;
}

/** The names of all instance types in the table. */
export const instanceTypeNames: readonly string[] = TYPES.map((row) => row.name);

/** Max pods by the formula of vpc-cni §8: (ENIs − 1 under custom networking) × slots (× 16 with prefixes) + 2, capped. */
export function maxPodsOf(
  row: InstanceType,
  mode: { readonly prefix: boolean; readonly customNetworking: boolean },
): number {
  const enis = row.enisPerCard - (mode.customNetworking ? 1 : 0);
  const pods = enis * (row.ipv4PerEni - 1) * (mode.prefix ? 16 : 1) + 2;
  return mode.prefix ? Math.min(pods, row.vcpus > 30 ? 250 : 110) : pods;
}
