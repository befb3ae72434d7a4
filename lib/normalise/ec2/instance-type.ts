/** An element of DescribeInstanceTypes' `InstanceTypes` → InstanceTypeFact (vpc-cni §8). EC2 does not report branch ENI limits. */
import type { InstanceTypeFact } from '../../model/facts';
import { count, fields, flag, objectOrNull, readEach, text } from '../read/guards';

/** Null without an `InstanceType`. Limits that EC2 does not report are null. */
export function normaliseInstanceType(raw: unknown): InstanceTypeFact | null {
  const value = objectOrNull(raw);
  const type = value === null ? null : text(value['InstanceType']);
  if (value === null || type === null) return null;
  const network = fields(value['NetworkInfo']);
  const cards = readEach(network['NetworkCards'], (item) => {
    const card = fields(item);
    const index = count(card['NetworkCardIndex']);
    if (index === null) return null;
    return {
      index,
      maxEnis: count(card['MaximumNetworkInterfaces']),
      performance: text(card['NetworkPerformance']),
    };
  });
  return {
    type,
    ipv4PerEni: count(network['Ipv4AddressesPerInterface']),
    // The sum over all cards.
    maxEnis: count(network['MaximumNetworkInterfaces']),
    defaultCard: count(network['DefaultNetworkCardIndex']) ?? 0,
    cards: cards.toSorted((a, b) => a.index - b.index),
    performance: text(network['NetworkPerformance']),
    hypervisor: text(value['Hypervisor']),
    bareMetal: flag(value['BareMetal']) ?? false,
    trunkCompatible: null,
    maxBranchEnis: null,
    vcpus: count(fields(value['VCpuInfo'])['DefaultVCpus']),
  };
}
