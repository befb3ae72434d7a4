/**
 * The devices that drivers publish for a node in ResourceSlices, joined with its ENIs. While a pod has a link, the driver
 * omits the link's name, MAC and addresses from its slice, so earlier content of the slice counts as well.
 */
import type { HostLink, ResourceSliceFact, SliceDevice } from '../../model/facts';
import { byCodeUnit } from '../../model/order';
import type { NodeRecord } from '../../model/records';
import type { FactReader } from '../facts/reader';
import type { EniShape } from '../facts/parts';

/** A device that a driver publishes or has published. */
export interface KnownDevice {
  readonly driver: string;
  readonly device: SliceDevice;
  /** From the slice, or from its content before a pod received the link. */
  readonly mac: string | null;
  /** The ENI with that MAC. */
  readonly eni: EniShape | null;
}

/** ENIs that may be a device without a MAC, by some rule. */
export interface Guess {
  readonly rule: 'pcie-root' | 'device-order';
  readonly enis: readonly EniShape[];
}

type DevicePool = NodeRecord['devicePools'][number];

const keyOf = (driver: string, pool: string, device = ''): string => `${driver}/${pool}/${device}`;

/** The devices of a node, from its ResourceSlices. */
export class NodeDevices {
  readonly pools: readonly DevicePool[];
  readonly #known = new Map<string, KnownDevice>();
  readonly #read = new Set<string>();
  readonly #enis: readonly EniShape[];
  #guesses: ReadonlyMap<SliceDevice, Guess> | null = null;

  constructor(facts: FactReader, node: string, enis: readonly EniShape[]) {
    this.#enis = enis;
    const slices = facts.factsOf('slicesByNode', node);
    const pools: DevicePool[] = [];
    for (const pool of new Set(slices.map((slice) => keyOf(slice.driver, slice.pool)))) {
      const of = slices.filter((slice) => keyOf(slice.driver, slice.pool) === pool);
      const newest = newestOf(of);
      pools.push(poolOf(facts, node, of, newest));
      this.#read.add(pool);
      for (const { driver, pool: name, devices } of newest) {
        for (const device of devices) {
          const mac = device.mac ?? macBefore(facts, node, keyOf(driver, name, device.name), device.name, of, newest);
          const eni =
            mac === null || device.virtual === true ? null : (enis.find((candidate) => candidate.mac === mac) ?? null);
          this.#known.set(keyOf(driver, name, device.name), { driver, device, mac, eni });
        }
      }
    }
    this.pools = pools.sort((a, b) => byCodeUnit(a.driver, b.driver) || byCodeUnit(a.pool, b.pool));
  }

  /** Undefined if the pool's slices are not read or do not exist; null for a device that its pool does not list. */
  find(driver: string, pool: string, device: string): KnownDevice | null | undefined {
    const known = this.#known.get(keyOf(driver, pool, device));
    return known ?? (this.#read.has(keyOf(driver, pool)) ? null : undefined);
  }

  all(): Iterable<KnownDevice> {
    return this.#known.values();
  }

  /** The ENI of a device that no MAC identifies; null if nothing identifies it. */
  guess({ device }: KnownDevice): Guess | null {
    this.#guesses ??= this.#guessAll();
    return this.#guesses.get(device) ?? null;
  }

  /** EC2 reports no PCI addresses: an EFA-only device is identified by its neighbours on the PCIe root, or by its position. */
  #guessAll(): ReadonlyMap<SliceDevice, Guess> {
    const known = [...this.#known.values()];
    const silent = known
      .filter((entry) => entry.mac === null && entry.device.pciAddress !== null && isEfa(entry.device))
      .sort((a, b) => byCodeUnit(a.device.pciAddress ?? '', b.device.pciAddress ?? ''));
    const enis = this.#enis.filter((eni) => eni.interfaceType === 'efa-only' && eni.instanceId !== null);
    const guesses = new Map<SliceDevice, Guess>();
    for (const [place, { device }] of silent.entries()) {
      const near = this.#onRootOf(device, known, enis);
      const alike = silent.filter((other) => other.device.pcieRoot === device.pcieRoot).length;
      if (near.length === 1 && alike === 1) guesses.set(device, { rule: 'pcie-root', enis: near });
      else if (silent.length === enis.length)
        guesses.set(device, { rule: 'device-order', enis: enis.slice(place, place + 1) });
      else if (enis.length > 0) guesses.set(device, { rule: 'device-order', enis });
    }
    return guesses;
  }

  /** EFA-only ENIs on the cards whose other devices are on the same PCIe root. */
  #onRootOf(device: SliceDevice, known: readonly KnownDevice[], enis: readonly EniShape[]): readonly EniShape[] {
    if (device.pcieRoot === null) return [];
    const cards = new Set(
      known.flatMap((other) =>
        other.eni !== null && other.device.pcieRoot === device.pcieRoot ? (other.eni.networkCardIndex ?? 0) : [],
      ),
    );
    return enis.filter((eni) => cards.has(eni.networkCardIndex ?? 0));
  }
}

