/** Words that redaction keeps, because they are public vocabulary. */
import { IPAM_PLUGINS } from '../../cni/ipam/registry';
import { PLUGINS } from '../../cni/registry';

/** Namespaces that every cluster has. */
export const KEPT_NAMESPACES = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'default']);
/** Domains whose label keys, label values and names are public vocabulary. */
export const PUBLIC =
  /(^|[./])(kubernetes\.io|k8s\.io|amazonaws\.com|k8s\.aws|eksctl\.io|karpenter\.sh|cncf\.io|openshift\.io|nmstate\.io|aws)(\/|$)/;
const PUBLIC_KEYS = new Set([
  'k8s-app',
  'name',
  'component',
  'tier',
  'controller-revision-hash',
  'pod-template-generation',
]);

/** Whether a label or annotation key is public vocabulary. */
export const isPublicKey = (key: string): boolean => PUBLIC_KEYS.has(key) || PUBLIC.test(key);

/** Label keys whose values AWS or Kubernetes defines. Other values may be the owner's names, under public keys as well. */
const KEYS_OF_PUBLIC_VALUES = [
  /^(?:topology|failure-domain\.beta|node)\.kubernetes\.io\//,
  /^topology\.(?:k8s\.aws|ebs\.csi\.aws\.com)\//,
  /^(?:beta\.)?kubernetes\.io\/(?:os|arch|instance-type)$/,
  /^app\.kubernetes\.io\/(?:managed-by|version)$/,
  /^eks\.amazonaws\.com\/(?:compute-type|capacityType)$/,
  /^karpenter\.sh\/(?:capacity-type|registered|initialized)$/,
  /^karpenter\.k8s\.aws\/instance-/,
  /^vpc\.amazonaws\.com\//,
  /^(?:controller-revision-hash|pod-template-hash|pod-template-generation)$/,
];

/** Whether the values of a label with this key are public vocabulary. */
export const hasPublicValues = (key: string): boolean => KEYS_OF_PUBLIC_VALUES.some((pattern) => pattern.test(key));

/** Words that have a meaning for ifscope; an object with such a name is not renamed. */
const VOCABULARY = new Set([
  ...[...PLUGINS, ...IPAM_PLUGINS].flatMap(({ type, aliases = [] }) => [type, ...aliases]),
  ...[
    'true false yes no on off none null auto any all default enabled disabled unknown',
    'linux windows amd64 arm64 ec2 fargate hybrid spot on-demand',
    'primary secondary interface trunk branch efa efa-only prefix explicit available in-use attached pending running',
    'Running Pending Succeeded Failed Unknown Ready True False NoSchedule NoExecute PreferNoSchedule',
    'aws-node multus kube-multus multus-cni eks-pod-identity-agent eks-pod-identity-agent-hybrid eks-pod-identity-token',
    'l2 l3 l3s private vepa passthru master mode type name ipam node pod web-hook',
    'Deployment StatefulSet DaemonSet ReplicaSet Job CronJob VirtualMachine Node Pod Event Warning Normal',
  ].flatMap((line) => line.split(' ')),
]);
/**
 * Not private: numbers, versions, link names (`eth0`, `net1`) and devices named after their slot (`pci-0000-20-01-0`,
 * `gpu-0`).
 */
const PLAIN =
  /^(v?[\d.]+|(eth|ens|eno|net|lo|bond)\d+\w*|(pci-)?[\da-f]{4}-[\da-f]{2}-[\da-f]{2}-[0-7]|gpu-\d+|.{1,2})$/;

/** Whether a word is kept even if an object has that name. */
export const isPublicWord = (word: string): boolean => VOCABULARY.has(word) || PLAIN.test(word);

/** A possible name; a dot or dash at its end is punctuation. */
export const NAME = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/g;

/** Whether the word is a JSON key inside an annotation or a config: `"mac":` stays even if a pod is named mac. */
export const isJsonKey = (text: string, from: number, to: number): boolean =>
  /[{,]\s*"$/.test(text.slice(Math.max(0, from - 64), from)) && /^"\s*:/.test(text.slice(to, to + 64));
