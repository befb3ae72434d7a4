/** One node of each mode of the VPC CNI and Multus, with pods. `modes` shows them all, `randomScene` a random few. */
import { dranet, functions } from './claims';
import {
  adopted,
  cordoned,
  drySubnet,
  efa,
  imdsOnly,
  multiNic,
  noProvisioning,
  tagged,
  taggedSubnets,
} from './management';
import { inventories, multus, namesOnly, noLinks, slices, sriov, twins } from './networks';
import { auto, fargate, hybrid, windows } from './other-computes';
import { customNetworking, ipv6, leftovers, prefix, secondary, securityGroupPods, trunkWanted, xen } from './vpc-cni';

export const MIXES = {
  secondary,
  prefix,
  leftovers,
  xen,
  ipv6,
  customNetworking,
  securityGroupPods,
  trunkWanted,
  multiNic,
  tagged,
  adopted,
  efa,
  cordoned,
  imdsOnly,
  noProvisioning,
  taggedSubnets,
  drySubnet,
  multus,
  twins,
  inventories,
  namesOnly,
  noLinks,
  slices,
  sriov,
  windows,
  auto,
  fargate,
  hybrid,
  dranet,
  functions,
} as const;

export type MixName = keyof typeof MIXES;

export const MIX_NAMES = Object.keys(MIXES) as readonly MixName[];
