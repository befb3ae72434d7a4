/** P15 (multus §1.3, §6): the requested MAC or address differs from the reported one: no plugin in the chain has the capability. */
import { PODS } from '../../model/source-ids';
import { bareIp, canonicalMac } from '../../model/ip';
import type { InterfaceRecord, RequestedNetwork } from '../../model/records';
import { isLive, networkOf, podOf } from '../guards/pod';
import { nameOf } from '../guards/words';
import { defineRule } from '../rule/rule';

/**
 * Compares regardless of spelling. A value that is not reported does not count as different, except an address if the
 * static IPAM has only those that the capability passes on (multus §4).
 */
function differences(request: RequestedNetwork, iface: InterfaceRecord, isStatic: boolean): readonly string[] {
  const found: string[] = [];
  const mac = request.mac === null ? null : canonicalMac(request.mac);
  if (mac !== null && iface.mac !== null && mac !== iface.mac)
    found.push(`MAC ${mac} asked for, ${iface.mac} reported`);
  const missed = request.ips.flatMap((ip) => bareIp(ip) ?? []).filter((ip) => !iface.ips.includes(ip));
  if (missed.length > 0 && (iface.ips.length > 0 || isStatic))
    found.push(`address ${missed.join(', ')} asked for, ${iface.ips.join(', ') || 'none'} reported`);
  return found;
}

export default defineRule({
  id: 'requested-not-honoured',
  severity: 'warning',
  scope: 'interfaces',
  needs: [PODS],
  check(iface, context) {
    if (iface.requestIndex === null || iface.state !== 'reported') return null;
    const pod = podOf(context, iface);
    const request = pod?.requested.find(({ index }) => index === iface.requestIndex);
    if (pod === null || request === undefined || !isLive(pod)) return null;
    const network = networkOf(iface, context);
    const capabilities = network?.capabilities ?? [];
    const found = differences(request, iface, network?.ipam?.type === 'static' && !capabilities.includes('ips'));
    if (found.length === 0) return null;
    const missed = [
      ...(found.some((text) => text.startsWith('MAC')) ? ['mac'] : []),
      ...(found.some((text) => text.startsWith('address')) ? ['ips'] : []),
    ];
    const undeclared = missed.filter((capability) => !capabilities.includes(capability));
    return {
      subjects: [iface.id, pod.id, iface.network],
      title: 'Did not get what it asked for',
      detail: `${iface.name ?? 'An interface'} of ${nameOf(pod.id)}: ${found.join('; ')}.`,
      evidence: [
        ...found,
        iface.formerConfig
          ? 'Kubernetes: the network was changed after the pod started, so its capabilities are not those of the interface'
          : `capabilities of the network: ${capabilities.length > 0 ? capabilities.join(', ') : 'none'}`,
      ],
      advice: iface.formerConfig
        ? 'Create the pod again: it then has the network’s present config.'
        : undeclared.length === 0
          ? 'The network declares the capability, and its plugin does not honour it: check that its IPAM (for an address) or its plugin (for a MAC) supports it.'
          : `Declare the capability (${undeclared.join(', ')}) on a plugin of the network that supports it; tuning sets a MAC.`,
    };
  },
});
