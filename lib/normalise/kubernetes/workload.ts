/**
 * Deployment, StatefulSet, DaemonSet → WorkloadFact, only with the networks annotation on the workload itself, where it
 * has no effect: the most common user error (multus §1.1, §6 P3). Other workloads are dropped.
 */
import { fields } from '../read/guards';
import { NETWORKS_KEY } from '../../cni/multus/networks';
import { normaliser } from './object';

const LONGEST_SHOWN = 4096;

export const normaliseWorkload = (kind: 'Deployment' | 'StatefulSet' | 'DaemonSet') =>
  normaliser<'workload'>((object) => {
    const annotation = object.annotations[NETWORKS_KEY];
    if (typeof annotation !== 'string') return null;
    const template = fields(fields(fields(object.spec['template'])['metadata'])['annotations']);
    return {
      kind,
      annotationOnWorkload: annotation.slice(0, LONGEST_SHOWN),
      annotationOnTemplate: typeof template[NETWORKS_KEY] === 'string',
    };
  });
