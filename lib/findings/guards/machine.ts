/** KubeVirt's Events about a virtual machine whose pod runs but whose network it cannot set up. */
import type { PodRecord } from '../../model/records';
import { MACHINE_FAILED } from '../../topology/shared/signals';
import type { RuleContext, Sighting } from '../rule/rule';
import { isLive } from './pod';
import { signalsOf } from './signals';
import { isRecent, MINUTE } from './time';
import { listed, nameOf, shell } from './words';

/** virt-handler tries again after at most 1,000 seconds. Milliseconds. */
const RETRY = 20 * MINUTE;

/** Links that pass only frames with their own MAC, so a bridge to the machine carries no traffic. */
export const OWN_MAC_ONLY = new Set(['ipvlan', 'macvlan']);

/** The networks of the pod that KubeVirt's bridge binding cannot use. */
const unbridgeable = (pod: PodRecord, { read }: RuleContext): readonly string[] =>
  pod.requested.flatMap(({ network: id }) => {
    const network = read.one('networks', id);
    const type = network?.plugins[network.mainPlugin ?? -1];
    return type !== undefined && OWN_MAC_ONLY.has(type) ? [`${nameOf(id)} (${type})`] : [];
  });

function adviceFor(text: string, networks: readonly string[]): string {
  if (/SR-?IOV|host-?devices?/i.test(text))
    return 'KubeVirt takes the PCI address of each function from device-info in the pod’s network-status. Check that it is there for every network of the machine: Multus writes it for a network with the annotation resourceName, and not by itself where another writer made the status. “no more addresses”: the pod has fewer devices than interfaces that want one. A deadline that passes only now and then ends with the next attempt.';
  if (/\bpasst\b/.test(text))
    return 'passt carries the traffic of the machine as a process in its pod, and ended at once. The end of the text, or /var/run/kubevirt/passt.log in the pod, says why. “Permission denied” on a port below 1024: leave that port out of the interface’s ports, or let processes use it (sysctl net.ipv4.ip_unprivileged_port_start). Otherwise compare the versions of KubeVirt and of the passt sidecar, and check that AppArmor or SELinux of the node lets passt run.';
  if (networks.length > 0)
    return `KubeVirt bridges the pod's interface to the machine, and ${listed(networks)} carries only frames of its own MAC: use a bridge, macvtap or SR-IOV for the machine, or the binding masquerade on the pod network.`;
  if (/No gateway address found in routes/.test(text))
    return 'The bridge binding gives the address of the pod’s interface to the machine by DHCP, with its gateway: leave ipam out of the network, or give it a gateway and a route to 0.0.0.0/0.';
  return 'Read the log of virt-handler on the node (namespace kubevirt), and check that the pod has the interface that the text names.';
}

/** Whether the pod runs a virtual machine. */
export const runsMachine = (pod: PodRecord): boolean =>
  pod.owner?.kind === 'VirtualMachineInstance' && pod.phase === 'Running' && isLive(pod);

/** Null unless the pod runs a virtual machine that KubeVirt recently failed to connect. */
export function machineSighting(pod: PodRecord, context: RuleContext): Sighting | null {
  if (pod.owner === null || !runsMachine(pod)) return null;
  const [signal] = signalsOf(context, pod.id, MACHINE_FAILED);
  if (signal === undefined || !isRecent(signal.lastAt, RETRY, context)) return null;
  return {
    subjects: [pod.id, pod.node, ...new Set(pod.requested.map(({ network }) => network))],
    severity: 'error',
    title: 'Its virtual machine has no network',
    detail: `${nameOf(pod.id)} runs, and KubeVirt cannot set up the network of virtual machine ${pod.owner.name} in it: ${signal.text}`,
    evidence: [`event SyncFailed of VirtualMachineInstance ${pod.owner.name}: ${signal.text}`],
    advice: adviceFor(signal.text, unbridgeable(pod, context)),
    command: shell`kubectl -n ${pod.namespace} describe virtualmachineinstance ${pod.owner.name}`,
    since: signal.firstAt,
  };
}
