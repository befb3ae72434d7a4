/** Cilium's ENI mode (`ipam: eni`): its operator makes ENIs and assigns pods' addresses on them, much as ipamd does. */

/** An ENI that Cilium's operator made: by its tag, or, from before there was one, by its description. */
export const isOfCilium = ({
  tags,
  description,
}: {
  readonly tags: Readonly<Record<string, string>>;
  readonly description: string;
}): boolean => tags['io.cilium/cilium-managed'] === 'true' || description.startsWith('Cilium-CNI');
