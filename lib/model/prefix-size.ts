/** Number of addresses in a /28 prefix, the size that the VPC CNI delegates to ENIs (vpc-cni §2.2). */
export const PREFIX_SIZE = 16;
