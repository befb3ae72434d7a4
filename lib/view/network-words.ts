/** A network's plugins and IPAM in words, for tables and the details panel. */
import { thousands } from '../model/counted';
import { CLUSTER_NETWORK, isDeviceClass } from '../model/ids';
import type { NetworkRecord } from '../model/records';
import type { ParentKind } from '../model/vocabulary';

const PARENT_WORDS: Readonly<Record<ParentKind, string>> = {
  'host-device': 'host interface',
  hwaddr: 'the host interface with MAC',
  pci: 'the device at PCI address',
  resource: 'a device of resource',
  bridge: 'bridge',
  'container-link': 'an interface of the pod:',
  'default-route': 'the host interface with the default route',
  none: 'none',
  unknown: 'not known',
};

/** What the network’s interfaces are attached to. */
export const parentWords = ({ parent: { kind, value } }: Pick<NetworkRecord, 'parent'>): string =>
  value === null ? PARENT_WORDS[kind].replace(/:$/, '') : `${PARENT_WORDS[kind]} ${value}`;

/** The plugin chain in order, without its parent; the main plugin with its mode. */
export function chainWords(network: NetworkRecord): string {
  if (network.missing) return 'none: the network does not exist';
  // Interfaces of a DeviceClass come from claims, not from a CNI plugin.
  if (isDeviceClass(network.id)) return 'none: devices are claimed';
  if (network.plugins.length === 0)
    return network.id === CLUSTER_NETWORK ? 'not the VPC CNI' : 'no plugin could be read';
  return network.plugins
    .map((plugin, index) =>
      index === network.mainPlugin && network.mode !== null ? `${plugin} (${network.mode})` : plugin,
    )
    .join(' → ');
}

/** The plugin chain and its parent. */
export function pluginWords(network: NetworkRecord): string {
  const { kind, value } = network.parent;
  const parent = kind === 'none' ? '' : ` · parent ${value ?? (kind === 'unknown' ? 'not known' : kind)}`;
  return chainWords(network) + (network.plugins.length === 0 || network.missing ? '' : parent);
}

/** IPAM type, ranges and use; `not known` where no config could be read. */
export function ipamWords(network: NetworkRecord): string {
  const { ipam } = network;
  if (network.id === CLUSTER_NETWORK && network.plugins.length > 0) return 'addresses of each node’s ENIs';
  if (ipam === null) return network.plugins.length === 0 && !isDeviceClass(network.id) ? 'not known' : 'none';
  const used =
    ipam.size === null
      ? ''
      : ` · ${ipam.used === null ? 'use not known' : thousands(ipam.used)} of ${thousands(ipam.size)} used`;
  return `${ipam.type ?? 'no type'}${ipam.ranges.length === 0 ? '' : ` · ${ipam.ranges.join(', ')}`}${used}`;
}
