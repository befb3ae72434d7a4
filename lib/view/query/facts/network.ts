import type { NetworkRecord } from '../../../model/records';
import { networkUse } from '../../partial-set';
import { amount, ownFindingKeys, single, yesNo, type KindFacts } from './fact';
import { bareId, networkNames, nodeNames } from './names';

/** The keys of networks. */
export const networkFacts: KindFacts<NetworkRecord> = {
  keys: {
    net: ({ id }) => networkNames(id),
    ns: ({ namespace }) => (namespace === null ? [] : [namespace]),
    plugin: ({ plugins, ipam }) => [...plugins, ...(ipam?.type == null ? [] : [ipam.type])],
    parent: ({ parent }) => single(parent.value),
    missing: ({ missing }) => yesNo(missing),
    ip: ({ ipam }) => ipam?.ranges ?? [],
    pods: ({ podCount }) => amount(podCount),
    node: ({ id }, { source }) => [...networkUse(source, id).nodes].flatMap(nodeNames),
    used: ({ ipam }) => amount(ipam?.used, ipam?.size ?? null),
    free: ({ ipam }) => (ipam?.used == null || ipam.size === null ? null : amount(ipam.size - ipam.used, ipam.size)),
    ...ownFindingKeys<NetworkRecord>(),
  },
  texts: ({ id, plugins, parent, ipam, resourceName }) => [
    bareId(id),
    ...plugins,
    parent.value,
    ipam?.type,
    ...(ipam?.ranges ?? []),
    resourceName,
  ],
};
