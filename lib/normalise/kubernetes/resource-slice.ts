/**
 * ResourceSlice (resource.k8s.io v1, v1beta2, v1beta1): the devices that a driver publishes. Slices of all drivers
 * together may be many megabytes, so only network drivers, and drivers whose devices are compared with theirs, are
 * read, each with its own watch.
 */
import type { SliceDevice } from '../../model/facts';
import { bareIp, canonicalMac } from '../../model/ip';
import { count, fields, readEach, text } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern, internOrNull } from '../read/intern';
import type { Keyed } from '../read/keyed';
import { taintText } from './device-taint';
import { normaliser } from './object';

/** Drivers whose slices are read. GPU drivers are included because a GPU on another PCIe root than the pod's NIC is slow. */
export const SLICE_DRIVERS = [
  'dra.net',
  'sriovnetwork.k8snetworkplumbingwg.io',
  'networkdriver.cilium.io',
  'cni.dra.networking.x-k8s.io',
  'gpu.nvidia.com',
] as const;

/** The normaliser for one driver's watch; slices of other drivers are dropped. */
export const normaliseResourceSlice = (driver: string): ((value: unknown) => Keyed<'resourceSlice'> | null) =>
  normaliser<'resourceSlice'>(({ spec }) => {
    const pool = fields(spec['pool']);
    const name = text(pool['name']);
    if (spec['driver'] !== driver || name === null) return null;
    return {
      driver,
      pool: intern(name),
      generation: count(pool['generation']) ?? 0,
      sliceCount: count(pool['resourceSliceCount']) ?? 1,
      node: internOrNull(text(spec['nodeName'])),
      devices: readEach(spec['devices'], (value) => sliceDevice(value, driver)),
    };
  });

/** v1beta1 nests under `basic` what later versions have in the device itself. */
function sliceDevice(value: unknown, driver: string): SliceDevice | null {
  const root = fields(value);
  const name = text(root['name']);
  if (name === null) return null;
  const own = root['basic'] === undefined ? root : fields(root['basic']);
  const attributes = fields(own['attributes']);
  const of = reader(attributes, driver);
  const [mac, state] = [of.text('mac'), of.text('state')];
  // DRANET had other names for its attributes until 2025 (google/dranet #30).
  const isFirstDranet = driver === 'dra.net' && of.text('kind') === 'network';
  return {
    name: intern(name),
    ifName: of.text('ifName', 'interfaceName', 'kernelIfName') ?? (isFirstDranet ? of.text('name') : null),
    mac: mac === null ? null : canonicalMac(mac),
    ips: [of.text('ipv4', 'ip'), of.text('ipv6')].flatMap(addressesOf),
    up: state === null ? null : state === 'up',
    mtu: of.number('mtu'),
    pciAddress:
      (
        of.text('pciAddress', 'pciAddr', 'resource.kubernetes.io/pciBusID', 'pcieBusID') ??
        (isFirstDranet ? pciAddressIn(of.text) : null)
      )?.toLowerCase() ?? null,
    pcieRoot: internOrNull(of.text('resource.kubernetes.io/pcieRoot')),
    numaNode: of.number('numaNode', 'dra.net/numaNode', 'resource.kubernetes.io/numaNode'),
    encapsulation: internOrNull(of.text('encapsulation', 'linkType')?.toLowerCase() ?? null),
    rdma: of.flag('rdma', 'rdmaCapable'),
    rdmaDevice: internOrNull(of.text('rdmaDevice')),
    virtual: of.flag('virtual'),
    product: internOrNull(of.text('pciDevice', 'productName')),
    pfName: internOrNull(of.text('PFName', 'pfName')),
    pfPciAddress: of.text('pfPciAddress')?.toLowerCase() ?? null,
    resourceName: internOrNull(of.text('k8s.cni.cncf.io/resourceName', 'resourceName')),
    taints: readEach(own['taints'], taintText),
  };
}

/** A PCI address of which every part is an attribute. */
function pciAddressIn(read: (...names: readonly string[]) => string | null): string | null {
  const parts = ['domain', 'bus', 'device', 'function'].map((part) => read(`pci_address_${part}`));
  return parts.includes(null) ? null : `${parts.slice(0, 3).join(':')}.${parts[3] ?? ''}`;
}

/**
 * DRANET joins addresses with commas and truncates the text to the 64 characters of an attribute, so the last one may be
 * incomplete.
 */
function addressesOf(joined: string | null): readonly string[] {
  if (joined === null) return [];
  const parts = joined.split(',');
  if (joined.length >= MAX_ATTRIBUTE_LENGTH) parts.pop();
  return parts.flatMap((part) => bareIp(part.trim()) ?? []);
}

const MAX_ATTRIBUTE_LENGTH = 64;

/** Looks up attributes by name, the preferred one first. A driver may write its own attribute with or without its domain. */
function reader(attributes: Fields, driver: string) {
  const find = <T>(names: readonly string[], field: string, read: (value: unknown) => T | null): T | null => {
    for (const name of names) {
      for (const key of name.includes('/') ? [name] : [`${driver}/${name}`, name]) {
        const value = read(fields(attributes[key])[field]);
        if (value !== null) return value;
      }
    }
    return null;
  };
  return {
    text: (...names: readonly string[]) => find(names, 'string', text),
    number: (...names: readonly string[]) => find(names, 'int', count),
    flag: (...names: readonly string[]) => find(names, 'bool', (value) => (typeof value === 'boolean' ? value : null)),
  };
}
