/**
 * Finds the cluster's network interfaces: those attached to its instances; the branches of its trunks, which are
 * attached to nothing (vpc-cni §5.1); unattached ones tagged by the CNI or the resource controller, which may have
 * leaked; and those with the address of a node that is not an instance (Fargate).
 *
 * There are two ways to find the same interfaces. By instances: EC2 is queried for the interfaces of as many instances
 * as fit in a page, so that a page contains whole nodes; the first sweep always does this. By VPC: EC2 is queried for
 * all interfaces of the cluster's VPCs, and those of others are dropped; later sweeps do this if it needs fewer calls
 * (docs/decisions/0010-ec2-xml.md).
 *
 * A sweep takes many calls. A targeted read of an instance in the meantime is newer than the sweep's page and wins.
 */
import { INSTANCE_ID_TAG } from '../../../model/eni-tags';
import type { Filter } from '@aws-sdk/client-ec2';
import type { EniFact } from '../../../model/facts';
import { chunksOf, describeNetworkInterfaces, filtersOver, MOST_VALUES, PAGE, type Describe } from './describe';

const ATTACHED = 'attachment.instance-id';
const TRUNK_TAG = 'vpcresources.k8s.aws/trunk-eni-id';
const OWNER_TAGS = [INSTANCE_ID_TAG, 'eks:eni:owner'];
const ADDRESS = 'addresses.private-ip-address';

/** The scope of a sweep. */
export interface SweepOptions {
  readonly instances: readonly string[];
  /** Addresses of nodes that are not EC2 instances. */
  readonly addresses: readonly string[];
  readonly vpcs: ReadonlySet<string>;
  /** Whether every instance of the cluster was described, so that `vpcs` has all VPCs of their interfaces. */
  readonly areAllVpcs: boolean;
  readonly now: () => number;
  /** Called with each page's interfaces that were in no earlier page. */
  readonly onPage: (enis: readonly EniFact[]) => void;
}

/** The result of a sweep, by interface id and by instance id. */
export interface Sweep {
  readonly enis: ReadonlyMap<string, EniFact>;
  /** When each instance was read; epoch milliseconds. */
  readonly requestedAt: ReadonlyMap<string, number>;
}

/** Reads the interfaces of at most 200 instances. */
export async function readAttached(describe: Describe, instances: readonly string[]): Promise<EniFact[]> {
  const enis: EniFact[] = [];
  const filters = [{ Name: ATTACHED, Values: [...instances] }];
  for await (const page of describeNetworkInterfaces(describe, filters)) enis.push(...page.enis);
  return enis;
}

/** A targeted read of one instance. */
export interface FreshRead {
  /** When it started, epoch milliseconds. */
  readonly at: number;
  readonly enis: readonly EniFact[];
}
/** Targeted reads by instance id since a sweep started; grows while it runs. */
export type FreshReads = ReadonlyMap<string, FreshRead>;

/** The fraction of a page to fill, because instances differ in their number of interfaces. */
const FULL = 0.9;

/** Reads all interfaces of the cluster repeatedly and records the cost of each way. */
export class InterfaceSweeps {
  /** Interfaces per instance, on average; null before the first sweep. */
  #perInstance: number | null = null;
  /** Lower bound of the VPCs' pages; null: not tried. */
  #vpcPages: number | null = null;
  readonly #mayAskByVpc: boolean;

  /** `byVpc`: whether answers may contain interfaces of others, which are dropped here. */
  constructor({ byVpc }: { readonly byVpc: boolean }) {
    this.#mayAskByVpc = byVpc;
  }

  /** Runs one sweep. If an instance was read individually after its page, that newer read wins. */
  async sweep(describe: Describe, options: SweepOptions, fresh: FreshReads): Promise<Sweep> {
    const found = (await this.#byVpc(describe, options)) ?? (await this.#byInstances(describe, options));
    const { enis, requestedAt } = found;
    for (const [instance, { at, enis: now }] of fresh) {
      if (at < (requestedAt.get(instance) ?? Number.NEGATIVE_INFINITY)) continue;
      for (const eni of enis.values()) if (eni.instanceId === instance) enis.delete(eni.id);
      for (const eni of now) enis.set(eni.id, eni);
    }
    describe.projection.interfacesSwept();
    return found;
  }

  async #byInstances(describe: Describe, options: SweepOptions): Promise<Found> {
    const found = new Found(options);
    await this.#takeAttached(describe, options.instances, found);
    const vpcs = new Set(options.vpcs);
    for (const { vpc } of found.enis.values()) if (vpc !== null) vpcs.add(vpc);

    const trunks = [...found.enis.values()].filter(isTrunk).map(({ id }) => id);
    for (const filters of filtersOver(`tag:${TRUNK_TAG}`, trunks)) await take(describe, filters, found);
    if (vpcs.size > 0) {
      const inVpc: Filter = { Name: 'vpc-id', Values: [...vpcs] };
      const leaked = [{ Name: 'status', Values: ['available'] }, { Name: 'tag-key', Values: OWNER_TAGS }, inVpc];
      await take(describe, leaked, found);
      for (const filters of filtersOver(ADDRESS, options.addresses, inVpc)) await take(describe, filters, found);
    }
    return found;
  }

