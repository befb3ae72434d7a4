import { CLUSTER_NETWORK } from '../../../model/ids';
import type { PodRecord } from '../../../model/records';
import { groupKeyOf } from '../../node-groups';
import { ownFindingKeys, one, yesNo, type KindFacts } from './fact';
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
    zone: ({ node }, { source }) => one(source.records.nodes.get(node ?? '')?.zone),
    type: ({ node }, { source }) => one(source.records.nodes.get(node ?? '')?.instanceType),
    group: ({ node }, { source }) => {
      const record = source.records.nodes.get(node ?? '');
      return record === undefined ? null : [groupKeyOf(source, record, 'node-group')];
    },
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
