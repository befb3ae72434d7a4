/**
 * The units of derivation, by family. A unit runs again as a whole; what it reads through its reader decides when. A node is
 * the largest unit, and could be split by taking parts of it into a family of their own.
 */
import { podId } from '../model/ids';
import type { FactKind } from '../model/facts';
import { deriveLoneEni } from './enis/lone-eni';
import type { IndexName } from './facts/indexes';
import { nodeOfEni } from './facts/owners';
import type { FactReader } from './facts/reader';
import { addressesHeld, deriveNode } from './node/node';
import { derivePod } from './node/pods';
import { NOTHING, records, type Derivation } from './shared/derivation';
import { deriveIpPool } from './shared/ip-pools';
import { deriveNetwork } from './shared/networks';
import { eventSignals, podSignals } from './shared/signals';
import { deriveSubnet } from './shared/subnets';

export interface Family {
  /** A word. */
  readonly name: string;
  /** There is a unit for each key of these: fact kinds, indexes, and `usage` for networks that some unit adds to. */
  readonly of: readonly (FactKind | IndexName | 'usage')[];
  readonly derive: (facts: FactReader, key: string) => Derivation;
}

const NO_NETWORKS = new Map<string, never>();

/** Families in the order in which stale units run: first those that others read sums of. */
export const FAMILIES: readonly Family[] = [
  { name: 'node', of: ['node', 'cniNode', 'podsByNode'], derive: deriveNode },
  { name: 'eni', of: ['eni'], derive: loneEni },
  { name: 'pod', of: ['unscheduledPods'], derive: unscheduledPod },
  { name: 'events', of: ['eventsBySubject'], derive: (facts, id) => records({ signals: eventSignals(facts, id) }) },
  {
    name: 'ip-pool',
    of: ['whereaboutsPool', 'nodeSlicePool'],
    derive: (facts, key) => records({ ipPools: present(deriveIpPool(facts, key)) }),
  },
  {
    name: 'network',
    of: ['nad', 'usage'],
    derive: (facts, key) => records({ networks: present(deriveNetwork(facts, key)) }),
  },
  { name: 'subnet', of: ['subnet'], derive: (facts, id) => records({ subnets: present(deriveSubnet(facts, id)) }) },
];

const present = <T>(record: T | null): readonly T[] => (record === null ? [] : [record]);

/** An ENI that no node has. */
function loneEni(facts: FactReader, id: string): Derivation {
  const eni = facts.get('eni', id);
  const record = eni === undefined || nodeOfEni(facts, eni) !== null ? null : deriveLoneEni(facts, eni);
  if (eni === undefined || record === null) return NOTHING;
  // Another instance's ENIs are shown, but what they hold is not this cluster's.
  const subnet = record.instanceId === null ? record.subnet : null;
  return {
    records: { enis: [record] },
    contribution:
      subnet === null
        ? null
        : { networks: NO_NETWORKS, subnets: new Map([[subnet, addressesHeld(eni)]]), vpcCni: false },
  };
}

function unscheduledPod(facts: FactReader, key: string): Derivation {
  const pod = facts.get('pod', key);
  if (pod === undefined) return NOTHING;
  const id = podId(pod.namespace, pod.name);
  return records({ pods: [derivePod(facts, pod, id, null)], signals: podSignals(facts, id, pod) });
}
