/** Key of the annotation that asks the VPC CNI for an interface on every network card (vpc-cni §3). */
export const NIC_CONFIG_KEY = 'k8s.amazonaws.com/nicConfig';