/** An Elastic Fabric Adapter is a PCI function of its own, without a link. */
export const isEfa = (device: Pick<SliceDevice, 'product'>): boolean =>
  device.product !== null && /\bEFA\b|Elastic Fabric/.test(device.product);

/**
 * The MAC that the pool's slices listed before a pod received the link. While a slice of an older generation lists the
 * device, its content is outdated: only that of the newest generation counts.
 */
function macBefore(
  facts: FactReader,
  node: string,
  key: string,
  device: string,
  slices: readonly ResourceSliceFact[],
  newest: readonly ResourceSliceFact[],
): string | null {
  const before = facts.macOfDevice(node, key);
  if (before === null || before.generation === newest[0]?.generation) return before?.mac ?? null;
  const isOutdated = slices.some(
    (slice) => !newest.includes(slice) && slice.devices.some(({ name }) => name === device),
  );
  return isOutdated ? null : before.mac;
}

/** Only the newest generation of a pool counts. */
function newestOf(slices: readonly ResourceSliceFact[]): readonly ResourceSliceFact[] {
  const newest = Math.max(...slices.map(({ generation }) => generation));
  return slices.filter(({ generation }) => generation === newest);
}

function poolOf(
  facts: FactReader,
  node: string,
  slices: readonly ResourceSliceFact[],
  newest: readonly ResourceSliceFact[],
): DevicePool {
  const [first] = newest;
  if (first === undefined) throw new Error('a pool has a slice');
  const { driver, pool, generation, sliceCount } = first;
  const others = facts.factsOf('slicesByPool', keyOf(driver, pool)).flatMap((slice) => slice.node ?? []);
  const devices = newest.flatMap((slice) => slice.devices);
  const rules = facts
    .factsOf('deviceTaintRules', '')
    .filter((rule) => (rule.driver === null || rule.driver === driver) && (rule.pool === null || rule.pool === pool));
  return {
    driver,
    pool,
    generation,
    slices: newest.length,
    expected: sliceCount,
    outdated: slices.length - newest.length,
    sharedWith: [...new Set(others)].filter((name) => name !== node).sort(byCodeUnit),
    devices: devices.length,
    resources: [...new Set(devices.flatMap(pluginResourceOf))].sort(byCodeUnit),
    pcieRoots: [...new Set(devices.flatMap(({ pcieRoot }) => pcieRoot ?? []))].sort(byCodeUnit),
    tainted: devices
      .flatMap(({ name, taints }) => [
        ...taints.map((taint) => `${name}: ${taint}`),
        ...rules
          .filter((rule) => rule.device === null || rule.device === name)
          .map((rule) => `${name}: ${rule.taint} (DeviceTaintRule ${rule.name})`),
      ])
      .sort(byCodeUnit),
    allocated: allocatedIn(facts, driver, pool),
  };
}

/** The devices of a pool that are allocated to claims, whether or not a pod uses the claim. */
const allocatedIn = (facts: FactReader, driver: string, pool: string): DevicePool['allocated'] =>
  facts
    .factsOf('claimsByPool', keyOf(driver, pool))
    .flatMap(({ namespace, name, devices, pods }) =>
      devices
        .filter((device) => device.driver === driver && device.pool === pool)
        .map(({ device }) => ({
          device,
          claim: `${namespace}/${name}`,
          pods: pods
            .filter((one) => facts.get('pod', `${namespace}/${one.name}`) !== undefined)
            .map((one) => `${namespace}/${one.name}`),
        })),
    )
    .sort((a, b) => byCodeUnit(a.device, b.device) || byCodeUnit(a.claim, b.claim));

/** The extended resource under which an EFA or SR-IOV device plugin advertises the same device. */
function pluginResourceOf(device: SliceDevice): readonly string[] {
  if (device.resourceName !== null) return [device.resourceName];
  return isEfa(device) ? ['vpc.amazonaws.com/efa'] : [];
}

/**
 * Published devices in the form of an inventory of host links: without links that pods have, and with virtual functions
 * under their physical function.
 */
export function hostLinksOf(devices: Iterable<KnownDevice>): readonly HostLink[] {
  const links: HostLink[] = [];
  const functions = new Map<string, { pciAddress: string | null; vfs: HostLink['vfs'][number][] }>();
  const none = { altNames: [], mtu: null, over: [], eni: null };
  for (const { device } of devices) {
    const { ifName, mac, pciAddress, up, mtu, pfName, pfPciAddress } = device;
    if (pfName !== null) {
      const of = functions.get(pfName) ?? { pciAddress: pfPciAddress, vfs: [] };
      functions.set(pfName, of);
      if (pciAddress !== null) of.vfs.push({ pciAddress, name: ifName, mac });
    } else if (ifName !== null) {
      const kind = device.virtual === true ? 'virtual' : null;
      links.push({ ...none, name: ifName, mac, pciAddress, up, mtu, totalVfs: null, vfs: [], kind });
    }
  }
  for (const [name, { pciAddress, vfs }] of functions)
    links.push({ ...none, name, mac: null, pciAddress, up: null, totalVfs: vfs.length, vfs, kind: null });
  return links;
}
