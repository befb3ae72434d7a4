/**
 * The units of derivation, by family. A unit runs again as a whole, whenever something that it has read through its
 * reader changes.
 */
import type { FactKind } from '../model/facts';
import { contextOf } from './context/context';
import { deriveLoneEni } from './enis/lone-eni';
import type { IndexName } from './facts/indexes';
import { nodeOfEni } from './facts/owners';
import type { FactReader, Relation } from './facts/reader';
import { deriveInterfaces } from './links/interfaces';
import { podClaimsOf, withInterfaces } from './links/pod-claims';
import { addressesHeld, deriveNode } from './node/node';
import { derivePod } from './node/pods';
import { NOTHING, records, type Derivation } from './shared/derivation';
import { deriveIpPool } from './shared/ip-pools';
import { deriveNetwork } from './shared/networks';
import { eventSignals, podSignals } from './shared/signals';
import { deriveSubnet } from './shared/subnets';

/** A kind of unit: the keys that it exists for, and what it derives. */
export interface Family {
  /** Must differ from the names of all collections. */
  readonly name: string;
  /** The collections whose keys have a unit: fact kinds, indexes, and `usage` for networks that some unit contributes to. */
  readonly of: readonly (FactKind | IndexName | 'usage')[];
  /**
   * The keys are those of pods. Units of one node run one after the other: they read the same answers, of which only a
   * few are cached.
   */
  readonly isOfPods?: true;
  /** What its units read through the store's own indexes. */
  readonly relations?: readonly Relation[];
  readonly derive: (facts: FactReader, key: string) => Derivation;
}

const NO_NETWORKS = new Map<string, never>();

/** Families in the order in which stale units run: units whose sums others read come first. */
export const FAMILIES: readonly Family[] = [
  {
    name: 'pods',
    of: ['pod'],
    isOfPods: true,
    relations: [{ reads: 'enisByIp', along: 'podsByIp' }],
    derive: onePod,
  },
  { name: 'nodes', of: ['node', 'cniNode', 'podsByNode'], derive: deriveNode },
  { name: 'enis', of: ['eni'], derive: loneEni },
  { name: 'events', of: ['eventsBySubject'], derive: (facts, id) => records({ signals: eventSignals(facts, id) }) },
  {
    name: 'ip-pools',
    of: ['whereaboutsPool', 'nodeSlicePool'],
    derive: (facts, key) => records({ ipPools: present(deriveIpPool(facts, key)) }),
  },
  {
    name: 'networks',
    of: ['nad', 'usage', 'workloadsByNetwork', 'faultyWorkloads', 'unscheduledByNetwork'],
    derive: (facts, key) => records({ networks: present(deriveNetwork(facts, key)) }),
  },
  { name: 'subnets', of: ['subnet'], derive: (facts, id) => records({ subnets: present(deriveSubnet(facts, id)) }) },
];

const present = <T>(record: T | null): readonly T[] => (record === null ? [] : [record]);

/** An ENI that belongs to no node. */
function loneEni(facts: FactReader, id: string): Derivation {
  const eni = facts.get('eni', id);
  const record = eni === undefined || nodeOfEni(facts, eni) !== null ? null : deriveLoneEni(facts, eni);
  if (eni === undefined || record === null) return NOTHING;
  // ENIs of other instances are shown, but their addresses do not count as this cluster's.
  const subnet = record.instanceId === null ? record.subnet : null;
  return {
    records: { enis: [record] },
    contribution:
      subnet === null
        ? null
        : { networks: NO_NETWORKS, subnets: new Map([[subnet, addressesHeld(eni)]]), vpcCni: false },
  };
}

function onePod(facts: FactReader, key: string): Derivation {
  const pod = facts.get('pod', key);
  if (pod === undefined) return NOTHING;
  const id = facts.podIdOf(key);
  const context = pod.node === null ? null : contextOf(facts, pod.node);
  const claims = podClaimsOf(facts, context, pod);
  const interfaces = context === null ? [] : deriveInterfaces(context, pod, id, claims.links);
  return records({
    pods: [derivePod(facts, pod, id, context?.id ?? null, withInterfaces(claims.records, interfaces))],
    interfaces,
    signals: podSignals(facts, id, pod),
  });
}