  /** Reads as many instances at once as fill a page with interfaces. */
  async #takeAttached(describe: Describe, instances: readonly string[], found: Found): Promise<void> {
    let asked = 0;
    const before = found.enis.size;
    while (asked < instances.length) {
      const chunk = instances.slice(asked, asked + this.#instancesAPage());
      const at = found.options.now();
      await take(describe, [{ Name: ATTACHED, Values: chunk }], found);
      for (const instance of chunk) found.requestedAt.set(instance, at);
      asked += chunk.length;
      this.#perInstance = Math.max(1, (found.enis.size - before) / asked);
    }
  }

  #instancesAPage(): number {
    const fitting = this.#perInstance === null ? MOST_VALUES : Math.floor((FULL * PAGE) / this.#perInstance);
    return Math.max(1, Math.min(MOST_VALUES, fitting));
  }

  /** Reads by VPC; null if the other way probably needs fewer calls, or if the VPCs are not known. */
  async #byVpc(describe: Describe, options: SweepOptions): Promise<Found | null> {
    const { instances, addresses, vpcs, areAllVpcs } = options;
    if (!this.#mayAskByVpc || this.#perInstance === null || !areAllVpcs || vpcs.size === 0 || vpcs.size > MOST_VALUES)
      return null;
    const ownInterfaces = instances.length * this.#perInstance;
    // One more call for possibly leaked interfaces.
    const most = Math.ceil(instances.length / this.#instancesAPage()) + 1 + chunksOf(addresses).length;
    if ((this.#vpcPages ?? Math.ceil(ownInterfaces / PAGE)) >= most) return null;

    const found = new Found(options);
    const at = options.now();
    const branches: EniFact[] = [];
    let pages = 0;
    const inVpc = [{ Name: 'vpc-id', Values: [...vpcs] }];
    for await (const { enis, isLast } of describeNetworkInterfaces(describe, inVpc)) {
      pages++;
      found.take(enis.filter((eni) => found.isOwn(eni)));
      branches.push(...enis.filter((eni) => eni.tags[TRUNK_TAG] !== undefined));
      if (isLast) break;
      // The expected number of pages, extrapolated from those so far.
      const expected = Math.max(pages + 1, Math.ceil((pages * ownInterfaces) / Math.max(1, found.enis.size)));
      if (expected >= most) {
        this.#vpcPages = expected;
        return null;
      }
    }
    this.#vpcPages = pages;
    const trunks = new Set([...found.enis.values()].filter(isTrunk).map(({ id }) => id));
    found.take(branches.filter((eni) => trunks.has(eni.tags[TRUNK_TAG] ?? '')));
    for (const instance of instances) found.requestedAt.set(instance, at);
    this.#perInstance = Math.max(1, found.enis.size / instances.length);
    // Instances that joined since the instances were described.
    for (const chunk of chunksOf(found.unseen())) found.take(await readAttached(describe, chunk));
    return found;
  }
}

const isTrunk = ({ interfaceType }: EniFact): boolean => interfaceType === 'trunk';

async function take(describe: Describe, filters: Filter[], found: Found): Promise<void> {
  for await (const { enis } of describeNetworkInterfaces(describe, filters)) found.take(enis);
}

class Found implements Sweep {
  readonly enis = new Map<string, EniFact>();
  readonly requestedAt = new Map<string, number>();
  readonly options: SweepOptions;
  readonly #instances: ReadonlySet<string>;
  readonly #addresses: ReadonlySet<string>;

  constructor(options: SweepOptions) {
    this.options = options;
    this.#instances = new Set(options.instances);
    this.#addresses = new Set(options.addresses);
  }

  /** Adds the interfaces that were in no earlier page. */
  take(page: readonly EniFact[]): void {
    const added = page.filter(({ id }) => !this.enis.has(id));
    for (const eni of added) this.enis.set(eni.id, eni);
    if (added.length > 0) this.options.onPage(added);
  }

  /** The same condition as the filters of the other way, except for branches, which need their trunk. */
  isOwn({ instanceId, status, tags, primaryIp, secondaryIps }: EniFact): boolean {
    if (instanceId !== null && this.#instances.has(instanceId)) return true;
    if (status === 'available' && OWNER_TAGS.some((tag) => tags[tag] !== undefined)) return true;
    if (this.#addresses.size === 0) return false;
    return [primaryIp, ...secondaryIps].some((ip) => ip !== null && this.#addresses.has(ip));
  }

  /** Instances without a found interface. */
  unseen(): string[] {
    const seen = new Set([...this.enis.values()].map(({ instanceId }) => instanceId));
    return this.options.instances.filter((id) => !seen.has(id));
  }
}
