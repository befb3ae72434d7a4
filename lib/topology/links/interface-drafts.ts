/**
 * The interfaces of a pod, from its requests, network-status and pod status, before any of them is linked to an ENI (multus
 * §0, §1.4–1.6). Interfaces are never distinguished by a name pattern.
 */
import { multusInterfaceName, primaryInterfaceName } from '../../cni/multus/interface-name';
import type { NetworkSelection, NetworkStatusEntry, PodFact } from '../../model/facts';
import { CLUSTER_NETWORK, deviceClassId, interfaceId, networkId } from '../../model/ids';
import type { InterfaceRecord } from '../../model/records';
import { hasInterfaces } from '../facts/parts';
import type { ClaimedLink } from './pod-claims';

/** An interface of a pod before its ENI is known. */
export interface InterfaceDraft extends Pick<
  InterfaceRecord,
  'id' | 'name' | 'network' | 'ips' | 'mac' | 'mtu' | 'default' | 'state' | 'device' | 'requestIndex' | 'gateways'
> {
  /** `cluster`: created by the cluster's own network. `extra`: by a NAD. `claim`: a device of a claim. */
  readonly origin: 'cluster' | 'extra' | 'claim';
  /** The claimed device that the interface is. */
  readonly claimed: ClaimedLink | null;
  readonly isEth0: boolean;
  /** `namespace/name` of the NAD; null on the cluster network. */
  readonly nad: string | null;
  /** PCI address of the physical function of a virtual one. */
  readonly pfPciAddress: string | null;
  /** Host links named in the cni-args of the pod's own request. */
  readonly masters: readonly string[];
  /** For a multi-NIC interface: position among the managed cards. */
  readonly cardPosition: number | null;
}

type Unnamed = Omit<InterfaceDraft, 'id' | 'claimed'> & { readonly claimed?: ClaimedLink } & {
  readonly position: number;
};

const NO_STRINGS: readonly string[] = [];
const NO_DRAFTS: readonly Unnamed[] = [];

/** An interface of the cluster network that nothing reports. */
const UNREPORTED: Unnamed = {
  position: 0,
  name: null,
  isEth0: false,
  origin: 'cluster',
  network: CLUSTER_NETWORK,
  nad: null,
  ips: NO_STRINGS,
  mac: null,
  mtu: null,
  default: false,
  state: 'requested',
  device: null,
  pfPciAddress: null,
  requestIndex: null,
  gateways: NO_STRINGS,
  masters: NO_STRINGS,
  cardPosition: null,
};

/** aws-cni's bookkeeping interface: its addresses belong to eth0, and it is no interface itself (multus §1.6). */
const isBookkeeping = (entry: NetworkStatusEntry): boolean => entry.interface?.startsWith('dummy') ?? false;

interface Sorted {
  readonly cluster: readonly NetworkStatusEntry[];
  readonly extra: readonly {
    readonly entry: NetworkStatusEntry;
    readonly nad: string;
    readonly request: number | null;
  }[];
}

const keyOf = (selection: { readonly namespace: string; readonly name: string }): string =>
  `${selection.namespace}/${selection.name}`;

const isOfCluster = (entry: NetworkStatusEntry): boolean => entry.default || entry.name === 'aws-cni';

/** An identical earlier entry exists: the writer has added the interface twice. */
const isRepeated = (entry: NetworkStatusEntry, entries: readonly NetworkStatusEntry[]): boolean =>
  entry.interface !== null &&
  entries.some(
    (other) =>
      other.index < entry.index &&
      other.name === entry.name &&
      other.interface === entry.interface &&
      other.mac === entry.mac &&
      other.ips.join() === entry.ips.join(),
  );

const NOTHING_REPORTED: Sorted = { cluster: [], extra: [] };

/** A plugin that creates several interfaces for one request names them after it: `net1-0`, `net1-1` (multi-nic-cni). */
function shared(
  { interface: as }: NetworkStatusEntry,
  { requested }: PodFact,
  isAsked: (selection: NetworkSelection) => boolean,
  nameOf: (selection: NetworkSelection) => string,
): number | null {
  const at =
    as === null ? -1 : requested.findIndex((request) => isAsked(request) && as.startsWith(`${nameOf(request)}-`));
  return at < 0 ? null : at;
}

