/** Pods, their interfaces, and whether they count. */
import { isDeviceClass } from '../../model/ids';
import type { InterfaceRecord, PodRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';

/** Holds, or will hold, a sandbox: neither finished nor on its way out. */
export const isLive = (pod: PodRecord): boolean => !pod.deleting && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';

/** Multus is called for it: live, and not on the host network. */
export const hasNetworks = (pod: PodRecord): boolean => isLive(pod) && !pod.hostNetwork;

/** It asks Multus for networks, or means to. */
export const namesNetworks = ({ requested, networksAnnotation }: PodRecord): boolean =>
  requested.length > 0 || networksAnnotation.state === 'invalid';

/** In the order of their ids. */
export const facesOf = (context: RuleContext, pod: PodRecord): readonly InterfaceRecord[] =>
  context.read.all('interfacesByPod', pod.id);

/** The pod of an interface; null when it is not known. */
export const podOf = (context: RuleContext, face: InterfaceRecord): PodRecord | null =>
  context.read.one('pods', face.pod);

/** An extra interface that is there, whoever asked Multus for it; a claimed device is none of Multus'. */
export const isExtra = (face: InterfaceRecord): boolean =>
  face.network !== 'cluster' && !isDeviceClass(face.network) && face.state !== 'requested';
