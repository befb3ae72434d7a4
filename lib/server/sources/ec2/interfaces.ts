/**
 * Finds the cluster's network interfaces: those attached to its instances; the branches of its trunks, which are
 * attached to nothing (vpc-cni §5.1); unattached ones that the CNI or the resource controller tagged, which may have
 * leaked; and those with the address of a node that is not an instance (Fargate).
 *
 * A sweep takes many calls. When an instance is read by itself in the meantime, that read is newer than the sweep's
 * page and wins.
 */
import type { Filter } from '@aws-sdk/client-ec2';
import type { EniFact } from '../../../model/facts';
import { normaliseEni } from '../../../normalise/ec2/network-interface';
import { chunksOf, describeNetworkInterfaces, filtersOver, PAGE, type Describe } from './describe';

const ATTACHED = 'attachment.instance-id';
const TRUNK_TAG = 'tag:vpcresources.k8s.aws/trunk-eni-id';
const OWNER_TAGS = ['node.k8s.amazonaws.com/instance_id', 'eks:eni:owner'];

export interface SweepOptions {
  readonly instances: readonly string[];
  /** Addresses of nodes that are not instances. */
  readonly addresses: readonly string[];
  readonly vpcs: ReadonlySet<string>;
  readonly now: () => number;
}

export interface Sweep {
  readonly enis: ReadonlyMap<string, EniFact>;
  readonly vpcs: ReadonlySet<string>;
}

/** The SDK parses a page in one go, about 6 µs per address: this many block the event loop for about 90 ms. */
const ADDRESSES_PER_PAGE = 15_000;
const SMALLEST_PAGE = 100;

async function read(describe: Describe, filters: Filter[]): Promise<EniFact[]> {
  const enis = normalised(await describeNetworkInterfaces(describe, filters));
  const addresses = enis.reduce((sum, eni) => sum + 1 + eni.secondaryIps.length + eni.ipv6Addresses.length, 0);
  if (addresses > 0) {
    const fitting = Math.floor((ADDRESSES_PER_PAGE * enis.length) / addresses);
    describe.page.size = Math.min(PAGE, Math.max(SMALLEST_PAGE, fitting));
  }
  return enis;
}

const normalised = (raw: readonly unknown[]): EniFact[] =>
  raw.flatMap((each) => {
    const eni = normaliseEni(each);
    return eni === null ? [] : [eni];
  });

/** The interfaces of some instances, now. At most 200 instances. */
export const readAttached = (describe: Describe, instances: readonly string[]): Promise<EniFact[]> =>
  read(describe, [{ Name: ATTACHED, Values: [...instances] }]);

export interface FreshRead {
  /** When it began; epoch milliseconds. */
  readonly at: number;
  readonly enis: readonly EniFact[];
}
/** What was read of single instances, by id, since a sweep began; filled while it runs. */
export type FreshReads = ReadonlyMap<string, FreshRead>;

/** Reads all interfaces of the cluster. Where an instance was read afresh after its page, the fresh read wins. */
export async function sweepInterfaces(describe: Describe, options: SweepOptions, fresh: FreshReads): Promise<Sweep> {
  const enis = new Map<string, EniFact>();
  const readAt = new Map<string, number>();
  const take = async (filters: Filter[]): Promise<void> => {
    for (const eni of await read(describe, filters)) {
      if (!enis.has(eni.id)) enis.set(eni.id, eni);
    }
  };

  for (const chunk of chunksOf(options.instances)) {
    const at = options.now();
    await take([{ Name: ATTACHED, Values: chunk }]);
    for (const instance of chunk) readAt.set(instance, at);
  }
  const vpcs = new Set(options.vpcs);
  for (const { vpc } of enis.values()) if (vpc !== null) vpcs.add(vpc);

  const trunks = [...enis.values()].filter((eni) => eni.interfaceType === 'trunk').map(({ id }) => id);
  for (const filters of filtersOver(TRUNK_TAG, trunks)) await take(filters);
  if (vpcs.size > 0) {
    const inVpc: Filter = { Name: 'vpc-id', Values: [...vpcs] };
    await take([{ Name: 'status', Values: ['available'] }, { Name: 'tag-key', Values: OWNER_TAGS }, inVpc]);
    for (const filters of filtersOver('addresses.private-ip-address', options.addresses, inVpc)) await take(filters);
  }

  for (const [instance, { at, enis: now }] of fresh) {
    if (at < (readAt.get(instance) ?? Number.NEGATIVE_INFINITY)) continue;
    for (const eni of enis.values()) if (eni.instanceId === instance) enis.delete(eni.id);
    for (const eni of now) enis.set(eni.id, eni);
  }
  return { enis, vpcs };
}
