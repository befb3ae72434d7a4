/**
 * A KubeVirt virtual machine on a network of type macvlan or ipvlan. The bridge binding gives the machine a different MAC
 * from the pod's link, and such a link accepts only frames for its own MAC: the machine can send, but gets no answer (multus §6).
 */
import { EVENTS, NADS, PODS } from '../../model/source-ids';
import { machineSighting, OWN_MAC_ONLY, runsMachine } from '../guards/machine';
import { networkOf, podOf } from '../guards/pod';
import { nameOf, shell } from '../guards/words';
import { defineRule } from '../rule/rule';

export default defineRule({
  id: 'machine-behind-macvlan',
  severity: 'warning',
  scope: 'interfaces',
  needs: [PODS, NADS],
  uses: [EVENTS],
  check(iface, context) {
    if (iface.network === 'cluster' || iface.state === 'requested') return null;
    const network = networkOf(iface, context);
    const type = network?.plugins[network.mainPlugin ?? -1];
    if (network === null || type === undefined || !OWN_MAC_ONLY.has(type)) return null;
    const pod = podOf(context, iface);
    // A machine that KubeVirt cannot connect at all has a finding of its own.
    if (pod === null || !runsMachine(pod) || machineSighting(pod, context) !== null) return null;
    const machine = pod.owner?.name ?? '';
    const name = iface.name ?? 'an interface';
    return {
      subjects: [iface.id, pod.id, network.id],
      title: `The virtual machine gets no answer through ${name}`,
      detail: `${name} of ${nameOf(pod.id)} is of type ${type}, which accepts only frames for its own MAC. KubeVirt’s bridge binding connects virtual machine ${machine} to it with another MAC: frames from the machine are sent, but the answers do not reach it. Pods on the same network are not affected.`,
      evidence: [
        `Kubernetes: ${nameOf(network.id)} is of type ${type}`,
        `Kubernetes: ${nameOf(pod.id)} belongs to VirtualMachineInstance ${machine}`,
      ],
      advice:
        'For the machine, use a network of type bridge (on a bridge with the card as a port), OVN-Kubernetes localnet, SR-IOV, or macvtap with its binding plugin. Changing the IP address of the guest does not help.',
      command: shell`kubectl -n ${pod.namespace} get virtualmachineinstance ${machine} -o yaml`,
    };
  },
});