/** Separates the cluster network's entries from those of NADs, and finds the request for each of the latter. */
function sortEntries(pod: PodFact): Sorted {
  if (pod.reported.length === 0) return NOTHING_REPORTED;
  if (pod.reported.every(isOfCluster)) return { cluster: pod.reported, extra: NOTHING_REPORTED.extra };
  const cluster: NetworkStatusEntry[] = [];
  const extra: { entry: NetworkStatusEntry; nad: string; request: number | null }[] = [];
  const open = new Set(pod.requested.keys());
  const defaultNames = new Set(pod.reported.filter((entry) => entry.default).map(({ name }) => name));
  // A pod may replace the cluster network by a single NAD (multus §1.1).
  if (pod.defaultNetwork !== null) defaultNames.add(keyOf(pod.defaultNetwork));
  const take = (matches: (selection: NetworkSelection) => boolean): number | null => {
    for (const position of open) {
      const selection = pod.requested[position];
      if (selection === undefined || !matches(selection)) continue;
      open.delete(position);
      return position;
    }
    return null;
  };
  const nameOf = (selection: NetworkSelection): string => multusInterfaceName(selection.index, selection.interface);

  for (const entry of pod.reported) {
    if (isRepeated(entry, pod.reported)) continue;
    if (isOfCluster(entry)) {
      cluster.push(entry);
      continue;
    }
    const slash = entry.name.includes('/');
    const isAsked = (selection: NetworkSelection): boolean =>
      slash ? keyOf(selection) === entry.name : selection.name === entry.name;
    const request =
      take((s) => isAsked(s) && nameOf(s) === entry.interface) ?? take(isAsked) ?? shared(entry, pod, isAsked, nameOf);
    const selection = request === null ? undefined : pod.requested[request];
    if (selection !== undefined) {
      extra.push({ entry, nad: keyOf(selection), request });
    } else if (slash && !defaultNames.has(entry.name)) {
      extra.push({ entry, nad: entry.name, request: null });
    } else {
      // Before Multus 3.6, an entry had the name inside the config: its interface identifies the request.
      const byInterface =
        slash || defaultNames.has(entry.name) || entry.interface === null
          ? null
          : take((s) => nameOf(s) === entry.interface);
      const selected = byInterface === null ? undefined : pod.requested[byInterface];
      if (selected === undefined) cluster.push(entry);
      else extra.push({ entry, nad: keyOf(selected), request: byInterface });
    }
  }
  return { cluster, extra };
}

const deviceOf = (entry: NetworkStatusEntry): InterfaceRecord['device'] =>
  entry.device === null ? null : { type: entry.device.type, pciAddress: entry.device.pciAddress };

/** An interface as its entry in network-status describes it. */
const ofEntry = (entry: NetworkStatusEntry): Unnamed => ({
  ...UNREPORTED,
  position: entry.index,
  name: entry.interface,
  ips: entry.ips,
  mac: entry.mac,
  mtu: entry.mtu,
  default: entry.default,
  state: 'reported',
  device: deviceOf(entry),
  pfPciAddress: entry.device?.pfPciAddress ?? null,
  gateways: entry.gateways,
});

const networkOfNad = (nad: string): string => {
  const slash = nad.indexOf('/');
  return networkId(nad.slice(0, slash), nad.slice(slash + 1));
};

/** The interface that the cluster network created: by its name, else the default entry, else one with an address of the pod. */
function mainOf(pod: PodFact, entries: readonly NetworkStatusEntry[]): NetworkStatusEntry | undefined {
  let main: NetworkStatusEntry | undefined;
  let best = 4;
  for (const entry of entries) {
    if (!isNamed(entry)) continue;
    const holds = entry.ips.some((ip) => pod.ips.includes(ip));
    const rank = entry.interface === 'eth0' ? 0 : entry.default ? (holds ? 1 : 2) : holds ? 3 : 4;
    if (rank >= best) continue;
    main = entry;
    best = rank;
  }
  return main;
}

/** Entries without an interface of their own describe eth0. */
const isNamed = (entry: NetworkStatusEntry): boolean => entry.interface !== null && !isBookkeeping(entry);

function clusterDrafts(pod: PodFact, entries: readonly NetworkStatusEntry[]): Unnamed[] {
  const nad = pod.defaultNetwork === null ? null : keyOf(pod.defaultNetwork);
  const network = nad === null ? CLUSTER_NETWORK : networkOfNad(nad);
  const origin = nad === null ? 'cluster' : 'extra';
  const main = mainOf(pod, entries);
  const merged = entries.filter((entry) => entry === main || !isNamed(entry));
  const ips = pod.ips.length > 0 ? pod.ips : [...new Set(merged.flatMap((entry) => entry.ips))];
  const drafts: Unnamed[] = [
    {
      ...UNREPORTED,
      position: main?.index ?? 0,
      name: main?.interface ?? primaryInterfaceName(pod.defaultNetwork),
      isEth0: true,
      origin,
      network,
      nad,
      ips,
      // aws-cni writes route tables and VLAN ids into `mac`; the normaliser keeps only values of six octets.
      mac: main?.mac ?? merged.find(({ mac }) => mac !== null)?.mac ?? null,
      mtu: main?.mtu ?? null,
      default: entries.length === 0 || merged.some((entry) => entry.default),
      state: ips.length > 0 || main !== undefined ? 'reported' : 'requested',
      device: main === undefined ? null : deviceOf(main),
      pfPciAddress: main?.device?.pfPciAddress ?? null,
      gateways: main?.gateways ?? NO_STRINGS,
    },
  ];
  for (const entry of entries)
    if (entry !== main && isNamed(entry)) drafts.push({ ...ofEntry(entry), origin, network, nad });
  return drafts;
}

