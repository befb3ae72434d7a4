import { CLUSTER_NETWORK } from '../../../model/ids';
import type { PodRecord } from '../../../model/records';
import { ownFindingKeys, yesNo, type KindFacts, placeKeys } from './fact';
import { bareId, labelText, labelTexts, namesOf, networkNames, nodeNames } from './names';

/** The keys of pods. */
export const podFacts: KindFacts<PodRecord> = {
  keys: {
    ns: ({ namespace }) => [namespace],
    pod: ({ id }) => namesOf(id),
    node: ({ node }) => nodeNames(node),
    net: ({ hostNetwork, requested }) => [
      ...(hostNetwork ? [] : networkNames(CLUSTER_NETWORK)),
      ...requested.flatMap(({ network }) => networkNames(network)),
    ],
    ip: ({ ips }) => ips,
    ...placeKeys<PodRecord>(),
    label: ({ labels }) => labelTexts(labels),
    phase: ({ phase }) => [phase],
    owner: ({ owner }) => (owner === null ? [] : [`${owner.kind}/${owner.name}`, owner.name]),
    host: ({ hostNetwork }) => yesNo(hostNetwork),
    ...ownFindingKeys<PodRecord>(),
  },
  texts: ({ id, ips, node, owner, podEni, labels }) => [
    bareId(id),
    ...ips,
    node === null ? null : bareId(node),
    owner?.name,
    ...(podEni ?? []),
    labelText(labels),
  ],
};
