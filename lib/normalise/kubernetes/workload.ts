/**
 * Deployment, StatefulSet, DaemonSet → WorkloadFact, only with the networks annotation: on the workload itself, where
 * it has no effect (the most common user error, multus §1.1, §6 P3), or on its pod template, which names networks even
 * while no pod runs. Other workloads are dropped.
 */
import { fields } from '../read/guards';
import { mentionedNetworks, NETWORKS_KEY, parseNetworksAnnotation } from '../../cni/multus/networks';
import { normaliser } from './object';

const LONGEST_SHOWN = 4096;

/** Networks that an annotation names, as `ns/name`. */
function named(annotation: string, namespace: string): readonly string[] {
  const { selections, annotation: state } = parseNetworksAnnotation(annotation, namespace);
  return state.state === 'invalid'
    ? mentionedNetworks(annotation, namespace)
    : [...new Set(selections.map((one) => `${one.namespace}/${one.name}`))];
}

/** The normaliser for one kind of workload. */
export const normaliseWorkload = (kind: 'Deployment' | 'StatefulSet' | 'DaemonSet') =>
  normaliser<'workload'>((object) => {
    const own = object.annotations[NETWORKS_KEY];
    const template = fields(fields(fields(object.spec['template'])['metadata'])['annotations'])[NETWORKS_KEY];
    if (typeof own !== 'string' && typeof template !== 'string') return null;
    return {
      kind,
      annotationOnWorkload: typeof own === 'string' ? own.slice(0, LONGEST_SHOWN) : null,
      annotationOnTemplate: typeof template === 'string',
      networks: typeof template === 'string' ? named(template, object.meta.namespace) : [],
    };
  });
