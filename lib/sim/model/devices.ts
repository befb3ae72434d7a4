/**
 * Devices that Dynamic Resource Allocation drivers publish in ResourceSlices, as dranet and dra-driver-sriov write them:
 * one pool per node, attributes under the driver's domain, and a link's name, MAC and addresses only while the host has the
 * link.
 */
import { rfc3339 } from './clock';
import { uid } from './identity';
import type { Report, SimDevice, SimDeviceClass } from './device';
import { linkName, type SimNode } from './node';
import { objectsOf, type ClusterState } from './state';

/** Key of the collection of ResourceSlices. */
export const SLICES = 'resource.k8s.io/resourceslices';
const CLASSES = 'resource.k8s.io/deviceclasses';

/** The driver of network interfaces. */
export const DRANET = 'dra.net';
/** The driver of virtual functions. */
export const SRIOV = 'sriovnetwork.k8snetworkplumbingwg.io';
/** The driver of GPUs. */
export const GPU = 'gpu.nvidia.com';

/** Adds a DeviceClass that selects the driver's devices; `expression` is a further condition of its selector. */
export function addDeviceClass(state: ClusterState, { name, driver, fits }: SimDeviceClass, expression = ''): void {
  state.deviceClasses.set(name, { name, driver, fits });
  const cel = { expression: `device.driver == "${driver}"${expression === '' ? '' : ` && ${expression}`}` };
  objectsOf(state, CLASSES).put({
    apiVersion: 'resource.k8s.io/v1',
    kind: 'DeviceClass',
    metadata: {
      name,
      uid: uid(state.random),
      creationTimestamp: rfc3339(state.now() - 20 * 86_400_000),
      generation: 1,
    },
    spec: { selectors: [{ cel }] },
  });
}

/** Writes the current slices of the node's drivers, with `perSlice` devices in each. */
export function publishDevices(state: ClusterState, node: SimNode): void {
  for (const driver of new Set(node.devices.map((device) => device.driver))) publish(state, node, driver);
}

/** Writes the ResourceSlices in which a driver publishes the devices of a node. */
export function publish(state: ClusterState, node: SimNode, driver: string): void {
  const devices = node.devices.filter((device) => device.driver === driver);
  const count = Math.max(1, Math.ceil(devices.length / node.perSlice));
  const slices = objectsOf(state, SLICES);
  for (let index = 0; index < count; index += 1) {
    const name = `${node.facts.name}-${driver}-${index}`;
    const known = slices.get(name)?.metadata;
    slices.put({
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceSlice',
      metadata: known ?? { name, uid: uid(state.random), creationTimestamp: rfc3339(node.facts.createdAt + 90_000) },
      spec: {
        driver,
        nodeName: node.facts.name,
        pool: { name: node.facts.name, generation: 1, resourceSliceCount: count },
        devices: devices.slice(index * node.perSlice, (index + 1) * node.perSlice).map(published),
      },
    });
  }
}

/** Removes the slices of a deleted node. */
export function retractDevices(state: ClusterState, node: SimNode): void {
  const slices = objectsOf(state, SLICES);
  for (const { value } of slices.sorted())
    if ((value['spec'] as { nodeName?: string }).nodeName === node.facts.name) slices.delete(value.metadata.name);
}

