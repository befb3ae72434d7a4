/** Nodes on EC2 instances, with every operating system, and with or without ipamd. */
import { NO_MANAGE_KEY } from './eni-tags';
import { createCniSettings } from './cni-settings';
import { Datastore, createEniStock, type AddressMode } from './datastore';
import { attachEni, createEni } from './enis';
import { attachExtra, attachTrunk, noteLink, type ExtraEni } from './extra-enis';
import { awsId, privateDnsName } from './identity';
import { writeInventory } from './inventory';
import { instanceType, maxPodsOf, type InstanceType } from './instance-types';
import { adoptEni, settle } from './ipamd';
import { must } from './must';
import type { Inventory, OsFlavour, SimNode } from './node';
import { addAgents } from './node-agents';
import { factsOf } from './node-facts';
import { createNode } from './nodes';
import type { ClusterState } from './state';
import type { SimSubnet } from './subnet';

/** An EC2 instance that joins the cluster. */
export interface NewNode {
  readonly subnet: SimSubnet;
  readonly type: string;
  readonly os?: OsFlavour;
  readonly computeType?: 'ec2' | 'auto';
  readonly env?: Readonly<Record<string, string>>;
  readonly cniVersion?: string;
  /** aws-node variables that are references to an annotation of the pod. */
  readonly referred?: readonly string[];
  readonly multus?: string;
  readonly nodeGroup?: string;
  readonly maxPods?: number;
  /** Whether the instance id is the node's name. */
  readonly namedById?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  /** ENIs attached before ipamd started, for Multus or EFA. */
  readonly extra?: readonly ExtraEni[];
  /** Whether the VPC resource controller has attached a trunk ENI. */
  readonly trunk?: boolean;
  readonly podSubnet?: { readonly subnet: SimSubnet; readonly groups: readonly string[] };
  readonly deleteOnTermination?: boolean;
  /** Addresses or prefixes that each ENI already had when ipamd started. */
  readonly provisioned?: number;
  readonly cordoned?: boolean;
  readonly ready?: boolean;
  readonly frozen?: boolean;
  readonly inventory?: Inventory;
  /** False: no device plugin offers EFA, so that claims can. */
  readonly efaPlugin?: false;
  /** Whether to skip ipamd's first loop, because the scene fills the pool itself. */
  readonly unsettled?: boolean;
}

/** Age of a node when the scene starts. */
const AGE_MS = 9 * 86_400_000;

const isAuto = ({ computeType }: NewNode): boolean => computeType === 'auto';
const isWindows = ({ os }: NewNode): boolean => os === 'windows';

/** The running instance with its primary ENI. `at`: when it was launched, epoch milliseconds. */
function launch(state: ClusterState, wanted: NewNode, type: InstanceType, at: number) {
  const { subnet } = wanted;
  const instanceId = awsId(state.random, 'i');
  const primary = must(
    createEni(state, { subnetId: subnet.id, tags: isAuto(wanted) ? { 'eks:eks-cluster-name': state.name } : {} }),
    `address in ${subnet.name}`,
  );
  const ip = must(primary.primaryIp, 'address');
  state.ec2.instances.put({
    id: instanceId,
    type: type.name,
    state: 'running',
    zone: subnet.zone,
    vpcId: state.vpcId,
    subnetId: subnet.id,
    privateIp: ip,
    launchedAt: at,
    tags: { Name: `${state.name}-${wanted.nodeGroup ?? 'general'}`, 'eks:cluster-name': state.name },
  });
  attachEni(state, primary.id, instanceId, {
    card: 0,
    device: 0,
    at,
    deleteOnTermination: wanted.deleteOnTermination ?? true,
  });
  return { instanceId, primaryEni: primary.id, ip };
}

/** Extended resources of the node by name; all of them are allocatable. */
function extendedResources(wanted: NewNode, type: InstanceType, trunk: boolean) {
  // The device plugin counts the interfaces that it finds when it starts.
  const efa = (wanted.extra ?? []).filter((extra) => extra.type?.startsWith('efa') === true).length;
  const counts = [
    ['vpc.amazonaws.com/pod-eni', trunk ? type.branchEnis : null],
    ['vpc.amazonaws.com/PrivateIPv4Address', isWindows(wanted) ? type.ipv4PerEni - 1 : null],
    ['vpc.amazonaws.com/efa', wanted.efaPlugin === false || efa === 0 ? null : efa],
  ] as const;
  return Object.fromEntries(
    counts.flatMap(([name, count]) => (count === null ? [] : [[name, { capacity: count, allocatable: count }]])),
  );
}

