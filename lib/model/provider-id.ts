/** What a node's `spec.providerID` leaves open. */

/** No cloud controller has written it, or a distribution that knows of no cloud: the node may be an instance of EC2 all the same. */
export const namesNoCloud = (providerId: string | null): boolean =>
  providerId === null || /^(?:k3s|rke2):/.test(providerId);
