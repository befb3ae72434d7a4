import type { PodRecord } from './records';

/** Whether the pod is pending without an address of its own, and so may be waiting for one. */
export const mayAwaitAddress = (pod: PodRecord): boolean =>
  pod.phase === 'Pending' && pod.ips.length === 0 && !pod.hostNetwork && !pod.deleting;
