/**
 * The extended resource that a pod requests for a branch ENI; a node with a trunk offers as many as its trunk can have
 * branch ENIs.
 */
export const POD_ENI = 'vpc.amazonaws.com/pod-eni';
