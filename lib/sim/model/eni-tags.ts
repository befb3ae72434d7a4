/** Tags of ENIs in the simulator, which shares no constants with the code that it tests. */
export const NO_MANAGE_KEY = 'node.k8s.amazonaws.com/no_manage';
/** Tag in which ipamd and the VPC resource controller record an ENI’s instance. */
export const INSTANCE_ID_KEY = 'node.k8s.amazonaws.com/instance_id';
