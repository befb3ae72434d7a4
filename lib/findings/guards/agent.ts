/** The aws-node pod of a node, if it does not start. */
import { shell } from './words';

/** What to do, by the reported state of aws-node's containers; the first match counts. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /Image|Registry/,
    'Check that the image exists in that registry of that region, that the node may pull it (AmazonEC2ContainerRegistryReadOnly or PullOnly on its role), and that it reaches the registry: a private cluster needs endpoints for ecr.api, ecr.dkr and s3.',
  ],
  [/OOMKilled/, 'Raise or remove the memory limit of this container: the kernel kills it whenever it needs more.'],
  [
    /being deleted/,
    'Find out why its pod does not end: the DaemonSet makes the next one only then. A full disk and a kubelet that hangs are common causes. Replace the node if neither can be mended.',
  ],
  [
    /container aws-eks-nodeagent (?!runs and is ready)/,
    'Read the log of its last run (kubectl logs --previous -c aws-eks-nodeagent). Its version must match the VPC CNI’s: v1.23.0 requires v1.4.1 or later of the network policy agent, and v1.4.1 requires VPC CNI v1.23.0 or later. Upgrade or downgrade both together.',
  ],
  [
    /runs and is not ready, restarted .*exit code 137/,
    'Its probe ends each run before ipamd answers on port 50051 (since v1.23.0 only on unix:///var/run/aws-node/ipamd.sock: with an earlier manifest, whose probes use :50051, aws-node restarts forever). Read /var/log/aws-routed-eni/ipamd.log on the node. EC2 or STS out of reach (endpoints of a private subnet), credentials that are not there (a role of the service account with a wrong identity provider, a Pod Identity association without its agent), an API server out of reach, and a version that this cluster’s settings do not fit are common causes: compare with a node where it is Ready.',
  ],
  [
    /CrashLoopBackOff|has ended|restarted/,
    'Read the log of its last run (kubectl logs --previous): missing rights, an API server or instance metadata that it does not reach, and settings that it refuses are common causes. A log that ends without a reason (exit code 2) fits a Pod Identity association of its service account without the agent (add-on eks-pod-identity-agent) on the node.',
  ],
];

export const agentRemedy = (trouble: string | null): string | undefined =>
  REMEDIES.find(([pattern]) => pattern.test(trouble ?? ''))?.[1];

export const describeAgent = (node: string): string | null =>
  shell`kubectl -n kube-system describe pods -l k8s-app=aws-node --field-selector spec.nodeName=${node}`;

/** A state that its containers cannot leave on their own. */
const STUCK =
  / waits: (?:CrashLoopBackOff|ImagePullBackOff|ErrImagePull|InvalidImageName|Create(?:Container|Pod)\w*Error|RunContainerError)/;

/** It starts again and again, as its probe ends each run before it is ready. */
const NEVER_READY = / runs and is not ready, restarted \d+ times, last ended: .*, after \d+ seconds/;

export const isAgentStuck = (trouble: string | null): boolean =>
  STUCK.test(trouble ?? '') || NEVER_READY.test(trouble ?? '');
