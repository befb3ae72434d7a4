/** P23 (multus.md §3.4, §6): the parent's name does not fit how the node's OS names its links. */
import { defineRule } from '../rule';

export default defineRule({
  id: 'parent-name-drift',
  severity: 'info',
  scope: 'nodes',
  needs: ['kubernetes/nodes', 'kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(node, context) {
    const { records, indexes } = context.replica;
    const os = node.osImage ?? '';
    const wrong = (name: string): string | null => {
      const base = name.split('.')[0] ?? '';
      if (/Amazon Linux 2023/.test(os) && /^eth\d+$/.test(base))
        return 'Amazon Linux 2023 names its links ens… or enp…';
      if (/Bottlerocket|Amazon Linux 2(?!023)\b/.test(os) && /^(ens|enp)\d/.test(base))
        return 'this OS names its links eth…';
      return null;
    };
    return [...(indexes.attachmentsByNode.get(node.id) ?? [])].sort().flatMap((id) => {
      const network = records.networks.get(records.attachments.get(id)?.network ?? '');
      if (
        network?.parent.kind !== 'host-device' ||
        network.parent.value === null ||
        network.semantics?.linkInContainer === true
      )
        return [];
      // An inventory that knows the link settles it.
      const known = [...(indexes.hostNicsByNode.get(node.id) ?? [])].some(
        (nic) =>
          records.hostNics.get(nic)?.name === network.parent.value &&
          records.hostNics.get(nic)?.certainty === 'observed',
      );
      const why = known ? null : wrong(network.parent.value);
      if (why === null) return [];
      return [
        {
          subjects: [network.id, node.id],
          title: `${network.parent.value} is no usual name on ${node.name}`,
          detail: `${network.namespace ?? ''}/${network.name} hangs on ${network.parent.value}; the node runs ${os}, and ${why}. Unless somebody renamed the link, pods on this network cannot start there.`,
          evidence: [`spec.config: parent ${network.parent.value}`, `Kubernetes: osImage ${os}`],
          advice: 'Use the name that the nodes’ OS gives, or pin names with net.ifnames=0 or a udev rule.',
        },
      ];
    });
  },
});
