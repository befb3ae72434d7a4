/** Nodes that are no EC2 instance of the account: Fargate, hybrid nodes, bare metal. */
import { createEni } from '../../../lib/sim/model/enis';
import { awsId, hardwareMac, privateDnsName } from '../../../lib/sim/model/identity';
import { must } from '../../../lib/sim/model/must';
import type { Inventory, SimNode } from '../../../lib/sim/model/node';
import { addAgents } from '../../../lib/sim/model/node-agents';
import { factsOf } from '../../../lib/sim/model/node-facts';
import { createNode } from '../../../lib/sim/model/nodes';
import type { ClusterState } from '../../../lib/sim/model/state';
import type { SimSubnet } from '../../../lib/sim/model/subnet';

/** A Fargate pod's own node. Its ENI is in the VPC but attached to no instance of ours (vpc-cni §5.2). */
export function addFargateNode(state: ClusterState, subnet: SimSubnet): SimNode {
  const eni = must(
    createEni(state, {
      subnetId: subnet.id,
      status: 'in-use',
      description: `aws-eks-fargate-${state.name}`,
      requesterManaged: true,
    }),
    'address',
  );
  const ip = must(eni.primaryIp, 'address');
  const createdAt = state.now() - 3 * 86_400_000;
  state.ec2.enis.patch(eni.id, {
    attachment: {
      id: awsId(state.random, 'eni-attach'),
      card: 0,
      device: 1,
      status: 'attached',
      at: createdAt,
      deleteOnTermination: true,
      instanceOwnerId: '444455556666',
    },
  });
  const name = `fargate-${privateDnsName(ip, state.region)}`;
  const facts = factsOf(state, {
    name,
    os: 'al2',
    createdAt,
    type: null,
    zone: subnet.zone,
    providerId: `aws:///${subnet.zone}/${state.random.hex(10)}-${state.random.hex(32)}/${name}`,
    computeType: 'fargate',
    internalIp: ip,
    maxPods: 1,
    nodeGroup: null,
    labels: {},
    cordoned: false,
    ready: true,
    extended: {},
  });
  return createNode(state, facts, { primaryEni: eni.id, subnetId: subnet.id });
}

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
