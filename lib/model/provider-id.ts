/** What a node's `spec.providerID` implies. */

/** The cloud or hypervisor, from the scheme of a providerID: `azure`, `vsphere` …; null if it has none. */
export function cloudOf(providerId: string | null): string | null {
  if (namesNoCloud(providerId)) return null;
  return /^([a-z][a-z0-9-]{1,31}):\/\//.exec(providerId ?? '')?.[1] ?? null;
}

/**
 * Whether the providerID names no cloud, because no cloud controller has set it or the distribution has none: the node may
 * still be an EC2 instance.
 */
export const namesNoCloud = (providerId: string | null): boolean =>
  providerId === null || /^(?:k3s|rke2):/.test(providerId);
