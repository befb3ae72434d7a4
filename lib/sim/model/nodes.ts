/** Nodes of every kind join and leave: their instance, their ENIs, their agents, their ledger. */
import { createCniSettings } from './cni-settings';
import { Datastore, createEniStock, type AddressMode } from './datastore';
import { ACCOUNT } from './ec2';
import { attachEni, controllerTags, createEni } from './enis';
import { awsId, hardwareMac, privateDnsName, uid } from './identity';
import { instanceType, maxPodsOf, type InstanceType } from './instance-types';
import { adoptEni, freeDevice, settle } from './ipamd';
import { must } from './must';
import { linkName, type ComputeType, type HostLink, type NodeFacts, type OsFlavour, type SimNode } from './node';
import { removePod, startPod } from './pods';
import type { ClusterState } from './state';
import type { SimSubnet } from './subnet';

export interface ExtraEni {
  readonly subnet: SimSubnet;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly card?: number;
  readonly device?: number;
  readonly type?: string;
}

export interface NewNode {
  readonly subnet: SimSubnet;
  readonly type: string;
  readonly os?: OsFlavour;
  readonly computeType?: 'ec2' | 'auto';
  readonly env?: Readonly<Record<string, string>>;
  readonly cniVersion?: string;
  readonly multus?: string;
  readonly nodeGroup?: string;
  readonly ageMs?: number;
  readonly maxPods?: number;
  /** The instance id is the node's name. */
  readonly namedById?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** ENIs that somebody else attached before ipamd started: Multus', EFA's. */
  readonly extra?: readonly ExtraEni[];
  /** The controller has attached a trunk. */
  readonly trunk?: boolean;
  readonly podSubnet?: { readonly subnet: SimSubnet; readonly groups: readonly string[] };
  readonly deleteOnTermination?: boolean;
  readonly cordoned?: boolean;
  readonly ready?: boolean;
  readonly frozen?: boolean;
  /** ipamd's first loop is left out: the scene fills the pool itself. */
  readonly unsettled?: boolean;
}

/** A node on an EC2 instance. */
export function addNode(state: ClusterState, wanted: NewNode): SimNode {
  const type = instanceType(wanted.type);
  const os = wanted.os ?? 'al2023';
  const auto = wanted.computeType === 'auto';
  const windows = os === 'windows';
  const cni =
    auto || windows ? null : createCniSettings({ CLUSTER_NAME: state.name, ...wanted.env }, wanted.cniVersion);
  const createdAt = state.now() - (wanted.ageMs ?? 9 * 86_400_000);
  const instanceId = awsId(state.random, 'i');
  const primary = must(
    createEni(state, { subnetId: wanted.subnet.id, tags: auto ? { 'eks:eks-cluster-name': state.name } : {} }),
    `address in ${wanted.subnet.name}`,
  );
  const ip = must(primary.primaryIp, 'address');
  state.ec2.instances.put({
    id: instanceId,
    type: type.name,
    state: 'running',
    zone: wanted.subnet.zone,
    vpcId: state.vpcId,
    subnetId: wanted.subnet.id,
    privateIp: ip,
    launchedAt: createdAt - 60_000,
    tags: { Name: `${state.name}-${wanted.nodeGroup ?? 'general'}`, 'eks:cluster-name': state.name },
  });
  attachEni(state, primary.id, instanceId, {
    card: 0,
    device: 0,
    at: createdAt - 60_000,
    deleteOnTermination: wanted.deleteOnTermination ?? true,
  });

  const prefix = auto || (cni?.prefixDelegation === true && type.hypervisor !== 'xen');
  const mode: AddressMode = cni?.ipv6 === true ? 'ipv6' : prefix ? 'prefix' : 'secondary-ip';
  const name = wanted.namedById === true || auto ? instanceId : privateDnsName(ip, state.region);
  const trunk = wanted.trunk === true && type.trunkCompatible;
  const facts = factsOf(state, {
    name,
    os,
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
    annotations: wanted.annotations ?? {},
    cordoned: wanted.cordoned ?? false,
    ready: wanted.ready ?? true,
    extended: {
      ...(trunk ? { 'vpc.amazonaws.com/pod-eni': { capacity: type.branchEnis, allocatable: type.branchEnis } } : {}),
      ...(windows
        ? {
            'vpc.amazonaws.com/PrivateIPv4Address': { capacity: type.ipv4PerEni - 1, allocatable: type.ipv4PerEni - 1 },
          }
        : {}),
      ...(type.efa ? { 'vpc.amazonaws.com/efa': { capacity: type.cards, allocatable: type.cards } } : {}),
    },
  });
  const node = createNode(state, facts, {
    instanceId,
    type,
    subnetId: wanted.subnet.id,
    primaryEni: primary.id,
    cni,
    multus: wanted.multus ?? null,
    foreignIpam: cni === null,
    podSubnet:
      wanted.podSubnet === undefined ? null : { subnetId: wanted.podSubnet.subnet.id, groups: wanted.podSubnet.groups },
    frozen: wanted.frozen ?? false,
    branches: { limit: trunk ? type.branchEnis : 0, used: 0, nextVlan: 1 },
  });
  node.eniIds.add(primary.id);
  for (const extra of wanted.extra ?? []) attachExtra(state, node, extra, createdAt);
  if (trunk) attachTrunk(state, node, type, createdAt);
  const cooldown = cni?.cooldownMs ?? 30_000;
  for (const card of managedCards(state, node, type)) node.stores.set(card, new Datastore(card, mode, cooldown));
  if (cni === null) node.stores.get(0)?.stocks.push(createEniStock(primary.id, createdAt, { primary: true }));
  else for (const id of [...node.eniIds]) adoptEni(state, node, id);
  if (wanted.unsettled !== true) settle(state, node);
  for (const id of node.eniIds) noteLink(state, node, id);
  if (!auto && !windows) addAgents(state, node);
  return node;
}

