/** The figures of a node for a what-if, read from its records. */
import { agentVersion } from '../model/agent-version';
import type { EniRecord, NodeRecord, Pool } from '../model/records';
import { reaches } from '../model/version';
import { isPrimaryEni } from '../topology/context/management';
import { endsAtMaxPods, fillsNewEnis, leavesEmptySubnets, growsTrunks } from '../topology/context/settings';
import { givenBy } from '../topology/pools/given';
import type { GivenTargets } from '../topology/pools/state';
import { stopOf } from '../topology/pools/stops';
import { addressesIn, leftoversOf } from '../view/eni-outline';
import { groupKeyOf } from '../view/node-groups';
import { recordsOf, type ViewSource } from '../view/view-source';

/** An ENI in ipamd's datastore. */
export interface EniFigures {
  readonly id: string;
  readonly card: number;
  readonly subnet: string | null;
  readonly interfaceType: string;
  readonly isPrimary: boolean;
  /** Whether ipamd adds addresses to it. */
  readonly grows: boolean;
  /** Addresses of the active mode, and how many of them are assigned. */
  readonly total: number;
  readonly held: number;
  readonly prefixes: number;
  readonly freePrefixes: number;
  readonly slotsUsed: number;
  /** Whether an address that does not count in the active mode is held. */
  readonly isBusy: boolean;
}

/** A managed network card. Null: not known. */
export interface CardFigures {
  readonly index: number;
  /** ENIs of the instance type, before MAX_ENI; null if not known. */
  readonly maxEnis: number | null;
  /** ENI limit under the current MAX_ENI. */
  readonly limit: number | null;
  /** Used ENI slots: by attached ENIs, by ENIs that only ipamd's list has, and reserved for a trunk. */
  readonly taken: number | null;
  readonly freeEnis: number | null;
  readonly pool: Pool | null;
}

/** The inputs of a what-if for a node. Null: not known, unless noted. */
export interface NodeFigures {
  readonly id: string;
  readonly name: string;
  readonly zone: string | null;
  readonly type: string | null;
  /** Node group or NodePool; null without one. */
  readonly group: string | null;
  readonly maxPods: number | null;
  /** Whether its ipamd stops adding addresses to a pool of max pods. */
  readonly endsAtMaxPods: boolean;
  /** Pods that count against max pods, and those of them with an address of their own. */
  readonly pods: number;
  readonly podsWithAddress: number;
  /** Pods of DaemonSets with an address of their own: they stay with their node. */
  readonly daemonPods: number;
  readonly slots: number | null;
  readonly prefixCapable: boolean | null;
  /** Null without ipamd, and if not known. */
  readonly mode: 'secondary-ip' | 'prefix' | 'ipv6' | null;
  readonly customNetworking: boolean | null;
  readonly provisions: boolean | null;
  readonly targets: GivenTargets | null;
  /** Why ipamd changes nothing on the node; null if it may. */
  readonly stopped: string | null;
  /** The same for a new node in its place, which is not cordoned. */
  readonly stoppedAnew: string | null;
  /** Why no pod is placed on it now; null if pods are. A new node in its place takes pods. */
  readonly closed: 'cordoned' | 'not Ready' | 'being deleted' | null;
  readonly newEniSubnets: readonly string[] | null;
  /** Whether its ipamd finds subnets for new ENIs by their tags. Null: not known. */
  readonly discovers: boolean | null;
  /** Whether its ipamd excludes subnets with the tag kubernetes.io/role/cni=0 (since v1.22.0). Null: not known. */
  readonly excludes: boolean | null;
  /** See `NodeRoom.movesOn`. */
  readonly movesOn: boolean;
  /** See `NodeRoom.fillsNewEnis`. */
  readonly fillsNewEnis: boolean;
  readonly cards: readonly CardFigures[];
  readonly enis: readonly EniFigures[];
  /** Number of attached ENIs according to the records. */
  readonly attached: number | null;
  readonly headroom: NodeRecord['headroom'];
}

/** The inputs from an ENI's record, whatever the mode of its node. */
export interface EniCounts extends Pick<
  EniRecord,
  'id' | 'node' | 'instanceId' | 'card' | 'deviceIndex' | 'subnet' | 'interfaceType' | 'prefixes'
> {
  readonly isTrunk: boolean;
  readonly ipamd: Pick<NonNullable<EniRecord['ipamd']>, 'known' | 'addresses' | 'assigned'> | null;
  /** Single addresses besides the primary one. */
  readonly singles: number;
  readonly assigned: number;
  readonly excluded: number;
}

/** Null for an ENI that ipamd does not have. */
export function eniCounts(eni: EniRecord): EniCounts | null {
  if (eni.management.state !== 'managed' || eni.role === 'branch' || eni.node === null) return null;
  const { id, node, instanceId, card, deviceIndex, subnet, interfaceType, prefixes, ipamd } = eni;
  return {
    ...{ id, node, instanceId, card, deviceIndex, subnet, interfaceType },
    prefixes: prefixes.filter(({ size }) => size !== null),
    isTrunk: eni.management.rule === 'trunk',
    ipamd: ipamd === null ? null : { known: ipamd.known, addresses: ipamd.addresses, assigned: ipamd.assigned },
    singles: leftoversOf(eni),
    assigned: addressesIn(eni, 'assigned'),
    excluded: addressesIn(eni, 'excluded'),
  };
}

