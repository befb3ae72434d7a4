/** Recognises Multus' DaemonSet and pods in every packaging: upstream, EKS, RKE2, OpenShift. */
import type { MultusAgent } from '../../model/facts';
import { fields, items } from '../read/guards';
import type { Fields } from '../read/guards';
import { intern } from '../read/intern';
import { imageName, imageTag } from './image';

/** `multus-cni`, `multus-thick`, `hardened-multus-cni`, `ose-multus-cni-rhel9`, but not `multus-networkpolicy`. */
const IMAGE = /(^|-)multus(-cni|-thick|-daemon)?(-rhel\d+)?$/;

const LABELS: readonly (readonly [key: string, values: readonly string[]])[] = [
  ['app', ['multus', 'kube-multus']],
  ['name', ['multus']],
  ['k8s-app', ['multus', 'kube-multus']],
  ['app.kubernetes.io/name', ['multus', 'multus-cni']],
];

const hasLabel = (labels: Fields): boolean =>
  LABELS.some(([key, values]) => {
    const value = labels[key];
    return typeof value === 'string' && values.includes(value);
  });

/**
 * The agent in a pod or DaemonSet with these labels and this pod spec; null if it is not Multus. A container with a Multus
 * image decides; if a mirror renames images, a container named after Multus in an object with one of its labels does.
 */
export function multusAgent(labels: Fields, podSpec: Fields): MultusAgent | null {
  const containers = items(podSpec['containers']).map(fields);
  for (const container of containers) {
    const image = container['image'];
    if (typeof image === 'string' && IMAGE.test(imageName(image))) return agent(image);
  }
  if (!hasLabel(labels)) return null;
  const named = containers.find((one) => typeof one['name'] === 'string' && one['name'].includes('multus'));
  if (named === undefined) return null;
  return agent(typeof named['image'] === 'string' ? named['image'] : '');
}

function agent(image: string): MultusAgent {
  const tag = imageTag(image);
  return { version: tag === null ? null : intern(tag) };
}

/** Whether the daemon's command line adds networks to every pod (multus §1.4). The command line itself is not kept. */
export function hasDefaultNetworks(podSpec: Fields): boolean {
  return items(podSpec['containers']).some((one) => {
    const container = fields(one);
    return [...items(container['command']), ...items(container['args'])].some(
      (word) => typeof word === 'string' && /default-?networks/i.test(word),
    );
  });
}
