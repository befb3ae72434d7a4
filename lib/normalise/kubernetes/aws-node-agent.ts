/**
 * Recognises aws-node (vpc-cni §9) and reads its version and the variables that decide what ipamd does. No other
 * environment variable is kept.
 */
import type { AwsNodeAgent } from '../../model/facts';
import { fields, items } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern, internStringMap } from '../read/intern';
import { imageTag } from './image';

/** The only environment variables that ifscope keeps: those of vpc-cni §9 that change topology or warm pool. */
export const AWS_NODE_VARIABLES: ReadonlySet<string> = new Set([
  'WARM_ENI_TARGET',
  'WARM_IP_TARGET',
  'MINIMUM_IP_TARGET',
  'WARM_PREFIX_TARGET',
  'MAX_ENI',
  'IP_COOLDOWN_PERIOD',
  'ENABLE_PREFIX_DELEGATION',
  'ENABLE_IPv4',
  'ENABLE_IPv6',
  'ENABLE_MULTI_NIC',
  'ENABLE_SUBNET_DISCOVERY',
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  'ENI_CONFIG_LABEL_DEF',
  'ENI_CONFIG_ANNOTATION_DEF',
  'ENABLE_POD_ENI',
  'POD_SECURITY_GROUP_ENFORCING_MODE',
  'MANAGE_UNTAGGED_ENI',
  'AWS_MANAGE_ENIS_NON_SCHEDULABLE',
  'DISABLE_NETWORK_RESOURCE_PROVISIONING',
  'ENABLE_IMDS_ONLY_MODE',
  'DISABLE_LEAKED_ENI_CLEANUP',
  'CLUSTER_NAME',
  'VPC_ID',
  'ANNOTATE_POD_IP',
  'AWS_VPC_K8S_CNI_VETHPREFIX',
  'AWS_VPC_ENI_MTU',
  'POD_MTU',
  'ENABLE_V4_EGRESS',
  'ENABLE_V6_EGRESS',
  'DISABLE_METRICS',
]);

/** The longest sensible value, in characters. */
const LONGEST_VALUE = 256;

/** The agent in a pod or DaemonSet with these labels and this pod spec; null when it is not aws-node. */
export function awsNodeAgent(namespace: string, labels: Fields, podSpec: Fields): AwsNodeAgent | null {
  if (labels['k8s-app'] !== 'aws-node' || namespace !== 'kube-system') return null;
  const container = items(podSpec['containers'])
    .map(fields)
    .find((one) => one['name'] === 'aws-node');
  if (container === undefined) return null;
  const image = container['image'];
  const tag = typeof image === 'string' ? imageTag(image) : null;
  const env: Record<string, string> = {};
  for (const item of items(container['env'])) {
    const variable = fields(item);
    const name = variable['name'];
    if (typeof name !== 'string' || !AWS_NODE_VARIABLES.has(name)) continue;
    // The last entry of a name wins, even without a literal value, as in the kubelet.
    const value = variable['value'];
    if (typeof value === 'string') env[name] = value.slice(0, LONGEST_VALUE);
    else if ('valueFrom' in variable) Reflect.deleteProperty(env, name);
    else env[name] = '';
  }
  return { version: tag === null ? null : intern(tag), env: internStringMap(env) };
}