function eniFigures(eni: EniCounts, node: NodeRecord): EniFigures {
  const { cni } = node;
  const byPrefix = cni?.mode === 'prefix';
  const isPrimary = isPrimaryEni({
    instanceId: eni.instanceId,
    networkCardIndex: eni.card,
    deviceIndex: eni.deviceIndex,
  });
  const isSetAside = isPrimary && cni?.customNetworking === true;
  const { ipamd, prefixes, singles, assigned } = eni;
  // Under custom networking, ipamd does not read the prefixes of the primary ENI; its single addresses are in the pool
  // (vpc-cni §7).
  const counted = byPrefix && !isSetAside ? prefixes : [];
  const assignedIn = (some: EniCounts['prefixes']): number =>
    some.reduce((sum, { assigned: of }) => sum + (of ?? 0), 0);
  const inPrefixes = assignedIn(prefixes);
  // ipamd does not have the ENI, or assigns none of its addresses because its subnet is excluded.
  const isOut = ipamd?.known === false || (!byPrefix && eni.excluded > 0);
  const listed = byPrefix ? counted.reduce((sum, { size }) => sum + (size ?? 0), 0) : singles;
  const total = isOut ? 0 : (ipamd?.addresses ?? listed);
  const held = byPrefix ? assignedIn(counted) : assigned - inPrefixes;
  return {
    id: eni.id,
    card: eni.card ?? 0,
    subnet: eni.subnet,
    interfaceType: eni.interfaceType,
    isPrimary,
    grows: (!eni.isTrunk || growsTrunks(agentVersion(node))) && !isSetAside && !isOut,
    total,
    held: Math.min(total, ipamd?.assigned ?? held),
    prefixes: counted.length,
    freePrefixes: counted.filter(({ assigned: of }) => of === 0).length,
    slotsUsed: singles + prefixes.length,
    isBusy: byPrefix ? assigned > inPrefixes : inPrefixes > 0,
  };
}

function excludesSubnets(node: NodeRecord): boolean | null {
  const discovers = discoversSubnets(node.cni);
  const isRead = reaches(agentVersion(node), [1, 22, 0]);
  return isRead === true || discovers === false ? discovers : isRead;
}

/** Not under custom networking, where the ENIConfig names the subnet. */
function discoversSubnets(cni: NodeRecord['cni']): boolean | null {
  if (cni?.customNetworking === true || cni?.subnetDiscovery === false) return false;
  return cni?.customNetworking === false && cni.subnetDiscovery === true ? true : null;
}

/** Taints by which autoscalers keep pods off a node that they are about to remove. */
const LEAVING = new Set(['karpenter.sh/disrupted', 'karpenter.sh/disruption', 'ToBeDeletedByClusterAutoscaler']);

const closedBy = ({ deleting, unschedulable, ready, taints }: NodeRecord): NodeFigures['closed'] =>
  deleting || taints.some(({ key }) => LEAVING.has(key))
    ? 'being deleted'
    : unschedulable
      ? 'cordoned'
      : ready === false
        ? 'not Ready'
        : null;

/** `enis`: those of the node. `daemonPods`: the number of its DaemonSet pods with an address of their own. */
export function nodeFigures(
  source: ViewSource,
  node: NodeRecord,
  enis: readonly EniCounts[],
  daemonPods: number,
): NodeFigures {
  const { cni } = node;
  const stops = {
    agent: node.ipamd === null ? 'none' : 'running',
    provisions: cni?.networkResourceProvisioning ?? null,
    imdsOnly: cni?.imdsOnly ?? null,
    manageNonSchedulable: cni?.manageNonSchedulable ?? null,
  } as const;
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
    endsAtMaxPods: endsAtMaxPods(agentVersion(node)),
    // Without pods, headroom is not known, and the node is not modelled.
    pods: node.podCount ?? 0,
    podsWithAddress: (node.podCount ?? 0) - node.hostNetworkPods,
    daemonPods,
    slots: node.limits === null ? null : node.limits.ipv4PerEni - 1,
    prefixCapable: node.prefixCapable,
    mode: cni?.mode ?? null,
    customNetworking: cni?.customNetworking ?? null,
    provisions: cni?.networkResourceProvisioning ?? null,
    targets: cni === null ? null : givenBy(cni),
    stopped: stopOf({ ...stops, taints: node.taints }),
    stoppedAnew: stopOf({ ...stops, taints: [] }),
    closed: closedBy(node),
    newEniSubnets: node.newEniSubnets,
    discovers: discoversSubnets(cni),
    excludes: excludesSubnets(node),
    movesOn: leavesEmptySubnets(cni?.subnetDiscovery ?? null, agentVersion(node)),
    fillsNewEnis: fillsNewEnis(agentVersion(node)),
    cards: cards.map(({ index, maxEnis, eniSlots }) => ({
      index,
      maxEnis,
      limit: eniSlots.limit,
      taken:
        eniSlots.used === null || eniSlots.reserved === null
          ? null
          : Math.max(
              eniSlots.used + eniSlots.reserved,
              eniSlots.limit === null || eniSlots.free === null ? 0 : eniSlots.limit - eniSlots.free,
            ),
      freeEnis: eniSlots.free,
      pool: node.pools.find(({ card }) => card === index) ?? null,
    })),
    enis: enis.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((eni) => eniFigures(eni, node)),
    attached: node.eniSlots.used,
    headroom: node.headroom,
  };
}
