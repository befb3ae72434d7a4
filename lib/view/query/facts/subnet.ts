import type { SubnetRecord } from '../../../model/records';
import { layoutEnisUnder } from '../../partial-set';
import { subnetUse } from '../../subnet-use';
import { amount, ownFindingKeys, single, type KindFacts } from './fact';
import { nodeNames, tagTexts } from './names';

/** The keys of subnets. */
export const subnetFacts: KindFacts<SubnetRecord> = {
  keys: {
    subnet: ({ id, tags }) => (tags.Name === undefined ? [id] : [id, tags.Name]),
    zone: ({ zone }) => single(zone),
    ip: ({ cidr, ipv6Cidr }) => [cidr, ipv6Cidr].filter((range) => range !== null),
    tag: ({ tags }) => tagTexts(tags),
    eni: ({ id }, { source }) => layoutEnisUnder(source, 'enisBySubnet', id).map((eni) => eni.id),
    node: ({ id }, { source }) => layoutEnisUnder(source, 'enisBySubnet', id).flatMap(({ node }) => nodeNames(node)),
    free: (subnet) => {
      const { free, size } = subnetUse(subnet);
      return amount(free, size);
    },
    used: (subnet) => {
      const { free, size } = subnetUse(subnet);
      return size === null || free === null ? null : amount(Math.max(0, size - free), size);
    },
    blocks: ({ freePrefixes }) => amount(freePrefixes),
    enis: ({ id }, { source }) => amount(layoutEnisUnder(source, 'enisBySubnet', id).length),
    ...ownFindingKeys<SubnetRecord>(),
  },
  texts: ({ id, cidr, ipv6Cidr, zone, vpc, tags }) => [id, cidr, ipv6Cidr, zone, vpc, ...tagTexts(tags)],
};
