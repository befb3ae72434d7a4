/** Nodes of any kind join, change and leave the cluster. */
import { retractDevices } from './devices';
import type { NodeFacts, SimNode } from './node';
import { removePod } from './pods';
import type { ClusterState } from './state';

/** Registers a node. Fields that are not given are empty. */
export function createNode(state: ClusterState, facts: NodeFacts, given: Partial<SimNode>): SimNode {
  const node: SimNode = {
    facts,
    region: state.region,
    instanceId: null,
    type: null,
    subnetId: null,
    primaryEni: null,
    cni: null,
    multus: null,
    foreignIpam: false,
    podSubnet: null,
    branches: { limit: 0, used: 0, nextVlan: 1 },
    eniIds: new Set(),
    stores: new Map(),
    unmanaged: new Set(),
    links: [],
    inventory: null,
    devices: [],
    perSlice: 128,
    pods: new Set(),
    waiting: new Set(),
    metrics: { noAvailable: 0, adds: 0, deletes: 0, apiErrors: new Map() },
    metricOverrides: new Map(),
    noGrowthBefore: 0,
    lastShrink: 0,
    frozen: false,
    maintenanceDue: false,
    ...given,
  };
  state.nodes.set(facts.name, node);
  state.nodeObjects.put(facts);
  return node;
}

/** Terminates the instance, with its pods, its delete-on-termination ENIs and its Node object. */
export function removeNode(state: ClusterState, name: string): boolean {
  const node = state.nodes.get(name);
  if (node === undefined) return false;
  for (const key of [...node.pods]) removePod(state, key);
  for (const id of node.eniIds) {
    const eni = state.ec2.enis.get(id);
    if (eni?.attachment?.deleteOnTermination === false) {
      state.ec2.enis.patch(id, { instanceId: null, attachment: null, status: 'available' });
    } else state.ec2.deleteEni(id);
  }
  if (node.instanceId === null && node.primaryEni !== null) state.ec2.deleteEni(node.primaryEni);
  if (node.instanceId !== null) state.ec2.instances.delete(node.instanceId);
  if (node.devices.length > 0) retractDevices(state, node);
  state.nodes.delete(name);
  state.nodeObjects.delete(name);
  return true;
}

/** Changes the facts of a node and writes its object. */
export function updateNode(state: ClusterState, node: SimNode, fields: Partial<NodeFacts>): void {
  node.facts = { ...node.facts, ...fields };
  state.nodeObjects.put(node.facts);
}

/** Cordons a node, or uncordons it. */
export function cordon(state: ClusterState, node: SimNode, on = true): void {
  updateNode(state, node, {
    unschedulable: on,
    taints: on ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : [],
  });
}
