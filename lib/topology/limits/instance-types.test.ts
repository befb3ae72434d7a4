import { describe, expect, it } from 'vitest';
import { maxPodsByFormula } from '../pools/headroom';
import { readSettings } from '../context/settings';
import { limitsOf, vcpusBySize, type Limits } from './instance-types';

const known = (type: string): Limits => {
  const limits = limitsOf(type, undefined);
  if (limits === null) throw new Error(`${type} is not in the table`);
  return limits;
};

describe('limits', () => {
  it.each([
    ['m5.large', 29, 110, 20, 110],
    ['t3.medium', 17, 110, 12, 110],
    ['m5.xlarge', 58, 110, 44, 110],
    ['c5n.18xlarge', 737, 250, 688, 250],
    ['p4d.24xlarge', 737, 250, 688, 250],
    ['p5.48xlarge', 100, 250, 51, 250],
    ['c6in.32xlarge', 394, 250, 345, 250],
    // Xen: prefixes fall back to single addresses.
    ['m4.large', 20, 20, 11, 11],
  ])('max pods of %s (vpc-cni §8)', (type, base, prefix, custom, both) => {
    const limits = known(type);
    const formula = (env: Readonly<Record<string, string>>) =>
      maxPodsByFormula(limits, readSettings({ version: null, env }, limits));
    const pd = { ENABLE_PREFIX_DELEGATION: 'true' };
    const cn = { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true' };
    expect([formula({}), formula(pd), formula(cn), formula({ ...pd, ...cn })]).toEqual([base, prefix, custom, both]);
  });

  it.each([
    [2, 110],
    [30, 110],
    [31, 250],
    // A type without a size in its name (metal) is a large one.
    [null, 250],
  ])('prefixes of a type with %s vCPUs give at most %i pods', (vcpus, cap) => {
    const limits = { ...known('c5n.18xlarge'), vcpus };
    const settings = readSettings({ version: null, env: { ENABLE_PREFIX_DELEGATION: 'true' } }, limits);
    expect(maxPodsByFormula(limits, settings)).toBe(cap);
  });

  it.each([
    ['m5.large', 29],
    ['p4d.24xlarge', 737],
  ])('of a node without aws-node, %s: the usual formula', (type, pods) =>
    expect(maxPodsByFormula(known(type), null)).toBe(pods),
  );

  it.each([
    ['m5.large', 2],
    ['m5.xlarge', 4],
    ['m5.24xlarge', 96],
    ['c5.metal', null],
  ])('vCPUs of %s by size', (type, vcpus) => expect(vcpusBySize(type)).toBe(vcpus));

  it('uses EC2 first, and the table if EC2 has no answer', () => {
    const fact = {
      type: 'm5.large',
      ipv4PerEni: 12,
      maxEnis: 4,
      defaultCard: 0,
      cards: [],
      performance: 'Up to 10 Gigabit',
      hypervisor: 'nitro',
      bareMetal: false,
      trunkCompatible: null,
      maxBranchEnis: null,
      vcpus: 2,
    };
    expect(limitsOf('m5.large', fact)).toMatchObject({
      enisPerCard: 4,
      ipv4PerEni: 12,
      maxBranchEnis: 9,
      source: 'ec2',
    });
    expect(limitsOf('m5.large', { ...fact, ipv4PerEni: null })).toMatchObject({ ipv4PerEni: 10 });
    expect(limitsOf('new.type', { ...fact, type: 'new.type' })).toMatchObject({
      enisPerCard: 4,
      trunkCompatible: null,
    });
    expect(limitsOf('new.type', { ...fact, type: 'new.type', maxEnis: null })).toBeNull();
    expect(limitsOf('new.type', undefined)).toBeNull();
    expect(limitsOf(null, undefined)).toBeNull();
  });

  it('uses the default card, not the sum over cards, of an answer with cards', () => {
    const limits = limitsOf('c6in.32xlarge', {
      type: 'c6in.32xlarge',
      ipv4PerEni: 50,
      maxEnis: 16,
      defaultCard: 0,
      cards: [0, 1].map((index) => ({ index, maxEnis: 8, performance: '100 Gigabit' })),
      performance: null,
      hypervisor: 'nitro',
      bareMetal: false,
      trunkCompatible: null,
      maxBranchEnis: null,
      vcpus: null,
    });
    expect(limits).toMatchObject({ enisPerCard: 8, maxBranchEnis: 106, vcpus: 128 });
    expect(limits?.cards).toHaveLength(2);
  });
});
