/** Finds the owner of an ENI, an instance or an address. */
import type { NodeFact, PodFact } from '../../model/facts';
import { byCodeUnit } from '../../model/order';
import { prefixAround, unidentifiedIps } from './indexes';
import { hasInterfaces, ipsOf, TRUNK_TAG, type EniShape } from './parts';
import type { FactReader } from './reader';

/**
 * The instance on which EC2 lists an address of a node that nothing else identifies. Null if several instances have it,
 * if several such nodes share it, or if the instance is another node.
 */
function instanceAt(facts: FactReader, ip: string): string | null {
  if (facts.idsOf('unidentifiedByIp', ip).length !== 1) return null;
  const found = new Set(
    facts.factsOf('enisByIp', ip).flatMap((eni) => {
      const isOwn = eni.primaryIp === ip || ip.includes(':');
      return isOwn && eni.instanceId !== null && !isOfOtherVpc(facts, eni) ? eni.instanceId : [];
    }),
  );
  const [instance] = found;
  return found.size !== 1 || instance === undefined || facts.idsOf('nodesByInstance', instance).length > 0
    ? null
    : instance;
}

/** The node that only its address identifies as this instance. */
function nodeByAddress(facts: FactReader, instanceId: string): string | null {
  for (const { id } of facts.factsOf('enisByInstance', instanceId)) {
    const eni = facts.get('eni', id);
    for (const ip of eni === undefined ? [] : ipsOf(eni)) {
      const [node] = facts.idsOf('unidentifiedByIp', ip);
      if (node !== undefined && instanceAt(facts, ip) === instanceId) return node;
    }
  }
  return null;
}

/**
 * Of several nodes that name one instance, the one whose kubelet reports, else the youngest: a kubelet with another name makes a node of
 * its own, and the earlier one stays, NotReady (karpenter-provider-aws #2872).
 */
function current(facts: FactReader, names: readonly string[]): string | undefined {
  const [first] = names;
  if (names.length < 2) return first;
  const nodes = names.flatMap((name) => facts.get('node', name) ?? []);
  const [best] = nodes.sort(
    (a, b) =>
      Number(b.ready === true) - Number(a.ready === true) ||
      byCodeUnit(b.createdAt ?? '', a.createdAt ?? '') ||
      byCodeUnit(a.name, b.name),
  );
  return best?.name ?? first;
}

/**
 * The node of an instance, by the node's own fields or its address; a CNINode still names it once the node is deleted.
 * While the node exists, its CNINode may name a previous instance.
 */
export function nodeOfInstance(facts: FactReader, instanceId: string): string | null {
  const node = current(facts, facts.idsOf('nodesByInstance', instanceId));
  if (node !== undefined) return node;
  const addressed = facts.isEmpty('unidentifiedByIp') ? null : nodeByAddress(facts, instanceId);
  if (addressed !== null) return addressed;
  const remembered = facts.idsOf('cniNodesByInstance', instanceId);
  return remembered.find((name) => facts.get('node', name) === undefined) ?? null;
}

/** The instance of a node, and whether only an address identifies it. */
export interface OwnInstance {
  readonly id: string | null;
  /** The address that identifies the instance; null if the node names it. */
  readonly by: string | null;
}

const ownInstances = (id: string | null): OwnInstance => ({ id, by: null });

/** The instance of a node. */
export function instanceOfNode(facts: FactReader, name: string, node: NodeFact | undefined): OwnInstance {
  if (node === undefined) return ownInstances(facts.get('cniNode', name)?.instanceId ?? null);
  if (node.instanceId !== null) return ownInstances(node.instanceId);
  for (const ip of unidentifiedIps(node)) {
    const id = instanceAt(facts, ip);
    if (id !== null) return { id, by: ip };
  }
  return ownInstances(null);
}

/**
 * The node of an ENI: the one that it is attached to. A branch ENI belongs to its trunk's node, else to its pod's. A
 * Fargate pod's ENI is attached to an instance owned by AWS and found by the address of pod and node (vpc-cni §5.1,
 * §5.2).
 */
export function nodeOfEni(facts: FactReader, eni: EniShape): string | null {
  const instances = [eni.instanceId, trunkOf(facts, eni)?.instanceId ?? null];
  for (const instance of instances) {
    const node = instance === null ? null : nodeOfInstance(facts, instance);
    if (node !== null) return node;
  }
  return podOfEni(facts, eni.id)?.node ?? fargateNodeOf(facts, eni);
}

/**
 * The pod whose annotation names a branch ENI. If several do, the first by name that holds addresses, else the first
 * that is on a node.
 */
export function podOfEni(facts: FactReader, eni: string): PodFact | undefined {
  const pods = facts.factsOf('podsByEni', eni);
  return pods.find(hasInterfaces) ?? pods.find(({ node }) => node !== null) ?? pods[0];
}

/** The trunk ENI of a branch ENI, by its tags. */
export function trunkOf(facts: FactReader, eni: EniShape): EniShape | undefined {
  const trunk = eni.tags[TRUNK_TAG];
  return trunk === undefined || trunk === eni.id ? undefined : facts.eniShape(trunk);
}

/**
 * Whether EC2's response includes branch ENIs. One filtered by the instance that an ENI is attached to has none, however
 * many the pods of the node name; a single one that is missing was deleted.
 */
export const areBranchesListed = (facts: FactReader, node: string): boolean =>
  !facts.isEmpty('branchesByTrunk') || [...facts.factsOf('branchPodsByNode', node)].length < 2;

/** Whether the ENI is in another VPC than the cluster's, where the same addresses may be in use for something else. */
export const isOfOtherVpc = ({ vpc }: FactReader, eni: EniShape): boolean =>
  vpc !== null && eni.vpc !== null && eni.vpc !== vpc;

function fargateNodeOf(facts: FactReader, eni: EniShape): string | null {
  if (isOfOtherVpc(facts, eni)) return null;
  const whole = facts.get('eni', eni.id);
  const nodes = new Set<string>();
  for (const ip of whole === undefined ? [] : ipsOf(whole)) {
    for (const name of facts.idsOf('fargateNodesByIp', ip)) nodes.add(name);
    for (const { node } of facts.factsOf('podsByIp', ip)) {
      if (node !== null && facts.get('node', node)?.computeType === 'fargate') nodes.add(node);
    }
  }
  return [...nodes].sort(byCodeUnit)[0] ?? null;
}

/** The prefixes around an address that ENIs may be indexed by. */
function prefixesAround(facts: FactReader, ip: string): readonly string[] {
  const prefix = facts.isEmpty('enisByPrefix') ? null : prefixAround(ip);
  return prefix === null ? [] : [prefix];
}

/**
 * Whether only this ENI has the address. This is the usual case, decided without reading any ENI. `listed`: the ENIs
 * that list it as a single address.
 */
export const isOnlyOn = (facts: FactReader, ip: string, listed: readonly string[], eni: string): boolean =>
  listed.every((id) => id === eni) &&
  prefixesAround(facts, ip).every((prefix) => facts.idsOf('enisByPrefix', prefix).every((id) => id === eni));

/** All ENIs of the VPC that have an address, by itself or inside a prefix. */
export function enisWith(facts: FactReader, ip: string): readonly EniShape[] {
  const around = prefixesAround(facts, ip).flatMap((prefix) => facts.factsOf('enisByPrefix', prefix));
  return [...new Set([...facts.factsOf('enisByIp', ip), ...around])].sort((a, b) => byCodeUnit(a.id, b.id));
}
