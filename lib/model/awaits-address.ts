import type { PodRecord } from './records';

/** Whether the pod is pending without an address of its own, and so may be waiting for one. */
export const mayAwaitAddress = (pod: Pick<PodRecord, 'phase' | 'ips' | 'hostNetwork' | 'deleting'>): boolean =>
  pod.phase === 'Pending' && pod.ips.length === 0 && !pod.hostNetwork && !pod.deleting;
