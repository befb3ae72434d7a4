/** What drivers of claims offer on the nodes of a random cluster: ENIs that are kept for pods, EFA devices, GPUs, virtual functions. */
import type { Cluster } from './kit/cluster';
import { sliceObject, type ClaimVersion, type Offered } from './kit/claim';
import type { Eni } from './kit/eni';
import type { Node } from './kit/node';
import type { Random } from './kit/random';
import type { Zone } from './random-pods';

export const DRANET = 'dra.net';
export const GPU = 'gpu.nvidia.com';

/** An ENI that DRANET offers. */
export interface Nic {
  readonly eni: Eni;
  readonly name: string;
  readonly pciAddress: string;
  readonly root: string;
  readonly isEfa: boolean;
  /** A pod has the link: the host, and so the slice, knows its name and MAC no more. */
  moved: boolean;
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');

/** ENIs that are tagged for claims, on cards with room; before the other ENIs decide about their cards. */
export function enisForClaims(node: Node, random: Random, zone: Zone): void {
  for (const [card, most] of (node.limits?.cards ?? []).entries()) {
    if (card === 0 || most < 3 || !random.chance(0.4)) continue;
    node.eni({ card, dev: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } }, zone.claims);
  }
}

/** DRANET's inventory of a node: functions are numbered by card and device. */
export function nicsOf(node: Node, random: Random): Nic[] {
  const roots = random.pick(['each', 'two', 'one']);
  const rootOf = (card: number): string =>
    `pci0000:${hex(roots === 'one' ? 0x10 : roots === 'two' ? 0x10 * (1 + (card >> 1)) : 0x10 + card)}`;
  return node.enis
    .filter(
      ({ type, tags, card }) =>
        type === 'efa-only' || (card > 0 && tags['node.k8s.amazonaws.com/no_manage'] === 'true'),
    )
    .sort((a, b) => a.card - b.card || a.dev - b.dev)
    .map((eni): Nic => {
      const pciAddress = `0000:${hex(0x20 + eni.card)}:${hex(eni.dev)}.0`;
      return {
        eni,
        name: `pci-${pciAddress.replaceAll(/[:.]/g, '-')}`,
        pciAddress,
        root: rootOf(eni.card),
        isEfa: eni.type === 'efa-only',
        moved: false,
      };
    });
}

function offerOf({ eni, name, pciAddress, root, isEfa, moved }: Nic): Offered {
  const onHost = !isEfa && !moved;
  return {
    name,
    attributes: {
      'dra.net/pciAddress': { string: pciAddress },
      'dra.net/pciDevice': { string: isEfa ? 'Elastic Fabric Adapter (EFA)' : 'Elastic Network Adapter (ENA)' },
      'dra.net/rdma': { bool: isEfa },
      'dra.net/virtual': { bool: false },
      'resource.kubernetes.io/pcieRoot': { string: root },
      ...(onHost
        ? {
            'dra.net/ifName': { string: `enp${String(eni.card)}s${String(eni.dev)}` },
            'dra.net/mac': { string: eni.mac },
            'dra.net/encapsulation': { string: 'ether' },
            'dra.net/state': { string: 'up' },
            ...(eni.ip === null ? {} : { 'dra.net/ipv4': { string: `${eni.ip}/16` } }),
          }
        : {}),
    },
  };
}

/** A driver's pool on a node: in one slice or several, now and then beside slices of the generation before, which say otherwise. */
export function publish(
  c: Cluster,
  node: Node,
  driver: string,
  devices: readonly Offered[],
  version: ClaimVersion,
  random: Random,
): void {
  const generation = random.between(1, 5);
  const each = random.chance(0.3) ? random.between(1, 3) : 64;
  const count = Math.max(1, Math.ceil(devices.length / each));
  const base = { driver, node: node.name };
  for (let index = 0; index < count; index += 1)
    c.object(
      sliceObject(version, {
        ...base,
        generation,
        index,
        count,
        devices: devices.slice(index * each, (index + 1) * each),
      }),
    );
  if (generation === 1 || !random.chance(0.2)) return;
  // The MACs of others.
  const attributes = [...devices.slice(1), ...devices.slice(0, 1)].map((one) => one.attributes);
  c.object(
    sliceObject(version, {
      ...base,
      generation: generation - 1,
      index: 0,
      count: 1,
      devices: devices.map(({ name }, at) => ({ name, attributes: attributes[at] ?? {} })),
    }),
  );
}

export function publishNics(c: Cluster, node: Node, nics: readonly Nic[], version: ClaimVersion, random: Random): void {
  publish(c, node, DRANET, nics.map(offerOf), version, random);
}

export const gpus: readonly Offered[] = [0, 1].map((index) => ({
  name: `gpu-${String(index)}`,
  attributes: {
    'gpu.nvidia.com/type': { string: 'gpu' },
    'gpu.nvidia.com/index': { int: index },
    'resource.kubernetes.io/pcieRoot': { string: `pci0000:${hex(0x10 + index)}` },
  },
}));
