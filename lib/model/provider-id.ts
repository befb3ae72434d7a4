/** What follows from a node's `spec.providerID`. */

/** No cloud controller has set it, or a distribution without one has: the node may still be an EC2 instance. */
export const namesNoCloud = (providerId: string | null): boolean =>
  providerId === null || /^(?:k3s|rke2):/.test(providerId);
