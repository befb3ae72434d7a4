/**
 * The host links of one node according to inventories (SriovNetworkNodeState, NodeNetworkState, ResourceSlice, NodeENI;
 * multus §4.3–4.6), joined with its ENIs by MAC; without an inventory, what the names of links imply (multus §3.4).
 */
import { hostNamesOf, readHostName, type HostNameReading, type HostOfNames } from '../../cni/host-names';
import type { HostLink } from '../../model/facts';
import type { FactReader } from '../facts/reader';
import { hostLinksOf, type NodeDevices } from './devices';
import type { EniShape } from '../facts/parts';

/** A host link that an API lists. */
export interface KnownLink {
  readonly link: HostLink;
  /** `SriovNetworkNodeState`, `NodeNetworkState`, `ResourceSlice` or `NodeENI`. */
  readonly source: string;
  readonly eni: EniShape | null;
}

/** Link types of nmstate that are not NICs and carry no network of a NAD. */
const NOT_SHOWN = new Set([
  'veth',
  'loopback',
  'dummy',
  'tun',
  'tap',
  'unknown',
  'ovs-interface',
  'ovs-port',
  'mac-vtap',
  'vxlan',
  'ipip',
]);

/** The links of a host: those that an API lists, and what link names imply under its OS. */
export class HostLinks {
  readonly known: readonly KnownLink[];
  readonly host: HostOfNames;
  readonly #enis: readonly EniShape[];
  readonly #guesses = new Map<string, string | null>();

  constructor(facts: FactReader, node: string, enis: readonly EniShape[], host: HostOfNames, devices: NodeDevices) {
    this.#enis = enis;
    this.host = host;
    const byMac = new Map(enis.flatMap((eni) => (eni.mac === null ? [] : [[eni.mac, eni] as const])));
    const known = new Map<string, KnownLink>();
    const published = { source: 'ResourceSlice', links: hostLinksOf(devices.all()) };
    const states = [...facts.factsOf('sriovStatesByNode', node), ...facts.factsOf('networkStatesByNode', node)];
    for (const state of [...states, published]) {
      for (const link of state.links) {
        if (link.kind !== null && NOT_SHOWN.has(link.kind)) continue;
        // nmstate lists one MAC on a bond and its members: only a link of a NIC type is the ENI's.
        const nic = state.source === 'SriovNetworkNodeState' || link.kind === null || link.kind === 'ethernet';
        const eni = nic && link.mac !== null ? (byMac.get(link.mac) ?? null) : null;
        const before = known.get(link.name);
        known.set(
          link.name,
          before === undefined
            ? { link, source: state.source, eni }
            : merge(before, { link, source: state.source, eni }),
        );
      }
    }
    this.known = [...known.values()].sort((a, b) => (a.link.name < b.link.name ? -1 : 1));
  }

  /** By name or alternative name. */
  byName(name: string): KnownLink | undefined {
    return this.known.find(({ link }) => link.name === name || link.altNames.includes(name));
  }

  /** By the PCI address of the link, or of one of its virtual functions. */
  byPci(address: string): KnownLink | undefined {
    return this.known.find(
      ({ link }) => link.pciAddress === address || link.vfs.some((vf) => vf.pciAddress === address),
    );
  }

  byMac(mac: string): KnownLink | undefined {
    return this.known.find(({ link }) => link.mac === mac || link.vfs.some((vf) => vf.mac === mac));
  }

  nameOf(eni: EniShape): KnownLink | undefined {
    return this.known.find((known) => known.eni?.id === eni.id);
  }

  /** What the name implies by itself, and the ENIs at that place. */
  readName(name: string): HostNameReading & { readonly enis: readonly EniShape[] } {
    const reading = readHostName(name, this.host);
    const enis = this.#enis.filter((eni) =>
      reading.eni === null
        ? reading.deviceIndex !== null &&
          eni.instanceId !== null &&
          eni.deviceIndex === reading.deviceIndex &&
          (eni.networkCardIndex ?? 0) === (reading.card ?? 0)
        : eni.id === reading.eni,
    );
    return { ...reading, enis };
  }

  /** The name that the OS probably assigns to an attached ENI; null if no rule applies. */
  guessName(eni: EniShape): string | null {
    if (eni.instanceId === null || eni.deviceIndex === null) return null;
    let name = this.#guesses.get(eni.id);
    if (name === undefined) {
      name = this.guessNameAt(eni.deviceIndex, eni.networkCardIndex ?? 0);
      this.#guesses.set(eni.id, name);
    }
    return name;
  }

  guessNameAt(deviceIndex: number, card = 0): string | null {
    return hostNamesOf(deviceIndex, card, this.host)[0]?.name ?? null;
  }
}

/** Merges two inventories of one link: each fills in what the other omits. */
function merge(a: KnownLink, b: KnownLink): KnownLink {
  return {
    source: a.source,
    eni: a.eni ?? b.eni,
    link: {
      name: a.link.name,
      altNames: [...new Set([...a.link.altNames, ...b.link.altNames])],
      mac: a.link.mac ?? b.link.mac,
      pciAddress: a.link.pciAddress ?? b.link.pciAddress,
      up: a.link.up ?? b.link.up,
      mtu: a.link.mtu ?? b.link.mtu,
      over: a.link.over.length > 0 ? a.link.over : b.link.over,
      totalVfs: a.link.totalVfs ?? b.link.totalVfs,
      vfs: a.link.vfs.length > 0 ? a.link.vfs : b.link.vfs,
      eni: a.link.eni ?? b.link.eni,
      kind: a.link.kind ?? b.link.kind,
    },
  };
}
