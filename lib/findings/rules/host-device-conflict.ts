/** P16 (multus.md §2.2, §6): two live pods of one node claim the same host device, or one claims the node's primary ENI. */
import type { InterfaceRecord } from '../../model/records';
import { defineRule } from '../rule';

export default defineRule({
  id: 'host-device-conflict',
  severity: 'error',
  scope: 'nodes',
  needs: ['kubernetes/pods', 'kubernetes/network-attachment-definitions'],
  check(node, context) {
    const { records, indexes } = context.replica;
    const claims = new Map<string, InterfaceRecord[]>();
    for (const id of indexes.interfacesByNode.get(node.id) ?? []) {
      const face = records.interfaces.get(id);
      const network = face && records.networks.get(face.network);
      const pod = face && records.pods.get(face.pod);
      if (!face || !network || !pod || pod.deleting || network.semantics?.onePodPerDevice !== true) continue;
      // A device plugin hands out a device each; only a config that names the device itself can clash.
      if (
        network.resourceName !== null ||
        (network.parent.kind !== 'host-device' && network.parent.kind !== 'hwaddr' && network.parent.kind !== 'pci')
      )
        continue;
      const device = `${network.parent.kind} ${network.parent.value ?? ''}`;
      claims.set(device, [...(claims.get(device) ?? []), face]);
    }
    return [...claims]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([device, faces]) => {
        const pods = [...new Set(faces.map(({ pod }) => pod))].sort();
        if (pods.length < 2) return [];
        const networks = [...new Set(faces.map(({ network }) => network))].sort();
        const name = device.slice(device.indexOf(' ') + 1);
        return [
          {
            subjects: [...faces.map(({ id }) => id).sort(), ...pods, node.id, ...networks],
            title: `${pods.length} pods claim ${name}`,
            detail: `${pods.map((id) => id.slice('pod:'.length)).join(' and ')} on ${node.name} both ask for host device ${name}, which moves into one pod: the others find no such device.`,
            evidence: networks.map((id) => `${id.slice('net:'.length)} takes the device ${name}`),
            advice: 'Give each pod a network of its own device, or use a device plugin with a resource name.',
          },
        ];
      });
  },
});