function extraDrafts(pod: PodFact, { extra }: Sorted): readonly Unnamed[] {
  if (extra.length + pod.requested.length === 0) return NO_DRAFTS;
  const answered = new Set(extra.map(({ request }) => request));
  const reported = extra.map(({ entry, nad, request }): Unnamed => {
    const selection = request === null ? undefined : pod.requested[request];
    return {
      ...ofEntry(entry),
      origin: 'extra',
      network: networkOfNad(nad),
      nad,
      state: request === null ? 'unrequested' : 'reported',
      requestIndex: selection?.index ?? null,
      masters: selection?.masters ?? NO_STRINGS,
    };
  });
  const missing = pod.requested.flatMap((selection, position): Unnamed[] =>
    answered.has(position)
      ? []
      : [
          {
            ...UNREPORTED,
            position: selection.index,
            name: multusInterfaceName(selection.index, selection.interface),
            origin: 'extra',
            network: networkOfNad(keyOf(selection)),
            nad: keyOf(selection),
            requestIndex: selection.index,
            masters: selection.masters,
          },
        ],
  );
  return [...reported, ...missing];
}

/**
 * The names of multi-NIC interfaces beyond eth0: `mNicIf1` …, by position among the managed cards (vpc-cni §3); no
 * Kubernetes API reports them.
 */
function multiNicDrafts(present: readonly Unnamed[], positions: number): Unnamed[] {
  const names = new Set(present.map(({ name }) => name));
  const drafts: Unnamed[] = [];
  for (let position = 1; position < positions; position++) {
    const name = `mNicIf${position}`;
    if (!names.has(name)) drafts.push({ ...UNREPORTED, position, name, state: 'expected', cardPosition: position });
  }
  return drafts;
}

/** Matches the claim and the network-status entry of one interface: by name, MAC or PCI address, the best match first. */
function answering(drafts: readonly Unnamed[], { device }: ClaimedLink): Unnamed | undefined {
  const { reported, pciAddress } = device;
  const open = drafts.filter(({ origin, state, claimed }) => origin === 'extra' && state !== 'requested' && !claimed);
  return (
    (reported?.name == null ? undefined : open.find(({ name }) => name === reported.name)) ??
    (reported?.mac == null ? undefined : open.find(({ mac }) => mac === reported.mac)) ??
    (pciAddress === null ? undefined : open.find((draft) => draft.device?.pciAddress === pciAddress))
  );
}

/** The drafts of all devices: those that network-status reports as well, and those that only the claim reports. */
function withClaims(known: readonly Unnamed[], links: readonly ClaimedLink[]): readonly Unnamed[] {
  if (links.length === 0) return known;
  const drafts = [...known];
  for (const claimed of links) {
    const same = answering(drafts, claimed);
    if (same === undefined) drafts.push(claimDraft(claimed, drafts.length));
    else drafts[drafts.indexOf(same)] = { ...same, claimed, ...filledIn(same, claimed) };
  }
  return drafts;
}

/** network-status takes precedence; the claim fills in what it omits. */
const filledIn = (draft: Unnamed, { device: { reported } }: ClaimedLink): Partial<Unnamed> => ({
  name: draft.name ?? reported?.name ?? null,
  ips: draft.ips.length > 0 ? draft.ips : (reported?.ips ?? NO_STRINGS),
  mac: draft.mac ?? reported?.mac ?? null,
});

function claimDraft(claimed: ClaimedLink, position: number): Unnamed {
  const { device } = claimed;
  const isThere = device.reported !== null || (device.kind === 'rdma' && device.ready === true);
  return {
    ...UNREPORTED,
    claimed,
    position,
    name: device.reported?.name ?? null,
    origin: 'claim',
    network: deviceClassId(device.deviceClass ?? device.driver),
    ips: device.reported?.ips ?? NO_STRINGS,
    mac: device.reported?.mac ?? null,
    state: isThere ? 'reported' : 'requested',
    device: device.pciAddress === null ? null : { type: 'pci', pciAddress: device.pciAddress },
  };
}

/**
 * A pod's interfaces; empty for hostNetwork, finished and unscheduled pods. `multiNicCards`: the number of managed cards on
 * which the pod must hold an address, 1 unless it is a multi-NIC pod. `links`: the network devices that it claims.
 */
export function interfaceDrafts(
  pod: PodFact,
  multiNicCards: number,
  links: readonly ClaimedLink[] = [],
): readonly InterfaceDraft[] {
  if (!hasInterfaces(pod)) return [];
  const sorted = sortEntries(pod);
  const known = withClaims([...clusterDrafts(pod, sorted.cluster), ...extraDrafts(pod, sorted)], links);
  const expected = pod.ips.length > 0 && multiNicCards > 1 ? multiNicDrafts(known, multiNicCards) : NO_DRAFTS;
  const seen = new Map<string, number>();
  return [...known, ...expected].map((draft) => {
    const { name, origin, position, claimed = null } = draft;
    const base = name ?? `~${origin === 'claim' ? (claimed?.device.device ?? '') : position}`;
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    const id = interfaceId(pod.namespace, pod.name, count === 1 ? base : `${base}~${count}`);
    return { ...draft, claimed, id };
  });
}
