/** Links inside a pod that one of its networks joins or uses as its parent: bond over net1 and net2, macvlan with linkInContainer. */
import type { PodRecord } from '../../model/records';
import type { RuleContext } from '../rule/rule';
import type { TextExplanation } from './known-texts';
import { interfacesOf } from './pod';
import { listed, nameOf } from './words';

/** What is wrong with a link that the network expects in the pod, given the names that the pod's networks get; null if nothing is. */
function faultOf(
  link: string,
  own: { readonly name: string | null; readonly index: number },
  made: ReadonlyMap<string, { readonly network: string; readonly index: number }>,
): string | null {
  if (link === own.name) return `${link} is the name that its own interface gets, so it does not exist before`;
  const maker = made.get(link);
  if (maker === undefined) return `no network that the pod asks for makes ${link}`;
  return maker.index > own.index
    ? `${link} is that of ${nameOf(maker.network)}, which stands after it in the annotation and is made later`
    : null;
}

/**
 * Why a network that uses links inside the pod cannot find them, as far as the names in the annotation show; null if
 * the pod requests no such network.
 */
export function linksInPod(pod: PodRecord, context: RuleContext): TextExplanation | null {
  const names = new Map(interfacesOf(context, pod).map(({ requestIndex, name }) => [requestIndex, name] as const));
  const faces = pod.requested.map(({ index, network }) => ({ index, network, name: names.get(index) ?? null }));
  const made = new Map(faces.flatMap((face) => (face.name === null ? [] : [[face.name, face] as const])));
  for (const own of faces) {
    const network = context.read.one('networks', own.network);
    if (network?.parent.kind !== 'container-link') continue;
    const links = (network.parent.value ?? '').split(',').filter((link) => link !== '');
    // The cluster network creates eth0 before all other links.
    const faults = faces.some(({ name }) => name === null)
      ? []
      : links.filter((link) => link !== 'eth0').flatMap((link) => faultOf(link, own, made) ?? []);
    const before = faces.filter(({ index, name }) => index < own.index && name !== null);
    const why = `${nameOf(network.id)} uses links that are inside the pod (${links.length === 0 ? 'another interface of it' : links.join(',')}), which networks before it in the annotation create.`;
    if (faults.length === 0)
      return {
        why: `${why} A device bound to vfio-pci (DPDK) has no kernel link there.`,
        advice:
          'Name links that earlier networks of the annotation create, in their order, on devices with a kernel driver.',
      };
    return {
      why: `${why} But ${faults.join('; ')}.`,
      advice: `Put ${nameOf(network.id)} after the networks that make its links, and give these the names that its config has (NETWORK@NAME)${before.length === 0 ? '' : `; before it the pod gets ${listed(before.map(({ name }) => name ?? ''))}`}.`,
    };
  }
  return null;
}