/** A Fargate pod's own node; its ENI is in the VPC, but attached to nobody's instance of ours (vpc-cni.md §5.2). */
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
    annotations: {},
    cordoned: false,
    ready: true,
    extended: {},
  });
  return createNode(state, facts, { primaryEni: eni.id, subnetId: subnet.id });
}

export interface NewHybridNode {
  readonly name: string;
  readonly ip: string;
  readonly multus?: string;
  /** SR-IOV cards: name of the link and number of virtual functions. */
  readonly sriov?: readonly { readonly name: string; readonly vfs: number }[];
  readonly sriovResource?: string;
  readonly computeType?: 'hybrid' | 'other';
}

/** A machine of one's own: no EC2, no ipamd; perhaps SR-IOV. */
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
    annotations: {},
    cordoned: false,
    ready: true,
    extended:
      total === 0 ? {} : { [wanted.sriovResource ?? 'openshift.io/fastnet']: { capacity: total, allocatable: total } },
  });
  const node = createNode(state, facts, { multus: wanted.multus ?? null });
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

/** The instance ends: pods, ENIs that are deleted with it, and the object go. */
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
  state.nodes.delete(name);
  state.nodeObjects.delete(name);
  return true;
}

export function updateNode(state: ClusterState, node: SimNode, fields: Partial<NodeFacts>): void {
  node.facts = { ...node.facts, ...fields };
  state.nodeObjects.put(node.facts);
}

export function cordon(state: ClusterState, node: SimNode, on = true): void {
  updateNode(state, node, {
    unschedulable: on,
    taints: on ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : [],
  });
}

/** An ENI that somebody attaches to a running node; ipamd meets it at its next reconcile. */
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
  attachEni(state, eni.id, must(node.instanceId, 'instance id'), { card, device, at });
  node.eniIds.add(eni.id);
  return eni.id;
}

