/**
 * A SecurityGroupPolicy selects a running pod that has no branch ENI (vpc-cni §6): the pod is older than the policy, or the webhook of the
 * VPC resource controller did not answer and the API server admitted the pod without it. It has its node's security groups until it is
 * recreated. If security groups for pods are off on its node, the policy has no effect there at all.
 */
import { CLUSTER_NETWORK } from '../../model/ids';
import { ENIS, NODES, PODS, SECURITY_GROUP_POLICIES } from '../../model/source-ids';
import { POD_ENI } from '../../model/pod-eni';
import type { NodeRecord, PodRecord } from '../../model/records';
import { nodeOf } from '../guards/node';
import { hasNetworks, podOf } from '../guards/pod';
import { MINUTE, olderThan } from '../guards/time';
import { listed, nameOf, remake } from '../guards/words';
import { defineRule, type RuleFile, type Sighting } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** If the node has no branch ENI left, a recreated pod may find none on any node and wait. */
function remedy(pod: PodRecord, node: NodeRecord | null): Pick<Sighting, 'advice' | 'command'> {
  const { limit = null, used = null } = node?.branch ?? {};
  const again = remake(pod, 'so that the webhook sees it again');
  return limit !== null && used !== null && used >= limit
    ? {
        advice: `${node?.name ?? ''} has no branch ENI left: make sure that another node has one. Then: ${again.advice}`,
        command: null,
      }
    : again;
}

function withoutFeature(
  pod: PodRecord,
  node: Steady<'nodes'>,
  policies: readonly { readonly name: string }[],
  groups: readonly string[],
): Sighting {
  return {
    subjects: [pod.id, node.id],
    severity: 'info',
    title: 'Its SecurityGroupPolicy has no effect',
    detail: `SecurityGroupPolicy ${listed(policies.map(({ name }) => name))} selects ${nameOf(pod.id)}, but security groups for pods are off on ${node.name}: no pod there gets a branch ENI, and this one uses the security groups of the node, not ${listed(groups)}.`,
    evidence: [
      ...policies.map(({ name }) => `Kubernetes: SecurityGroupPolicy ${name} selects the pod`),
      'aws-node: ENABLE_POD_ENI=false',
    ],
    advice: `Set ENABLE_POD_ENI=true on aws-node, and create the pod again once nodes offer ${POD_ENI}: before that, a new pod may wait for it. Without need for the policy, delete it.`,
    command: null,
  };
}

/**
 * The controller made a branch ENI for the pod, and the VPC CNI gave it an address of the pool: it looks for the request in the limits of the
 * first container alone, and another webhook put a container before it (amazon-vpc-cni-k8s #1505).
 */
const besideItsBranch = defineRule({
  id: 'security-group-policy-missed',
  severity: 'warning',
  scope: 'interfaces',
  needs: [NODES, PODS, ENIS],
  check(iface, context) {
    const pod = podOf(context, iface);
    const node = nodeOf(context, iface.node);
    const [branch] = pod?.podEni ?? [];
    const { eni } = iface;
    if (pod === null || branch === undefined || eni === null || iface.network !== CLUSTER_NETWORK) return null;
    if (!hasNetworks(pod) || node?.computeType !== 'ec2' || pod.podEni?.includes(eni) === true) return null;
    if (!iface.addresses.every(({ backed }) => backed === 'eni')) return null;
    const has = listed(iface.ips);
    const isOff = node.cni?.podEni === false;
    const made = context.read.whole('enis', branch)?.addresses.find(({ state }) => state === 'primary')?.ip;
    return {
      subjects: [iface.id, pod.id, node.id, branch, eni],
      title: 'Runs beside its branch ENI',
      detail: `The VPC resource controller made ${branch}${made === undefined ? '' : ` with ${made}`} for ${nameOf(pod.id)}, but the pod has ${has}, an address of ${eni}: it uses the security groups of ${node.name}, and not those of its policy. ${
        isOff
          ? `ENABLE_POD_ENI is off on ${node.name}: the VPC CNI does not look for branch ENIs there.`
          : `The VPC CNI looks for ${POD_ENI} in the limits of the first container alone; most likely another webhook put a container before the one that has it, as a sidecar’s does.`
      }`,
      evidence: [
        `Kubernetes: annotation ${POD_ENI} of the pod names ${branch}`,
        `Kubernetes: status.podIPs has ${has}; ${iface.link.evidence}`,
      ],
      advice: isOff
        ? 'Set ENABLE_POD_ENI=true on aws-node again, and create the pod again; or, without need for such pods, replace the nodes that have a trunk.'
        : `Let the sidecar come after the pod’s own containers (in Istio without holdApplicationUntilProxyStarts), or as a native sidecar among the init containers; then create the pod again.`,
      command: null,
    };
  },
});

const ofPolicy = defineRule({
  id: 'security-group-policy-missed',
  severity: 'warning',
  scope: 'pods',
  needs: [NODES, PODS, SECURITY_GROUP_POLICIES],
  check(pod, context) {
    if (!hasNetworks(pod) || pod.ips.length === 0 || (pod.podEni?.length ?? 0) > 0) return null;
    if ((pod.resources[POD_ENI] ?? 0) > 0 || !olderThan(pod.createdAt, MINUTE, context)) return null;
    // Whether a policy that depends on a service account's labels applies is not known.
    const policies = (pod.securityGroupPolicies ?? []).filter(({ dependsOn }) => dependsOn === null);
    if (policies.length === 0) return null;
    // On other nodes the policy has no effect, or another one: Fargate lists its groups in an annotation, Auto Mode has
    // none.
    const node = nodeOf(context, pod.node);
    if (node?.computeType !== 'ec2' || node.os === 'windows' || node.cni?.podEni == null) return null;
    const groups = [...new Set(policies.flatMap(({ securityGroups }) => securityGroups))].sort();
    if (!node.cni.podEni) return withoutFeature(pod, node, policies, groups);
    return {
      subjects: [pod.id, node.id],
      title: 'Runs without the security groups of its policy',
      detail: `SecurityGroupPolicy ${listed(policies.map(({ name }) => name))} selects ${nameOf(pod.id)}, but the pod has no branch ENI: it uses the security groups of ${node.name}, not ${listed(groups)}. The policy applies when a pod is created. Either the policy is newer than the pod, or the webhook of the VPC resource controller did not answer at that moment.`,
      evidence: [
        ...policies.map(({ name }) => `Kubernetes: SecurityGroupPolicy ${name} selects the pod`),
        `Kubernetes: no container requests ${POD_ENI}, and annotation ${POD_ENI} is absent`,
      ],
      ...remedy(pod, context.read.whole('nodes', node.id)),
    };
  },
});

export default [ofPolicy, besideItsBranch] satisfies RuleFile;
