/** The extended resource of which a pod on a branch ENI takes one; nodes with a trunk offer as many as branch ENIs fit on it. */
export const POD_ENI = 'vpc.amazonaws.com/pod-eni';
