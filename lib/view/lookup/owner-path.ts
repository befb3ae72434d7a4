/** The steps of an owner path, from a record up to its node. Each step links to its record. */
import { thousands } from '../../model/counted';
import { idParts, nameOf } from '../../model/ids';
import type { EniRecord, InterfaceRecord, NodeRecord, PodRecord, SubnetRecord } from '../../model/records';
import type { Replica } from '../../records/replica';
import { selectingPolicies } from '../policy-words';
import { otherEniWords, type PlacedOther } from '../other-enis';

/** A step of an owner path. */
export interface PathStep {
  /** The record to open; null for a step of text only. */
  readonly id: string | null;
  readonly text: string;
}

/** A step of text only. */
export const words = (text: string): PathStep => ({ id: null, text });

/** The free addresses of a subnet. */
export const freeWords = ({ availableAddresses }: SubnetRecord): PathStep =>
  words(availableAddresses === null ? 'free addresses not known' : `${thousands(availableAddresses)} addresses free`);

const last = (id: string): string => idParts(id).at(-1) ?? id;

/** The step for a node; empty without one. */
export const nodeSteps = (node: string | null): PathStep[] =>
  node === null ? [] : [{ id: node, text: `node ${last(node)}` }];

/** From an ENI: device index, card, node, or the statement that it has no node. */
export function eniSteps(eni: EniRecord): PathStep[] {
  const steps: PathStep[] = [{ id: eni.id, text: eni.role === 'secondary' ? eni.id : `${eni.id} (${eni.role})` }];
  if (eni.attachmentStatus === 'attaching' || eni.attachmentStatus === 'detaching')
    steps.push(words(eni.attachmentStatus));
  if (eni.management.state === 'unmanaged') steps.push(words(`not managed by the VPC CNI (${eni.management.rule})`));
  if (eni.role === 'branch') {
    if (eni.trunk !== null) steps.push({ id: eni.trunk, text: `branch of trunk ${eni.trunk}` });
    if (eni.vlan !== null) steps.push(words(`VLAN ${eni.vlan}`));
  }
  if (eni.deviceIndex !== null) steps.push(words(`device ${eni.deviceIndex}`));
  if (eni.card !== null) steps.push(words(`card ${eni.card}`));
  if (eni.node !== null) return [...steps, ...nodeSteps(eni.node)];
  // The description was written by the ENI's creator.
  const said = eni.description === '' ? '' : ` (“${eni.description}”)`;
  const place = eni.status === 'available' ? 'not attached' : 'not on a node of this cluster';
  return [...steps, words(`${place}${said}`)];
}

/** An ENI without a record: its owner, id, description and subnet. */
export function otherEniSteps({ other, subnet }: PlacedOther): PathStep[] {
  const range = subnet.cidr ?? subnet.ipv6Cidr;
  const place = [range, subnet.zone].filter((text) => text !== null).join(', ');
  return [
    words(otherEniWords(other)),
    words(other.description === '' ? other.eni : `${other.eni} (“${other.description}”)`),
    { id: subnet.id, text: `in ${subnet.id}${place === '' ? '' : ` (${place})`}` },
  ];
}

/** From a pod interface: pod, network, ENI or host NIC if the link is known, node. */
export function interfaceSteps(
  replica: Replica,
  found: InterfaceRecord,
  eniOfAddress: string | null = null,
): PathStep[] {
  const steps: PathStep[] = [
    { id: found.id, text: found.name ?? 'unnamed interface' },
    { id: found.pod, text: `pod ${nameOf(found.pod)}` },
  ];
  if (found.network !== 'cluster') steps.push({ id: found.network, text: `network ${nameOf(found.network)}` });
  if (found.claim !== null)
    steps.push(words(`claim ${found.claim.name}: ${found.claim.driver} device ${found.claim.device}`));
  if (found.state === 'requested') steps.push(words('requested, not reported'));
  const eni = replica.records.enis.get(eniOfAddress ?? found.eni ?? '');
  if (eni !== undefined) {
    const certain = found.eni !== eni.id || found.link.certainty === 'observed';
    const [first, ...rest] = eniSteps(eni);
    return [
      ...steps,
      ...(first === undefined
        ? []
        : [{ id: first.id, text: certain ? first.text : `~${first.text} (inferred: ${found.link.rule})` }]),
      ...rest,
    ];
  }
  if (found.hostNic !== null) steps.push({ id: found.hostNic, text: `host NIC ${last(found.hostNic)}` });
  else if (found.link.candidates.length > 0) steps.push(words(`ENI not known: ${found.link.candidates.join(' or ')}`));
  else steps.push(words('no known ENI'));
  return [...steps, ...nodeSteps(found.node)];
}

/** A pod with its state, its node and the policies that select it. */
export function podSteps(pod: PodRecord): PathStep[] {
  const where = pod.node === null ? [words('not scheduled')] : nodeSteps(pod.node);
  return [
    { id: pod.id, text: `pod ${pod.namespace}/${pod.name}` },
    ...(pod.hostNetwork ? [words('on the host network')] : []),
    words(pod.deleting ? `${pod.phase}, being deleted` : pod.phase),
    ...where,
    ...selectingPolicies(pod).flatMap(({ kind, words: policies }) => policies.map((text) => words(`${kind} ${text}`))),
  ];
}

/** A node with its instance, type and zone. */
export function nodeRecordSteps(node: NodeRecord): PathStep[] {
  const known = [node.instanceId, node.instanceType, node.zone].filter((text) => text !== null);
  return [
    { id: node.id, text: `node ${node.name}` },
    ...known.map(words),
    ...(node.instanceState === null || node.instanceState === 'running'
      ? []
      : [words(`instance ${node.instanceState}`)]),
    ...(node.gone ? [words('deleted, but still referenced')] : []),
  ];
}
