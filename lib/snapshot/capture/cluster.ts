/** What captured objects reveal about the cluster itself, where `capture.json` does not say it. */
import type { DaemonSetFact, EniFact, InstanceFact, NodeFact, PodFact } from '../../model/facts';
import type { ClusterInfo } from '../../model/records';

/** The facts of a capture that may identify its cluster. `gitVersion` is null when no version was captured. */
export interface ClusterEvidence {
  readonly nodes: readonly NodeFact[];
  readonly pods: readonly PodFact[];
  readonly daemonSets: readonly DaemonSetFact[];
  readonly instances: readonly InstanceFact[];
  readonly enis: readonly EniFact[];
  readonly gitVersion: string | null;
}

/** What the facts agree on. A field is null when nothing says it or when facts contradict each other. */
export function clusterFrom(evidence: ClusterEvidence): ClusterInfo {
  // EC2's answers may contain other clusters' ENIs as well.
  const instances = new Set(evidence.nodes.map((node) => node.instanceId));
  const enis = evidence.enis.filter(
    ({ instanceId }) => instanceId !== null && (instances.size === 0 || instances.has(instanceId)),
  );
  const agents = [...evidence.daemonSets, ...evidence.pods].flatMap((one) => one.awsNode ?? []);
  return {
    name:
      only(agents.map((agent) => agent.env['CLUSTER_NAME'] ?? '')) ??
      only(enis.map((eni) => eni.tags['cluster.k8s.amazonaws.com/name'] ?? '')),
    kubernetesVersion: evidence.gitVersion,
    region: only(
      evidence.nodes.map((node) => node.labels['topology.kubernetes.io/region'] ?? regionOfZone(node.zone) ?? ''),
    ),
    vpcId:
      only(evidence.instances.map(({ id, vpc }) => (instances.has(id) ? (vpc ?? '') : ''))) ??
      only(evidence.instances.map(({ vpc }) => vpc ?? '')) ??
      only(enis.map((eni) => eni.vpc ?? '')) ??
      only(agents.map((agent) => agent.env['VPC_ID'] ?? '')),
    demo: false,
  };
}

/** The single value that all agree on; null when there is none or more than one. Empty texts do not count. */
function only(values: readonly string[]): string | null {
  const distinct = new Set(values.filter((value) => value !== ''));
  const [first] = distinct;
  return distinct.size === 1 ? (first ?? null) : null;
}

/** `us-east-1a` → `us-east-1`; a local zone (`us-west-2-lax-1a`) → its parent region. */
function regionOfZone(zone: string | null): string | null {
  return /^([a-z]{2,4}(?:-[a-z]+){1,2}-\d+)(?:[a-z]|-[a-z]+-\d+[a-z])$/.exec(zone ?? '')?.[1] ?? null;
}
