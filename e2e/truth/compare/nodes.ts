/** Nodes: their pods, ENI slots, branches and headroom. */
import type { RecordMaps } from '../../../lib/model/records';
import type { SimTruth } from '../../testing/sim/truth';
import { show, type Counts, type Say } from './what';

export function compareNodes(records: RecordMaps, truth: SimTruth, counts: Counts, say: Say): void {
  for (const record of records.nodes.values())
    if (truth.nodes[record.name] === undefined && !record.gone) say(`${record.id}: the cluster has no such node`);
  for (const [name, want] of Object.entries(truth.nodes)) {
    counts.nodes += 1;
    const record = records.nodes.get(`node:${name}`);
    if (record === undefined) {
      say(`node ${name}: missing`);
      continue;
    }
    if (record.maxPods !== want.maxPods)
      say(`node ${name}: maxPods ${show(record.maxPods)}, should be ${want.maxPods}`);
    if (want.mode !== undefined && record.cni !== null && record.cni.mode !== want.mode)
      say(`node ${name}: mode ${show(record.cni.mode)}, should be ${want.mode}`);
    const { used, unmanaged } = record.eniSlots;
    if (want.eniSlotsUsed?.includes(used ?? -1) === false)
      say(`node ${name}: ${show(used)} ENI slots used, should be ${want.eniSlotsUsed.join(' or ')}`);
    if (want.eniSlotsUnmanaged?.includes(unmanaged ?? -1) === false)
      say(`node ${name}: ${show(unmanaged)} unmanaged, should be ${want.eniSlotsUnmanaged.join(' or ')}`);
    const check = (what: string, got: unknown, wanted: unknown): void => {
      if (wanted !== undefined && show(got) !== show(wanted))
        say(`node ${name}: ${what} ${show(got)}, should be ${show(wanted)}`);
    };
    check('pods', record.podCount, want.podCount);
    check('hostNetwork pods', record.hostNetworkPods, want.hostNetworkPods);
    check('branches', record.branch, want.branch);
    check('ENI slots', record.eniSlots, want.eniSlots);
    for (const [card, slots] of Object.entries(want.cards ?? {})) {
      const at = records.networkCards.get(`card:${name}/${card}`);
      check(`card ${card}`, at?.eniSlots, slots);
      if (at?.managed !== true) say(`node ${name}: card ${card} is managed`);
    }
    if (want.headroom === undefined) continue;
    counts.headrooms += 1;
    check('headroom', record.headroom.pods, want.headroom.pods);
    if (!want.headroom.limitedBy.includes(record.headroom.limitedBy))
      say(
        `node ${name}: headroom limited by ${record.headroom.limitedBy}, should be ${want.headroom.limitedBy.join(' or ')}`,
      );
  }
}
