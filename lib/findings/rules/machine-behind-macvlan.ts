/**
 * A KubeVirt machine on a network of type macvlan or ipvlan. The bridge binding gives the machine a MAC and the pod's link
 * another one, and such a link takes only frames for its own MAC: the machine can send and gets no answer (multus §6).
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
      detail: `${name} of ${nameOf(pod.id)} is of type ${type}, which takes only frames for its own MAC. KubeVirt’s bridge binding connects virtual machine ${machine} to it with another MAC: what the machine sends goes out, and the answers do not reach it. A pod on the same network works.`,
      evidence: [
        `Kubernetes: ${nameOf(network.id)} is of type ${type}`,
        `Kubernetes: ${nameOf(pod.id)} belongs to VirtualMachineInstance ${machine}`,
      ],
      advice:
        'Use a network of type bridge (on a bridge that has the card as a port), OVN-Kubernetes localnet, SR-IOV, or macvtap with its binding plugin for the machine; the address of the guest does not matter.',
      command: shell`kubectl -n ${pod.namespace} get virtualmachineinstance ${machine} -o yaml`,
    };
  },
});
