/** What a what-if reckons with of a node, read from its records. */
import type { NodeRecord, Pool } from '../model/records';
import { isPrimaryEni } from '../topology/context/management';
import { givenBy } from '../topology/pools/given';
import type { GivenTargets } from '../topology/pools/state';
import { stopOf } from '../topology/pools/stops';
import { addressesIn, leftoversOf, type EniLook } from '../view/eni-outline';
import { groupKeyOf } from '../view/node-groups';
import { looksUnder } from '../view/sparse';
import { recordsOf, type ViewSource } from '../view/view-source';

/** An ENI that ipamd has. */
export interface EniFigures {
  readonly id: string;
  readonly card: number;
  readonly subnet: string | null;
  readonly interfaceType: string;
  readonly isPrimary: boolean;
  /** ipamd adds addresses to it. */
  readonly grows: boolean;
  /** Addresses of the active mode, and how many of them are given out. */
  readonly total: number;
  readonly held: number;
  readonly prefixes: number;
  readonly freePrefixes: number;
  readonly slotsUsed: number;
  /** Somebody holds an address of it that does not count in the active mode. */
  readonly isBusy: boolean;
}

export interface CardFigures {
  readonly index: number;
  /** ENIs of the instance type, before MAX_ENI; null when not known. */
  readonly maxEnis: number | null;
  /** ENIs under MAX_ENI as it is. */
  readonly limit: number | null;
  /** Slots for ENIs that are taken: by what is attached, by what ipamd believes to be, and kept for a trunk. */
  readonly taken: number | null;
  readonly freeEnis: number | null;
  readonly pool: Pool | null;
}

export interface NodeFigures {
  readonly id: string;
  readonly name: string;
  readonly zone: string | null;
  readonly type: string | null;
  /** Of a node group or node pool; null without one. */
  readonly group: string | null;
  readonly maxPods: number | null;
  /** Pods that take one of max pods, and those of them with an address of their own. */
  readonly pods: number;
  readonly podsWithAddress: number;
  /** Of DaemonSets, with an address of their own: they stay with their node. */
  readonly daemonPods: number;
  readonly slots: number | null;
  readonly prefixCapable: boolean | null;
  /** Null without ipamd, and where it is not known. */
  readonly mode: 'secondary-ip' | 'prefix' | 'ipv6' | null;
  readonly customNetworking: boolean | null;
  readonly provisions: boolean | null;
  readonly targets: GivenTargets | null;
  /** Why ipamd changes nothing on the node; null where it may. */
  readonly stopped: string | null;
  readonly newEniSubnets: readonly string[] | null;
  readonly cards: readonly CardFigures[];
  readonly enis: readonly EniFigures[];
  /** ENIs that are attached, as the records say. */
  readonly attached: number | null;
  readonly headroom: NodeRecord['headroom'];
}

function eniFigures(eni: EniLook, { cni }: NodeRecord): EniFigures {
  const byPrefix = cni?.mode === 'prefix';
  const isPrimary = isPrimaryEni({
    instanceId: eni.instanceId,
    networkCardIndex: eni.card,
    deviceIndex: eni.deviceIndex,
  });
  const isSetAside = isPrimary && cni?.customNetworking === true;
  const v4 = eni.prefixes.filter(({ size }) => size !== null);
  const leftovers = leftoversOf(eni);
  const assigned = addressesIn(eni, 'assigned');
  // Prefixes of the primary ENI are not read under custom networking; single addresses on it are in the pool (vpc-cni §7).
  const counted = byPrefix && !isSetAside ? v4 : [];
  const inPrefixes = v4.reduce((sum, { assigned: of }) => sum + (of ?? 0), 0);
  // ipamd does not know it, or hands none of it out: its subnet is excluded.
  const isOut = eni.ipamd?.known === false || (!byPrefix && addressesIn(eni, 'excluded') > 0);
  const listed = byPrefix ? counted.reduce((sum, { size }) => sum + (size ?? 0), 0) : leftovers;
  const total = isOut ? 0 : (eni.ipamd?.addresses ?? listed);
  const held = byPrefix ? counted.reduce((sum, { assigned: of }) => sum + (of ?? 0), 0) : assigned - inPrefixes;
  return {
    id: eni.id,
    card: eni.card ?? 0,
    subnet: eni.subnet,
    interfaceType: eni.interfaceType,
    isPrimary,
    grows: eni.management.rule !== 'trunk' && !isSetAside && !isOut,
    total,
    held: Math.min(total, eni.ipamd?.assigned ?? held),
    prefixes: counted.length,
    freePrefixes: counted.filter(({ assigned: of }) => of === 0).length,
    slotsUsed: leftovers + v4.length,
    isBusy: byPrefix ? assigned > inPrefixes : inPrefixes > 0,
  };
}

/** `daemonPods`: how many pods of DaemonSets with an address of their own the node has. */
export function nodeFigures(source: ViewSource, node: NodeRecord, daemonPods: number): NodeFigures {
  const { cni } = node;
  const cards = recordsOf(source.indexes.cardsByNode, node.id, source.records.networkCards)
    .filter(({ managed }) => managed === true)
    .sort((a, b) => a.index - b.index);
  return {
    id: node.id,
    name: node.name,
    zone: node.zone,
    type: node.computeType === 'fargate' ? 'Fargate' : node.instanceType,
    group: groupKeyOf(source, node, 'node-group') || null,
    maxPods: node.maxPods,
    pods: node.podCount,
    podsWithAddress: node.podCount - node.hostNetworkPods,
    daemonPods,
    slots: node.limits === null ? null : node.limits.ipv4PerEni - 1,
    prefixCapable: node.prefixCapable,
    mode: cni?.mode ?? null,
    customNetworking: cni?.customNetworking ?? null,
    provisions: cni?.networkResourceProvisioning ?? null,
    targets: cni === null ? null : givenBy(cni),
    stopped: stopOf({
      agent: node.ipamd === null ? 'none' : 'running',
      provisions: cni?.networkResourceProvisioning ?? null,
      imdsOnly: cni?.imdsOnly ?? null,
      manageNonSchedulable: cni?.manageNonSchedulable ?? null,
      taints: node.taints,
    }),
    newEniSubnets: node.newEniSubnets,
    cards: cards.map(({ index, maxEnis, eniSlots }) => ({
      index,
      maxEnis,
      limit: eniSlots.limit,
      taken:
        eniSlots.used === null || eniSlots.reserved === null
          ? null
          : eniSlots.used + eniSlots.reserved + node.strayEnis.filter(({ card }) => card === index).length,
      freeEnis: eniSlots.free,
      pool: node.pools.find(({ card }) => card === index) ?? null,
    })),
    enis: looksUnder(source, 'enisByNode', node.id)
      .filter(({ management, role }) => management.state === 'managed' && role !== 'branch')
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .map((eni) => eniFigures(eni, node)),
    attached: node.eniSlots.used,
    headroom: node.headroom,
  };
}
