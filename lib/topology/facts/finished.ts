import type { PodFact } from '../../model/facts';

/** A Succeeded or Failed pod has no sandbox: it holds no address, though its status still names one (vpc-cni.md §5.3, 6). */
export const isFinished = (pod: PodFact): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed';

/** Lives in a network namespace of its own and may hold addresses. */
export const hasInterfaces = (pod: PodFact): boolean => pod.node !== null && !pod.hostNetwork && !isFinished(pod);
