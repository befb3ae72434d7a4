/** ENIs that ipamd did not create: those of other owners, EFA, the trunk; and the host link of each. */
import { attachedEnis, attachEni, controllerTags, createEni } from './enis';
import type { InstanceType } from './instance-types';
import { freeDevice } from './ipamd';
import { must } from './must';
import { linkName, type HostLink, type SimNode } from './node';
import type { ClusterState } from './state';
import type { SimSubnet } from './subnet';

/** An ENI that the launch template attaches besides the primary one. */
export interface ExtraEni {
  readonly subnet: SimSubnet;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly card?: number;
  readonly device?: number;
  readonly type?: string;
}

/** Attaches another owner's ENI to a running node; ipamd sees it at its next reconcile. */
export function attachExtra(state: ClusterState, node: SimNode, extra: ExtraEni, at = state.now()): string {
  const card = extra.card ?? 0;
  const eni = must(
    createEni(state, {
      subnetId: extra.subnet.id,
      description: extra.description ?? 'Multus worker interface',
      tags: extra.tags ?? {},
      type: extra.type ?? 'interface',
      sourceDestCheck: false,
    }),
    `address in ${extra.subnet.name}`,
  );
  const device = extra.device ?? freeDevice(state, node, card);
  if (isTaken(state, node, card, device))
    throw new Error(`simulated cluster: ${node.facts.name} has an ENI at card ${card}, device ${device} already`);
  attachEni(state, eni.id, must(node.instanceId, 'instance id'), { card, device, at });
  node.eniIds.add(eni.id);
  return eni.id;
}

const isTaken = (state: ClusterState, node: SimNode, card: number, device: number): boolean =>
  attachedEnis(state, node).some(({ attachment }) => attachment?.card === card && attachment.device === device);

/** The resource controller takes the highest device index (vpc-cni §6). */
export function attachTrunk(state: ClusterState, node: SimNode, type: InstanceType, at: number): void {
  const instanceId = must(node.instanceId, 'instance id');
  const trunk = must(
    createEni(state, {
      subnetId: node.podSubnet?.subnetId ?? must(node.subnetId, 'subnet'),
      type: 'trunk',
      description: 'aws-k8s-trunk-eni',
      tags: controllerTags(state, instanceId),
    }),
    'address',
  );
  attachEni(state, trunk.id, instanceId, { card: 0, device: type.enisPerCard - 1, at });
  node.eniIds.add(trunk.id);
}

/** The host link of an ENI on card 0, with the name that the node's OS assigns. */
export function noteLink(state: ClusterState, node: SimNode, eniId: string): void {
  const eni = state.ec2.eni(eniId);
  if (eni.attachment?.card !== 0 || eni.type === 'efa-only') return;
  const link: HostLink = {
    name: linkName(node.facts.os, eni.attachment.device),
    mac: eni.mac,
    pciAddress: `0000:00:0${eni.attachment.device + 5}.0`,
    eniId,
    vfs: [],
  };
  node.links.push(link);
}