function attachTrunk(state: ClusterState, node: SimNode, type: InstanceType, at: number): void {
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

/** Cards that ipamd looks at: only card 0 without multi-NIC; with it all but those that have an EFA-only ENI and no other (vpc-cni.md §1.2). */
function managedCards(state: ClusterState, node: SimNode, type: InstanceType): number[] {
  if (node.cni?.multiNic !== true) return [0];
  return Array.from({ length: type.cards }, (_, card) => card).filter((card) => {
    const types = [...node.eniIds].flatMap((id) => {
      const eni = state.ec2.eni(id);
      return eni.attachment?.card === card && eni.tags['node.k8s.amazonaws.com/no_manage'] !== 'true' ? [eni.type] : [];
    });
    return !types.includes('efa-only') || types.some((kind) => kind !== 'efa-only');
  });
}

function noteLink(state: ClusterState, node: SimNode, eniId: string): void {
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

interface FactsInput {
  readonly name: string;
  readonly os: OsFlavour;
  readonly createdAt: number;
  readonly type: InstanceType | null;
  readonly zone: string | null;
  readonly providerId: string;
  readonly computeType: ComputeType;
  readonly internalIp: string;
  readonly maxPods: number;
  readonly nodeGroup: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly cordoned: boolean;
  readonly ready: boolean;
  readonly extended: NodeFacts['extended'];
}

function factsOf(state: ClusterState, input: FactsInput): NodeFacts {
  const compute = { auto: 'auto', fargate: 'fargate', hybrid: 'hybrid', ec2: null, other: null }[input.computeType];
  return {
    name: input.name,
    uid: uid(state.random),
    providerId: input.providerId,
    instanceType: input.type?.name ?? null,
    zone: input.zone,
    computeType: input.computeType,
    os: input.os,
    labels: {
      'beta.kubernetes.io/arch': 'amd64',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': input.name,
      'kubernetes.io/os': input.os === 'windows' ? 'windows' : 'linux',
      ...(input.type === null ? {} : { 'node.kubernetes.io/instance-type': input.type.name }),
      ...(input.zone === null
        ? {}
        : { 'topology.kubernetes.io/zone': input.zone, 'topology.kubernetes.io/region': state.region }),
      ...(input.nodeGroup === null ? {} : { 'eks.amazonaws.com/nodegroup': input.nodeGroup }),
      ...(compute === null ? {} : { 'eks.amazonaws.com/compute-type': compute }),
      ...input.labels,
    },
    annotations: input.annotations,
    createdAt: input.createdAt,
    deletingAt: null,
    ready: input.ready,
    readyAt: input.createdAt + 40_000,
    unschedulable: input.cordoned,
    taints: input.cordoned ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] : [],
    maxPods: input.maxPods,
    internalIp: input.internalIp,
    cpus: input.type?.vcpus ?? 2,
    memoryGiB: input.type?.memoryGiB ?? 8,
    extended: input.extended,
  };
}

function createNode(state: ClusterState, facts: NodeFacts, given: Partial<SimNode>): SimNode {
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

const REGISTRY = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com`;

/** Pods of the DaemonSets that run on this node, on the host network. */
function addAgents(state: ClusterState, node: SimNode): void {
  const createdAt = node.facts.createdAt + 5000;
  const agent = (
    app: string,
    name: string,
    image: string,
    env: Readonly<Record<string, string>> = {},
    more: readonly string[] = [],
  ): void => {
    startPod(state, {
      namespace: 'kube-system',
      name: `${app}-${state.random.suffix(5)}`,
      app,
      node: node.facts.name,
      owner: { kind: 'DaemonSet', name: app },
      hostNetwork: true,
      createdAt,
      labels: {
        'k8s-app': app,
        'controller-revision-hash': '7d9f6c4b8',
        'pod-template-generation': '3',
        ...(app === 'kube-multus' ? { app: 'multus', name: 'multus' } : {}),
      },
      containers: [
        { name, image, env, ...(app === 'aws-node' ? { ports: [{ name: 'metrics', port: 61678 }] } : {}) },
        ...more.map((extra) => ({
          name: extra,
          image: `${REGISTRY}/amazon/aws-network-policy-agent:v1.4.1-eksbuild.1`,
          env: {},
        })),
      ],
    });
  };
  if (node.cni !== null)
    agent('aws-node', 'aws-node', `${REGISTRY}/amazon-k8s-cni:${node.cni.version}-eksbuild.1`, node.cni.env, [
      'aws-eks-nodeagent',
    ]);
  else if (node.type === null) agent('cilium', 'cilium-agent', 'quay.io/cilium/cilium:v1.18.2');
  agent('kube-proxy', 'kube-proxy', `${REGISTRY}/eks/kube-proxy:v1.35.3-eksbuild.2`);
  if (node.multus !== null)
    agent('kube-multus', 'kube-multus', `${REGISTRY}/eks/multus-cni:v${node.multus}-eksbuild.1`);
}
