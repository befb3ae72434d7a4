/** P15 (multus.md §1.3, §6): the asked-for MAC or address differs from the reported one: no plugin of the chain has the capability. */
import { canonicalMac, bareIp } from '../../model/ip';
import { defineRule } from '../rule';

export default defineRule({
  id: 'requested-not-honoured',
  severity: 'warning',
  scope: 'interfaces',
  needs: ['kubernetes/pods'],
  check(face, context) {
    const pod = context.replica.records.pods.get(face.pod);
    if (face.requestIndex === null || face.state !== 'reported' || !pod || pod.deleting) return [];
    const request = pod.requested.find(({ index }) => index === face.requestIndex);
    if (!request) return [];
    const mac = request.mac === null ? null : canonicalMac(request.mac);
    const ips = request.ips.map((ip) => bareIp(ip)).filter((ip) => ip !== null);
    const differences: string[] = [];
    if (mac !== null && face.mac !== null && mac !== face.mac)
      differences.push(`MAC ${mac} asked for, ${face.mac} reported`);
    const missed = ips.filter((ip) => !face.ips.includes(ip));
    if (missed.length > 0 && face.ips.length > 0)
      differences.push(`address ${missed.join(', ')} asked for, ${face.ips.join(', ')} reported`);
    if (differences.length === 0) return [];
    const capabilities = context.replica.records.networks.get(face.network)?.capabilities ?? [];
    return [
      {
        subjects: [face.id, pod.id, face.network],
        title: 'Got something else than it asked for',
        detail: `${face.name ?? 'An interface'} of ${pod.namespace}/${pod.name}: ${differences.join('; ')}.`,
        evidence: [
          ...differences,
          `capabilities of the network: ${capabilities.length > 0 ? capabilities.join(', ') : 'none'}`,
        ],
        advice: 'Declare the capability (mac, ips) on a plugin of the network that supports it; tuning sets a MAC.',
      },
    ];
  },
});
