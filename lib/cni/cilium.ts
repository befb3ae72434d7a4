/** Cilium's ENI mode (`ipam: eni`): its operator creates ENIs and assigns pod addresses on them, much as ipamd does. */

/** Whether Cilium's operator created the ENI: by its tag, or, for ENIs older than the tag, by its description. */
export const isOfCilium = ({
  tags,
  description,
}: {
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
}): boolean => tags['io.cilium/cilium-managed'] === 'true' || description.startsWith('Cilium-CNI');
