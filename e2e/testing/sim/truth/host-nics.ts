/** The links of nodes that an inventory lists, by record id: name, MAC, ENI, virtual functions in use. */
import type { SimNode } from '../../../../lib/sim/model/node';
import { isFinished } from '../../../../lib/sim/model/pod';
import type { ClusterState } from '../../../../lib/sim/model/state';
import type { TrueHostNic } from './shape';

/** The NICs of nodes without ENIs, and those with virtual functions, by record id. */
export function trueHostNics(state: ClusterState): Record<string, TrueHostNic> {
  const nics: Record<string, TrueHostNic> = {};
  for (const node of state.nodes.values()) {
    const inUse = devicesInUse(state, node);
    for (const [name, nic] of publishedNics(node, inUse)) nics[`nic:${node.facts.name}/${name}`] = nic;
    if (node.inventory === null) continue;
    for (const link of node.links) {
      const used = link.vfs.filter(({ pciAddress }) => inUse.has(pciAddress)).length;
      nics[`nic:${node.facts.name}/${link.name}`] = {
        mac: link.mac,
        eni: link.eniId !== null && state.ec2.enis.get(link.eniId) !== undefined ? link.eniId : null,
        vfs: link.vfs.length === 0 ? null : { total: link.vfs.length, used },
      };
    }
  }
  return nics;
}

/**
 * The host's links according to ResourceSlices: those that no pod has, and physical functions through their virtual
 * ones.
 */
function publishedNics(node: SimNode, inUse: ReadonlySet<string>): ReadonlyMap<string, TrueHostNic> {
  const nics = new Map<string, TrueHostNic>();
  for (const { pfName, pciAddress, link, moved, eniId } of node.devices) {
    if (pfName !== null) {
      const { total = 0, used = 0 } = nics.get(pfName)?.vfs ?? {};
      const isUsed = pciAddress !== null && inUse.has(pciAddress);
      nics.set(pfName, { mac: null, eni: null, vfs: { total: total + 1, used: used + (isUsed ? 1 : 0) } });
    } else if (link !== null && !moved) nics.set(link.name, { mac: link.mac, eni: eniId, vfs: null });
  }
  return nics;
}

/** The devices that pods report. */
function devicesInUse(state: ClusterState, node: SimNode): ReadonlySet<string> {
  const used = new Set<string>();
  for (const key of node.pods) {
    const pod = state.pods.get(key);
    if (pod === undefined || isFinished(pod)) continue;
    for (const { pciAddress, recorded } of pod.interfaces) if (pciAddress !== null && recorded) used.add(pciAddress);
  }
  return used;
}
