import type { NodeRecord } from '../../../model/records';
import { total } from '../../../model/sums';
import { gaugeOf } from '../../fullness';
import { groupKeyOf } from '../../node-groups';
import { layoutEnisUnder } from '../../partial-set';
import { idsOf } from '../../view-source';
import { amount, findingKeys, single, yesNo, type KindFacts } from './fact';
import { nodeNames, tagTexts } from './names';

/** The keys of nodes. */
export const nodeFacts: KindFacts<NodeRecord> = {
  keys: {
    node: ({ id }) => nodeNames(id),
    eni: ({ id }, { source }) => [...idsOf(source.indexes.enisByNode, id)],
    subnet: ({ id }, { source }) => layoutEnisUnder(source, 'enisByNode', id).flatMap(({ subnet }) => subnet ?? []),
    instance: ({ instanceId }) => single(instanceId),
    label: ({ labels }) => tagTexts(labels),
    ip: ({ internalIps }) => internalIps,
    zone: ({ zone }) => single(zone),
    type: ({ instanceType }) => single(instanceType),
    group: (record, { source }) => [groupKeyOf(source, record, 'node-group')],
    room: ({ headroom }) => amount(headroom.pods),
    limited: ({ headroom }) => [headroom.limitedBy],
    pods: ({ podCount, maxPods }) => amount(podCount, maxPods),
    enis: ({ eniSlots }) => amount(eniSlots.used, eniSlots.limit),
    used: (record, { source }) => {
      const gauge = gaugeOf(source, record);
      return gauge === null || gauge.capacity === 0 ? amount(null) : amount(gauge.assigned, gauge.capacity);
    },
    free: (record, { source }) => {
      const gauge = gaugeOf(source, record);
      return amount(gauge === null ? null : gauge.capacity - gauge.assigned - gauge.available);
    },
    assigned: ({ pools }) => amount(total(pools.map((pool) => pool.assigned)), total(pools.map((pool) => pool.total))),
    warm: ({ pools }) => amount(total(pools.map((pool) => pool.warm)), total(pools.map((pool) => pool.total))),
    cooling: ({ pools }) => amount(total(pools.map((pool) => pool.cooling)), total(pools.map((pool) => pool.total))),
    ready: ({ ready }) => yesNo(ready),
    cordoned: ({ unschedulable }) => yesNo(unschedulable),
    gone: ({ gone }) => yesNo(gone),
    cni: ({ cni }) => single(cni?.version),
    mode: ({ cni }) => single(cni?.mode),
    compute: ({ computeType }) => [computeType],
    ...findingKeys<NodeRecord>(({ id }, { findingsAt }) => findingsAt(id)),
  },
  texts: ({ name, instanceId, instanceType, zone, internalIps, labels }) => [
    name,
    instanceId,
    instanceType,
    zone,
    ...internalIps,
    ...tagTexts(labels),
  ],
};
