/** Facts that most records lack, for panels and pages. Only known facts are returned. */
import { counted } from '../model/counted';
import { CLUSTER_NETWORK } from '../model/ids';
import type {
  ClusterInfo,
  HostNicRecord,
  InterfaceRecord,
  NetworkRecord,
  NodeRecord,
  PodRecord,
} from '../model/records';
import type { ViewSource } from './view-source';

/** A fact with its name and at least one line. */
export interface NamedFact {
  readonly name: string;
  readonly lines: readonly string[];
}

const fact = (name: string, ...lines: readonly (string | number | null)[]): readonly NamedFact[] => {
  const known = lines.flatMap((line) => (line === null || line === '' ? [] : [String(line)]));
  return known.length === 0 ? [] : [{ name, lines: known }];
};

/** Version, region and VPC. */
export const clusterFacts = (cluster: ClusterInfo): readonly NamedFact[] => [
  ...fact('Kubernetes', cluster.kubernetesVersion),
  ...fact('Region', cluster.region),
  ...fact('VPC', cluster.vpcId, (cluster.vpcCidrs ?? []).join(', ')),
];

type Workload = NetworkRecord['faultyWorkloads'][number];

/** Workloads with faulty annotations that name the network; for the cluster network, all of them. */
export const faultyWorkloads = ({ records }: ViewSource, network: string): readonly Workload[] =>
  (records.networks.get(CLUSTER_NETWORK)?.faultyWorkloads ?? []).filter(
    ({ networks }) => network === CLUSTER_NETWORK || networks.includes(network),
  );

/** For example `Deployment shop/web`. */
export const workloadName = ({ kind, namespace, name }: Workload): string => `${kind} ${namespace}/${name}`;

/** What is wrong with a workload, each worded to follow its name and a colon. */
export const workloadFaults = ({ refusal, misplaced, mistyped }: Workload): readonly string[] => [
  ...(refusal === null ? [] : [`Multus refuses its pods: ${refusal}`]),
  ...misplaced.map((text) => `it carries ${text}, which belongs in its pod template`),
  ...mistyped.map((text) => `a key in its pod template has no effect (${text})`),
];

/** Facts about a network’s configuration. */
export const networkFacts = (network: NetworkRecord): readonly NamedFact[] => [
  ...fact('Name in config', network.configName),
  ...fact('failOverMac', network.failOverMac),
  ...fact('Gateways', ...(network.ipam?.gateways ?? [])),
  ...fact('Generated from', network.writtenFrom === null ? null : `${network.writtenFrom}, by a controller`),
];

type DevicePool = NodeRecord['devicePools'][number];

function devicePoolLine(pool: DevicePool): string {
  const { driver, devices, allocated, slices, expected, outdated } = pool;
  return [
    `${driver}, pool ${pool.pool}: ${counted(devices, 'device')}, ${allocated.length} allocated`,
    ...(slices < expected ? [`${slices} of ${expected} slices exist`] : []),
    ...(outdated > 0 ? [counted(outdated, 'outdated slice')] : []),
    ...(pool.sharedWith.length > 0 ? [`shared with ${pool.sharedWith.join(', ')}`] : []),
  ].join(' · ');
}

/** Facts about a node, except its VPC CNI. */
export const nodeFacts = (node: NodeRecord): readonly NamedFact[] => [
  // On AWS, the instance id shows it.
  ...fact('Cloud', node.cloud === 'aws' ? null : node.cloud),
  ...fact('Pod CIDRs', ...node.podCidrs),
  ...fact('Device pools', ...node.devicePools.map(devicePoolLine)),
  ...fact('Tainted devices', ...node.devicePools.flatMap(({ tainted }) => tainted)),
];

/** Facts about the VPC CNI on a node. */
export const agentFacts = (node: NodeRecord): readonly NamedFact[] => [
  ...fact('Not ready', node.agentTrouble),
  ...fact('Refuses to start', ...(node.cni?.refused ?? [])),
  ...fact('Next start fails', ...(node.cni?.refusedNext ?? [])),
  ...fact(
    'EC2 errors',
    ...Object.entries(node.metrics?.apiErrors ?? {}).map(
      ([call, count]) => `${call} × ${count} since aws-node started`,
    ),
  ),
  ...fact(
    'Not in EC2',
    ...node.strayEnis.map(
      ({ id, card, addresses, assigned }) =>
        `${id} on card ${card}: only ipamd lists it, with ${counted(addresses, 'address', 'addresses')}, ${assigned} assigned`,
    ),
  ),
];

/** Why a pod failed, and the state of its sandbox. */
export const podFacts = ({ failure, sandbox }: PodRecord): readonly NamedFact[] => [
  ...fact(
    'Failed',
    failure === null ? null : [failure.reason, failure.message].filter((text) => text !== '').join(': '),
  ),
  ...fact(
    'Sandbox',
    sandbox === null
      ? null
      : sandbox.ready
        ? 'ready'
        : ['not ready', sandbox.message].filter((text) => text !== '').join(': '),
  ),
];

/** Facts about an interface’s device and configuration. */
export const interfaceFacts = ({ claim, formerConfig }: InterfaceRecord): readonly NamedFact[] => [
  ...fact('RDMA device', claim?.rdmaDevice ?? null),
  ...fact('Config', formerConfig ? 'set up with an earlier config of the network' : null),
];

/** Facts about a link of the host. */
export const hostNicFacts = ({ altNames, mtu, over }: HostNicRecord): readonly NamedFact[] => [
  ...fact('Other names', ...altNames),
  ...fact('MTU', mtu === null ? null : String(mtu)),
  ...fact('Over', ...over),
];
