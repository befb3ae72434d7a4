/**
 * The five calls, most urgent first: how each reads its facts, how often, and the reason shown if there are none.
 */
import type { SourceId } from '../../../model/source-id';
import { EC2_CALLS, type AnyEc2Row } from '../../../normalise/ec2/calls';
import type { EniFact } from '../../../model/facts';
import type { Entry } from '../observe';
import { ours, reason, type Reason } from '../reason';
import {
  describeInstances,
  describeInstanceTypes,
  describeSubnets,
  filtersOver,
  getSubnetCidrReservations,
  type Describe,
} from './describe';
import type { FreshReads, InterfaceSweeps } from './interfaces';
import type { Inventory } from './inventory';
import type { Ec2Policy } from './policy';
import type { ReservationRead } from './xml/projection';

/** The dependencies of a call. */
export interface CallContext {
  readonly describe: Describe;
  readonly inventory: Inventory;
  readonly sweeps: InterfaceSweeps;
  readonly now: () => number;
  /** Instance ids of the cluster's nodes, at least one. */
  readonly instances: readonly string[];
  /** Addresses of nodes that are not EC2 instances. */
  readonly addresses: readonly string[];
  /** The VPC according to a source other than EC2. */
  readonly vpc: string | null;
  /** Instance types in the nodes' labels. */
  readonly labelledTypes: readonly string[];
  /** Starts collecting the results of targeted reads until the call has ended. */
  readonly freshReads: () => FreshReads;
  /** Whether the VPCs of all instances are known. */
  readonly areAllVpcs: boolean;
  /** Called with the interfaces of each page during the first sweep. */
  readonly onPage: (enis: readonly EniFact[]) => void;
  /** Called at the end of a sweep with the time at which each instance was read, epoch milliseconds. */
  readonly onSweep: (requestedAt: ReadonlyMap<string, number>) => void;
}

/** One EC2 call. */
export interface Call {
  readonly row: AnyEc2Row;
  readonly everyMs: (policy: Ec2Policy) => number;
  /** All facts, or the reason why there are none: nothing to read, or an answer without the cluster's instances. */
  read(context: CallContext): Promise<readonly Entry[] | Reason>;
}

const rowOf = (id: SourceId): AnyEc2Row => {
  const row = EC2_CALLS.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row for ${id}`);
  return row;
};

async function gather<T>(parts: readonly T[], read: (part: T) => Promise<readonly unknown[]>): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const part of parts) found.push(...(await read(part)));
  return found;
}

/** Types of the described instances and those in the nodes' labels, in case DescribeInstances is denied. Sorted. */
export const wantedTypes = (inventory: Inventory, labelled: readonly string[]): string[] =>
  [...new Set([...labelled, ...inventory.instanceTypes])].sort();

/**
 * Every instance has an interface, so an answer that knows none of them is about another region or account: EC2 finds
 * nothing there and reports no error.
 */
async function knowsNone({ client }: Describe, { length }: readonly string[]): Promise<Reason> {
  const region = ours(await client.config.region());
  return reason`EC2 in ${region} knows none of the ${length} instances of this cluster's nodes; check the region and the account (AWS_REGION, AWS_PROFILE)`;
}

/** DescribeNetworkInterfaces, by sweeps. */
export const NETWORK_INTERFACES: Call = {
  row: rowOf('ec2/network-interfaces'),
  everyMs: ({ pollMs }) => pollMs,
  async read({ describe, inventory, sweeps, vpc, freshReads, ...context }) {
    const vpcs = vpc === null ? inventory.vpcs : new Set([...inventory.vpcs, vpc]);
    const onPage = inventory.hasSweep ? () => undefined : context.onPage;
    const sweep = await sweeps.sweep(describe, { ...context, vpcs, onPage }, freshReads());
    const known = new Set(context.instances);
    if (![...sweep.enis.values()].some(({ instanceId }) => known.has(instanceId ?? '')))
      return knowsNone(describe, context.instances);
    inventory.takeSweep(sweep);
    context.onSweep(sweep.requestedAt);
    return [...sweep.enis.values()].map(entryOf);
  },
};

/** An interface and its key. */
export const entryOf = (fact: EniFact): Entry => ({ key: fact.id, fact });

/** Describes these instances; the answer may lack some of them. */
export async function readInstances(
  describe: Describe,
  instances: readonly string[],
): Promise<readonly ReservationRead[]> {
  const found: ReservationRead[] = [];
  for (const filters of filtersOver('instance-id', instances))
    for (const read of await describeInstances(describe, filters)) found.push(read);
  return found;
}

/** The instances in reservations, keyed by id. */
export const instanceEntries = (found: readonly ReservationRead[]): Entry[] =>
  found.flatMap(({ instances }) => instances.map((fact) => ({ key: fact.id, fact })));

/** DescribeInstances. */
export const INSTANCES: Call = {
  row: rowOf('ec2/instances'),
  everyMs: ({ slowMs }) => slowMs,
  async read({ describe, inventory, instances }) {
    const found = await readInstances(describe, instances);
    const entries = instanceEntries(found);
    if (entries.length === 0) return knowsNone(describe, instances);
    inventory.replaceInstances(instances, found);
    describe.projection.instancesSwept();
    return entries;
  },
};

/** DescribeInstanceTypes. */
export const INSTANCE_TYPES: Call = {
  row: rowOf('ec2/instance-types'),
  everyMs: ({ typesMs }) => typesMs,
  async read({ describe, inventory, labelledTypes }) {
    const types = wantedTypes(inventory, labelledTypes);
    if (types.length === 0) return reason`no instance type is known: neither DescribeInstances nor the nodes name one`;
    const raw = await gather(filtersOver('instance-type', types), (filters) =>
      describeInstanceTypes(describe, filters),
    );
    inventory.takeTypes(types);
    return this.row.normalise(raw);
  },
};

const SUBNETS: Call = {
  row: rowOf('ec2/subnets'),
  everyMs: ({ pollMs }) => pollMs,
  async read({ describe, inventory: { vpcs } }) {
    if (vpcs.size === 0)
      return reason`no VPC is known: neither DescribeNetworkInterfaces nor DescribeInstances named one`;
    return this.row.normalise(await describeSubnets(describe, [{ Name: 'vpc-id', Values: [...vpcs] }]));
  },
};

const SUBNET_CIDR_RESERVATIONS: Call = {
  row: rowOf('ec2/subnet-cidr-reservations'),
  everyMs: ({ slowMs }) => slowMs,
  async read({ describe, inventory: { subnets } }) {
    if (subnets.length === 0) return reason`no subnet is known: DescribeNetworkInterfaces named none`;
    return this.row.normalise(await gather(subnets, (subnet) => getSubnetCidrReservations(describe, subnet)));
  },
};

/** Most urgent first. */
export const CALLS: readonly Call[] = [
  NETWORK_INTERFACES,
  INSTANCES,
  INSTANCE_TYPES,
  SUBNETS,
  SUBNET_CIDR_RESERVATIONS,
];
