/** The tag that makes ipamd ignore an ENI (vpc-cni §1.2). */
export const NO_MANAGE_TAG = 'node.k8s.amazonaws.com/no_manage';
/** The tag in which ipamd and the VPC resource controller record an ENI's instance. */
export const INSTANCE_ID_TAG = 'node.k8s.amazonaws.com/instance_id';
