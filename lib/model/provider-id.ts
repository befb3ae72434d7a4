/** What a node's `spec.providerID` implies. */

/**
 * Whether the providerID names no cloud, because no cloud controller has set it or the distribution has none: the node may
 * still be an EC2 instance.
 */
export const namesNoCloud = (providerId: string | null): boolean =>
  providerId === null || /^(?:k3s|rke2):/.test(providerId);
