/** Machines outside AWS. */
import { hardwareMac } from '../../model/identity';
import type { Inventory, SimNode } from '../../model/node';
import { addAgents } from '../../model/node-agents';
import { factsOf } from '../../model/node-facts';
import { createNode } from '../../model/nodes';
import type { ClusterState } from '../../model/state';

/** A hybrid node: a machine outside AWS. */
export interface NewHybridNode {
  readonly name: string;
  readonly ip: string;
  readonly multus?: string;
  /** SR-IOV cards: link name and number of virtual functions. */
  readonly sriov?: readonly { readonly name: string; readonly vfs: number }[];
  /** Null: no device plugin offers the functions, so that claims can. */
  readonly sriovResource?: string | null;
  readonly computeType?: 'hybrid' | 'other';
  readonly inventory?: Inventory;
}

/** An on-premises machine: no EC2, no ipamd, optionally SR-IOV. */
export function addHybridNode(state: ClusterState, wanted: NewHybridNode): SimNode {
  const total = (wanted.sriov ?? []).reduce((sum, link) => sum + link.vfs, 0);
  const compute = wanted.computeType ?? 'hybrid';
  const facts = factsOf(state, {
    name: wanted.name,
    os: 'ubuntu',
    createdAt: state.now() - 60 * 86_400_000,
    type: null,
    zone: null,
    providerId: compute === 'hybrid' ? `eks-hybrid:///${state.region}/${state.name}/${wanted.name}` : '',
    computeType: compute,
    internalIp: wanted.ip,
    maxPods: 110,
    nodeGroup: null,
    labels: {},
    cordoned: false,
    ready: true,
    extended:
      total === 0 || wanted.sriovResource === null
        ? {}
        : { [wanted.sriovResource ?? 'openshift.io/fastnet']: { capacity: total, allocatable: total } },
  });
  const node = createNode(state, facts, { multus: wanted.multus ?? null, inventory: wanted.inventory ?? null });
  for (const [index, link] of (wanted.sriov ?? []).entries()) {
    const bus = (0x3b + index * 0x20).toString(16);
    node.links.push({
      name: link.name,
      mac: hardwareMac(state.random),
      pciAddress: `0000:${bus}:00.0`,
      eniId: null,
      vfs: Array.from({ length: link.vfs }, (_, id) => ({
        id,
        mac: hardwareMac(state.random),
        pciAddress: `0000:${bus}:0${1 + (id >> 3)}.${id & 7}`,
      })),
    });
  }
  addAgents(state, node);
  return node;
}
