/** What is counted while records are compared with the truth, and what who compares must know. */
export interface Counts {
  interfaces: number;
  /** Whose ENI the facts suffice to find. */
  linkable: number;
  linked: number;
  /** Right although the facts need not suffice. */
  beyond: number;
  /** Rightly without an ENI. */
  none: number;
  wrong: number;
  unlinked: number;
  /** Claimed as observed, and wrong: the worst that can happen. */
  observedWrong: number;
  missing: number;
  extra: number;
  enis: number;
  slots: number;
  prefixes: number;
  pools: number;
  nodes: number;
  findings: number;
  subnets: number;
  ipPools: number;
  hostNics: number;
  claims: number;
  attachments: number;
  /** More certain than the facts allow. */
  tooSure: number;
  /** Rightly left open, with every candidate named. */
  open: number;
  cooling: number;
  /** Addresses that cool, and that no API names. */
  coolingUnnamed: number;
  /** Pools of which it is known how many addresses cool. */
  coolingPools: number;
  headrooms: number;
}

export const noCounts = (): Counts => ({
  interfaces: 0,
  linkable: 0,
  linked: 0,
  beyond: 0,
  none: 0,
  wrong: 0,
  unlinked: 0,
  observedWrong: 0,
  missing: 0,
  extra: 0,
  enis: 0,
  slots: 0,
  prefixes: 0,
  pools: 0,
  nodes: 0,
  findings: 0,
  subnets: 0,
  ipPools: 0,
  hostNics: 0,
  claims: 0,
  attachments: 0,
  tooSure: 0,
  open: 0,
  cooling: 0,
  coolingUnnamed: 0,
  coolingPools: 0,
  headrooms: 0,
});

export type Say = (difference: string) => void;

export interface Known {
  /**
   * Whether ipamd's figures were read. Without them nobody can tell which address of a card a multi-NIC pod holds there, so
   * the free addresses of that card must be unknown, not warm (vpc-cni §3).
   */
  readonly ipamd: boolean;
  /** Every ENI of the account was read: free blocks of a subnet are what is truly free. Default: at most as many are. */
  readonly everyEni?: boolean;
  /** Who has watched since then (epoch milliseconds) saw which addresses were given back, and that they cool down. */
  readonly watchingSince?: number;
}

/** `node:a` → `a`; simulated names hold nothing that ids encode. */
export const bare = (id: string | null): string | null => (id === null ? null : id.slice(id.indexOf(':') + 1));
export const show = (value: unknown): string => JSON.stringify(value);
export const equalSets = (a: readonly string[], b: readonly string[]): boolean =>
  show([...a].sort()) === show([...b].sort());
