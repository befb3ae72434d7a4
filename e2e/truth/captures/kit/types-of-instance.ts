/** Limits of the instance types that the captures use (vpc-cni §8). */
import type { InstanceLimits } from './types';

const cards = (count: number, enis: number): number[] => Array.from({ length: count }, () => enis);

export const LIMITS: Readonly<Record<string, InstanceLimits>> = {
  'e2-none': { cards: [1], ipv4PerEni: 2 },
  't3.micro': { cards: [2], ipv4PerEni: 2 },
  't3.small': { cards: [3], ipv4PerEni: 4 },
  't3.medium': { cards: [3], ipv4PerEni: 6 },
  'r7g.medium': { cards: [2], ipv4PerEni: 4, branches: 4 },
  'm4.large': { cards: [2], ipv4PerEni: 10, hypervisor: 'xen' },
  'm5.large': { cards: [3], ipv4PerEni: 10, branches: 9 },
  'r8a.xlarge': { cards: [4], ipv4PerEni: 15 },
  'm5.xlarge': { cards: [4], ipv4PerEni: 15, branches: 18 },
  'c5.4xlarge': { cards: [8], ipv4PerEni: 30, branches: 54 },
  'g5.8xlarge': { cards: [8], ipv4PerEni: 30 },
  'm5.metal': { cards: [15], ipv4PerEni: 50, branches: 120, bareMetal: true },
  'm8i.96xlarge': { cards: [24], ipv4PerEni: 64, branches: 98 },
  'hpc7a.96xlarge': { cards: cards(2, 2), ipv4PerEni: 50 },
  'trn1.32xlarge': { cards: cards(8, 5), ipv4PerEni: 50, branches: 82 },
  'p4d.24xlarge': { cards: cards(4, 15), ipv4PerEni: 50, branches: 62 },
  'c6in.32xlarge': { cards: cards(2, 8), ipv4PerEni: 50, branches: 106 },
  'p5.48xlarge': { cards: cards(32, 2), ipv4PerEni: 50, branches: 120 },
  'p6-b200.48xlarge': { cards: cards(8, 4), ipv4PerEni: 50 },
  'p6-b300.48xlarge': { cards: cards(17, 4), ipv4PerEni: 50 },
};
