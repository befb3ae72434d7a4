/** Pods, their interfaces, and whether they count. */
import { isDeviceClass } from '../../model/ids';
import type { InterfaceRecord, PodRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import type { Steady } from '../rule/steady';

/** Whether the pod has or will have a sandbox: neither finished nor being deleted. */
export const isLive = (pod: PodRecord): boolean => !pod.deleting && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';

/** Whether the pod gets networks: live, and not on the host network. */
export const hasNetworks = (pod: PodRecord): boolean => isLive(pod) && !pod.hostNetwork;

/** Whether the pod requests networks: its annotation lists some, or cannot be parsed. */
export const namesNetworks = ({ requested, networksAnnotation }: PodRecord): boolean =>
  requested.length > 0 || networksAnnotation.state === 'invalid';

/** Interfaces of the pod, ordered by id. */
export const interfacesOf = (context: RuleContext, pod: PodRecord): readonly InterfaceRecord[] =>
  context.read.all('interfacesByPod', pod.id);

/** The pod of an interface; null if not known. */
export const podOf = (context: RuleContext, iface: InterfaceRecord): PodRecord | null =>
  context.read.one('pods', iface.pod);

/** Whether it is an existing extra interface, requested or not. Claimed devices do not count: Multus does not attach them. */
export const isExtra = (iface: InterfaceRecord): boolean =>
  iface.network !== 'cluster' && !isDeviceClass(iface.network) && iface.state !== 'requested';

/** The network of an interface, if its config is the one that the interface was made with (multus §0.8). */
export const networkOf = (iface: InterfaceRecord, { read }: Pick<RuleContext, 'read'>): Steady<'networks'> | null =>
  iface.formerConfig ? null : read.one('networks', iface.network);
