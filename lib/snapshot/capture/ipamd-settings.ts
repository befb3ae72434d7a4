/**
 * ipamd's `/v1/ipamd-env-settings`: five settings as the running ipamd reads them. They tell what its pod does not where a
 * variable refers to a ConfigMap or a Secret; for the others, the pod itself has the value.
 */
import type { PodFact } from '../../model/facts';
import type { Fields } from '../../normalise/read/guards';
import { KINDS } from '../../normalise/kubernetes/kinds';
import { namedBy } from './aws-node';
import type { Collection } from './collection';

const NAMES = [
  'WARM_IP_TARGET',
  'WARM_ENI_TARGET',
  'AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG',
  'AWS_MANAGE_ENIS_NON_SCHEDULABLE',
  'ENABLE_SUBNET_DISCOVERY',
] as const;

const POD_ROW = KINDS.find(({ kind, group }) => kind === 'Pod' && group === '');

/** Whether these are ipamd's settings: nothing but variables, and both targets among them, which every version lists. */
export const isIpamdSettings = (root: Fields): boolean =>
  typeof root['WARM_IP_TARGET'] === 'number' &&
  typeof root['WARM_ENI_TARGET'] === 'number' &&
  Object.keys(root).every((key) => /^[A-Z][A-Za-z0-9_]*$/.test(key));

/** The settings that ifscope reads, for a capture of a capture. */
export const keptSettings = (root: Fields): Fields =>
  Object.fromEntries(NAMES.flatMap((name) => (root[name] === undefined ? [] : [[name, root[name]]])));

/** Adds the settings found in `path` to the aws-node pod of its node. Returns why they are not used, or null. */
export function putIpamdSettings(path: string, settings: Fields, collection: Collection): string | null {
  const nodes = collection.facts('node');
  const node = namedBy(path, nodes) ?? (nodes.length === 1 ? nodes[0] : undefined);
  if (node === undefined) return 'holds settings of ipamd, and no node of the capture has this name or instance id';
  const pods = collection.facts('pod').filter((pod) => pod.awsNode !== null && pod.node === node.name);
  if (pods.length === 0) return `holds settings of ipamd on ${node.name}, whose aws-node pod the capture does not have`;
  for (const pod of pods) {
    const resolved = withSettings(pod, settings);
    if (resolved !== pod && POD_ROW !== undefined)
      collection.put(POD_ROW, { key: `${pod.namespace}/${pod.name}`, fact: resolved });
  }
  return null;
}

function withSettings(pod: PodFact, settings: Fields): PodFact {
  const { awsNode } = pod;
  if (awsNode === null) return pod;
  const known = NAMES.flatMap((name) => {
    const value = settings[name];
    const isTold = typeof value === 'number' || typeof value === 'boolean';
    return isTold && awsNode.env[name] === null ? [[name, String(value)] as const] : [];
  });
  if (known.length === 0) return pod;
  return { ...pod, awsNode: { ...awsNode, env: { ...awsNode.env, ...Object.fromEntries(known) } } };
}
