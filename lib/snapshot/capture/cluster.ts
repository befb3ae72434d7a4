/** Derives facts about the cluster itself from captured objects, if `capture.json` does not contain them. */
import type { DaemonSetFact, EniFact, InstanceFact, NodeFact, PodFact } from '../../model/facts';
import { byCodeUnit } from '../../model/order';
import type { ClusterInfo } from '../../model/records';
import type { EksCluster } from './eks';

/** The facts of a capture that may identify its cluster. `gitVersion` is null when no version was captured. */
export interface ClusterEvidence {
  readonly nodes: readonly NodeFact[];
  readonly pods: readonly PodFact[];
  readonly daemonSets: readonly DaemonSetFact[];
  readonly instances: readonly InstanceFact[];
  readonly enis: readonly EniFact[];
  readonly gitVersion: string | null;
  /** The answer of `aws eks describe-cluster`. */
  readonly eks: EksCluster | null;
  /** CIDR blocks by VPC. */
  readonly vpcs: ReadonlyMap<string, readonly string[]>;
}

/** The values on which the facts agree. A field is null if no fact gives it, or if facts contradict each other. */
export function clusterFrom(evidence: ClusterEvidence): ClusterInfo {
  // EC2's answers may contain other clusters' ENIs as well.
  const instances = new Set(evidence.nodes.map((node) => node.instanceId));
  const enis = evidence.enis.filter(
    ({ instanceId }) => instanceId !== null && (instances.size === 0 || instances.has(instanceId)),
  );
  const agents = [...evidence.daemonSets, ...evidence.pods].flatMap((one) => one.awsNode ?? []);
  const vpcId =
    evidence.eks?.vpcId ??
    only(evidence.instances.map(({ id, vpc }) => (instances.has(id) ? (vpc ?? '') : ''))) ??
    only(evidence.instances.map(({ vpc }) => vpc ?? '')) ??
    only(enis.map((eni) => eni.vpc ?? '')) ??
    only(agents.map((agent) => agent.env['VPC_ID'] ?? '')) ??
    only([...evidence.vpcs.keys()]);
  return {
    name:
      evidence.eks?.name ??
      only(agents.map((agent) => agent.env['CLUSTER_NAME'] ?? '')) ??
      only(enis.map((eni) => eni.tags['cluster.k8s.amazonaws.com/name'] ?? '')),
    kubernetesVersion: evidence.gitVersion ?? evidence.eks?.version ?? null,
    region: only(
      evidence.nodes.map((node) => node.labels['topology.kubernetes.io/region'] ?? regionOfZone(node.zone) ?? ''),
    ),
    vpcId,
    vpcCidrs: evidence.vpcs.get(vpcId ?? '') ?? null,
    demo: false,
  };
}

/** The single value that all agree on; null without one, or with several. Empty texts do not count. */
function only(values: readonly string[]): string | null {
  const distinct = new Set(values.filter((value) => value !== ''));
  const [first] = distinct;
  return distinct.size === 1 ? (first ?? null) : null;
}

/** `us-east-1a` → `us-east-1`; a local zone (`us-west-2-lax-1a`) → its parent region. */
function regionOfZone(zone: string | null): string | null {
  return /^([a-z]{2,4}(?:-[a-z]+){1,2}-\d+)(?:[a-z]|-[a-z]+-\d+[a-z])$/.exec(zone ?? '')?.[1] ?? null;
}

/** Node labels with the cluster's name. */
const CLUSTER_LABELS = ['alpha.eksctl.io/cluster-name', 'karpenter.k8s.aws/cluster', 'eks.amazonaws.com/cluster-name'];

/** By node name, the name of its cluster: from the settings of its aws-node, a label, or the tags of its ENIs. */
function clustersByNode({ nodes, pods, enis }: ClusterEvidence): ReadonlyMap<string, string> {
  const named = new Map<string, string>();
  const nodeOf = new Map(nodes.map(({ name, instanceId }) => [instanceId, name] as const));
  for (const { instanceId, tags } of enis) {
    const node = instanceId === null ? undefined : nodeOf.get(instanceId);
    const name = tags['cluster.k8s.amazonaws.com/name'];
    if (node !== undefined && name !== undefined && name !== '') named.set(node, name);
  }
  for (const { name, eniConfigHints } of nodes)
    for (const label of CLUSTER_LABELS) {
      const value = eniConfigHints[`label:${label}`];
      if (value !== undefined) named.set(name, value);
    }
  for (const { node, awsNode } of pods) {
    const name = awsNode?.env['CLUSTER_NAME'] ?? '';
    if (node !== null && name !== '') named.set(node, name);
  }
  return named;
}

/** The first node of each group, with the number of further ones. */
const groupsIn = (byNode: Iterable<readonly [node: string, group: string]>): readonly string[] => {
  return [...Map.groupBy(byNode, ([, group]) => group)]
    .map(
      ([group, [[first] = [''], ...more]]) =>
        `${group} (${first}${more.length === 0 ? '' : ` and ${more.length} more`})`,
    )
    .sort(byCodeUnit);
};

/** Evidence that the objects belong to several clusters, in words; null without any. */
export function mixedClusters(evidence: ClusterEvidence): string | null {
  const names = groupsIn(clustersByNode(evidence));
  const regions = groupsIn(
    evidence.nodes.flatMap(({ name, zone, computeType }) => {
      const region = computeType === 'hybrid' ? null : regionOfZone(zone);
      return region === null ? [] : [[name, region] as const];
    }),
  );
  const [kind, groups] = names.length > 1 ? ['clusters', names] : ['regions', regions];
  return groups.length < 2
    ? null
    : `the files hold nodes of ${groups.length} ${kind}: ${groups.join(', ')}. Give each cluster a folder of its own: statements about all of them together are not reliable.`;
}

/**
 * Whether EC2's answers are about other machines, or about none: another region, account or cluster was queried. Null
 * if they include one of the nodes, or if EC2 was not queried. A single ENI may be a deliberate query.
 */
export function strangeEc2({ nodes, instances, enis }: ClusterEvidence, isAsked: boolean): string | null {
  const answered = new Set([...instances.map(({ id }) => id), ...enis.flatMap(({ instanceId }) => instanceId ?? [])]);
  const own = nodes.flatMap(({ instanceId }) => instanceId ?? []);
  const [first] = own;
  const isOne = instances.length === 0 && enis.length > 0 && answered.size < 2;
  if (!isAsked || isOne || first === undefined || own.some((id) => answered.has(id))) return null;
  const zones = [...new Set([...instances, ...enis].flatMap(({ zone }) => zone ?? []))].sort(byCodeUnit).slice(0, 3);
  const what =
    answered.size === 0
      ? 'hold no instance and no attached ENI'
      : `name ${answered.size} ${answered.size === 1 ? 'instance' : 'instances'}${zones.length === 0 ? '' : ` in ${zones.join(', ')}`}`;
  return `the answers of EC2 ${what}, none of the nodes of this cluster (${first}) among them. Query EC2 again in the region and with the account of the nodes, without filters.`;
}