/** Launches an instance and registers its node, with aws-node if its kind has it. */
export function addNode(state: ClusterState, wanted: NewNode): SimNode {
  const type = instanceType(wanted.type);
  const auto = isAuto(wanted);
  const hasIpamd = !auto && !isWindows(wanted);
  const cni = hasIpamd
    ? createCniSettings({ CLUSTER_NAME: state.name, ...wanted.env }, wanted.cniVersion, wanted.referred)
    : null;
  const createdAt = state.now() - AGE_MS;
  const { instanceId, primaryEni, ip } = launch(state, wanted, type, createdAt - 60_000);

  const prefix = auto || (cni?.prefixDelegation === true && type.hypervisor !== 'xen');
  const mode: AddressMode = cni?.ipv6 === true ? 'ipv6' : prefix ? 'prefix' : 'secondary-ip';
  const name = wanted.namedById === true || auto ? instanceId : privateDnsName(ip, state.region);
  const trunk = wanted.trunk === true && type.trunkCompatible;
  const facts = factsOf(state, {
    name,
    os: wanted.os ?? 'al2023',
    createdAt,
    type,
    zone: wanted.subnet.zone,
    providerId: `aws:///${wanted.subnet.zone}/${instanceId}`,
    computeType: wanted.computeType ?? 'ec2',
    internalIp: ip,
    maxPods:
      wanted.maxPods ??
      maxPodsOf(type, { prefix: mode !== 'secondary-ip', customNetworking: cni?.customNetworking ?? false }),
    nodeGroup: auto ? null : (wanted.nodeGroup ?? 'general'),
    labels: wanted.labels ?? {},
    cordoned: wanted.cordoned ?? false,
    ready: wanted.ready ?? true,
    extended: extendedResources(wanted, type, trunk),
  });
  const node = createNode(state, facts, {
    instanceId,
    type,
    subnetId: wanted.subnet.id,
    primaryEni,
    cni,
    multus: wanted.multus ?? null,
    foreignIpam: cni === null,
    podSubnet:
      wanted.podSubnet === undefined ? null : { subnetId: wanted.podSubnet.subnet.id, groups: wanted.podSubnet.groups },
    frozen: wanted.frozen ?? false,
    inventory: wanted.inventory ?? null,
    branches: { limit: trunk ? type.branchEnis : 0, used: 0, nextVlan: 1 },
  });
  node.eniIds.add(primaryEni);
  for (const extra of wanted.extra ?? []) attachExtra(state, node, extra, createdAt);
  if (trunk) attachTrunk(state, node, type, createdAt);
  for (const id of node.eniIds) provision(state, id, wanted.provisioned ?? 0, mode);
  const cooldown = cni?.cooldownMs ?? 30_000;
  for (const card of managedCards(state, node, type)) node.stores.set(card, new Datastore(card, mode, cooldown));
  if (cni === null) node.stores.get(0)?.stocks.push(createEniStock(primaryEni, createdAt, { primary: true }));
  else for (const id of [...node.eniIds]) adoptEni(state, node, id);
  if (wanted.unsettled !== true) settle(state, node);
  for (const id of node.eniIds) noteLink(state, node, id);
  if (node.inventory !== null) writeInventory(state, node);
  if (hasIpamd) addAgents(state, node);
  return node;
}

function provision(state: ClusterState, eniId: string, count: number, mode: AddressMode): void {
  const eni = state.ec2.eni(eniId);
  if (count === 0 || eni.type === 'efa-only') return;
  const subnet = state.ec2.subnet(eni.subnetId);
  const got = Array.from({ length: count }, () =>
    must(mode === 'prefix' ? subnet.takePrefix() : subnet.take(), `address in ${subnet.name}`),
  );
  state.ec2.enis.patch(eniId, mode === 'prefix' ? { prefixes: got } : { secondaryIps: got });
}

/** Cards that ipamd manages: only card 0 without multi-NIC; with it, all except those whose only ENI is EFA-only (vpc-cni §1.2). */
function managedCards(state: ClusterState, node: SimNode, type: InstanceType): number[] {
  if (node.cni?.multiNic !== true) return [0];
  return Array.from({ length: type.cards }, (_, card) => card).filter((card) => {
    const types = [...node.eniIds].flatMap((id) => {
      const eni = state.ec2.eni(id);
      return eni.attachment?.card === card && eni.tags[NO_MANAGE_KEY] !== 'true' ? [eni.type] : [];
    });
    return !types.includes('efa-only') || types.some((kind) => kind !== 'efa-only');
  });
}
