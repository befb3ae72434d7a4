/**
 * Which network interfaces are the cluster's, and how they are found: those attached to its instances; the branches of
 * its trunks, which are attached to nothing (vpc-cni.md §5.1); the unattached ones that the CNI or the resource
 * controller tagged, which may have leaked; and those that hold an address of a node without an instance (Fargate).
 *
 * A sweep takes many calls. An instance that is asked for in between, because something changed on it, is fresher than
 * the page that the sweep read before; the fresher one wins.
 */
import type { Filter } from '@aws-sdk/client-ec2';
import type { EniFact } from '../../../model/facts';
import { normaliseEni } from '../../../normalise/ec2/network-interface';
import { chunksOf, describeNetworkInterfaces, filtersOver, type Describe } from './describe';

const ATTACHED = 'attachment.instance-id';
const TRUNK_TAG = 'tag:vpcresources.k8s.aws/trunk-eni-id';
const OWNER_TAGS = ['node.k8s.amazonaws.com/instance_id', 'eks:eni:owner'];

export interface SweepOptions {
  readonly instances: readonly string[];
  /** Addresses of nodes that are no instances. */
  readonly addresses: readonly string[];
  readonly vpcs: ReadonlySet<string>;
  readonly now: () => number;
}

export interface Sweep {
  readonly enis: ReadonlyMap<string, EniFact>;
  readonly vpcs: ReadonlySet<string>;
}

const normalised = (raw: readonly unknown[]): EniFact[] =>
  raw.flatMap((each) => {
    const eni = normaliseEni(each);
    return eni === null ? [] : [eni];
  });

/** The interfaces of some instances, now. At most 200 instances. */
export const readAttached = async (describe: Describe, instances: readonly string[]): Promise<EniFact[]> =>
  normalised(await describeNetworkInterfaces(describe, [{ Name: ATTACHED, Values: [...instances] }]));

/** `fresher`: what was read of single instances since the sweep began; filled while it runs. */
export async function sweepInterfaces(
  describe: Describe,
  options: SweepOptions,
  fresher: ReadonlyMap<string, { readonly at: number; readonly enis: readonly EniFact[] }>,
): Promise<Sweep> {
  const enis = new Map<string, EniFact>();
  const readAt = new Map<string, number>();
  const take = async (filters: Filter[]): Promise<void> => {
    for (const eni of normalised(await describeNetworkInterfaces(describe, filters))) {
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

  for (const [instance, { at, enis: now }] of fresher) {
    if (at < (readAt.get(instance) ?? Number.NEGATIVE_INFINITY)) continue;
    for (const eni of enis.values()) if (eni.instanceId === instance) enis.delete(eni.id);
    for (const eni of now) enis.set(eni.id, eni);
  }
  return { enis, vpcs };
}