function published(device: SimDevice): Record<string, unknown> {
  const { link, moved } = device;
  const onHost = link === null || moved || device.driver !== DRANET ? null : link;
  const addresses = onHost?.ips.join(',') ?? '';
  return {
    name: device.name,
    attributes: {
      ...device.attributes,
      ...(onHost === null
        ? {}
        : {
            'dra.net/ifName': { string: onHost.name },
            'dra.net/mac': { string: onHost.mac },
            'dra.net/mtu': { int: 9001 },
            'dra.net/encapsulation': { string: 'ether' },
            'dra.net/state': { string: 'up' },
            'dra.net/type': { string: 'device' },
          }),
      ...(addresses === '' ? {} : { 'dra.net/ipv4': { string: addresses.slice(0, 64) } }),
    },
  };
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** p5-like machines: eight GPUs, each on a PCIe root with a share of the network cards. */
export const rootOfCard = (card: number, cards: number): string =>
  `pci0000:${hex(0x10 * (1 + Math.floor((card * 8) / Math.max(8, cards))))}`;

/** dranet publishes the attached ENIs that `fits` selects, but never the uplink. */
export function runDranet(
  state: ClusterState,
  node: SimNode,
  fits: (eni: {
    readonly id: string;
    readonly type: string;
    readonly tags: Readonly<Record<string, string>>;
  }) => boolean,
  report: Report = 'all',
): void {
  const enis = [...node.eniIds]
    .map((id) => state.ec2.eni(id))
    .filter((eni) => eni.id !== node.primaryEni && fits(eni))
    .sort((a, b) => placeOf(a) - placeOf(b));
  for (const eni of enis) {
    const card = eni.attachment?.card ?? 0;
    const root = rootOfCard(card, node.type?.cards ?? 1);
    // Functions are numbered by card, and within a card by device.
    const pciAddress = `0000:${hex(Number.parseInt(root.slice(-2), 16) + 1 + (card % 4))}:0${eni.attachment?.device ?? 0}.0`;
    const isEfa = eni.type === 'efa-only';
    const length = state.ec2.subnet(eni.subnetId).prefixLength;
    node.devices.push({
      driver: DRANET,
      name: `pci-${pciAddress.replaceAll(/[:.]/g, '-')}`,
      attributes: {
        'dra.net/pciAddress': { string: pciAddress },
        'dra.net/pciVendor': { string: 'Amazon.com, Inc.' },
        'dra.net/pciDevice': { string: isEfa ? 'Elastic Fabric Adapter (EFA)' : 'Elastic Network Adapter (ENA)' },
        'dra.net/rdma': { bool: isEfa },
        'dra.net/virtual': { bool: false },
        'dra.net/numaNode': { int: card < (node.type?.cards ?? 1) / 2 ? 0 : 1 },
        'resource.kubernetes.io/pcieRoot': { string: root },
      },
      pciAddress,
      pcieRoot: root,
      eniId: eni.id,
      link: isEfa
        ? null
        : {
            name:
              card === 0
                ? linkName(node.facts.os, eni.attachment?.device ?? 0)
                : `enp${card + 5}s${eni.attachment?.device ?? 0}`,
            mac: eni.mac,
            ips: [`${eni.primaryIp ?? ''}/${length}`],
          },
      pfName: null,
      report,
      claim: null,
      moved: false,
    });
  }
  publish(state, node, DRANET);
}

const placeOf = ({
  attachment,
}: {
  readonly attachment: { readonly card: number; readonly device: number } | null;
}): number => (attachment?.card ?? 0) * 100 + (attachment?.device ?? 0);

/** The GPU driver's devices, one on each root. */
export function runGpuDriver(state: ClusterState, node: SimNode, count: number): void {
  for (let index = 0; index < count; index += 1) {
    const root = rootOfCard(index * Math.max(1, (node.type?.cards ?? 8) / 8), node.type?.cards ?? 8);
    node.devices.push({
      driver: GPU,
      name: `gpu-${index}`,
      attributes: {
        'gpu.nvidia.com/type': { string: 'gpu' },
        'gpu.nvidia.com/productName': { string: 'NVIDIA H100 80GB HBM3' },
        'gpu.nvidia.com/index': { int: index },
        'resource.kubernetes.io/pcieRoot': { string: root },
      },
      pciAddress: null,
      pcieRoot: root,
      eniId: null,
      link: null,
      pfName: null,
      report: 'nothing',
      claim: null,
      moved: false,
    });
  }
  publish(state, node, GPU);
}
