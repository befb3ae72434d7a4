/** ipamd's decision about an ENI, and the holders of its addresses. */
import { INSTANCE_ID_KEY, NO_MANAGE_KEY } from '../../../../lib/sim/model/eni-tags';
import type { Ec2Eni } from '../../../../lib/sim/model/ec2';
import { ipamdManages } from '../../../../lib/sim/model/ipamd';
import type { SimNode } from '../../../../lib/sim/model/node';
import { isFinished } from '../../../../lib/sim/model/pod';
import type { ClusterState } from '../../../../lib/sim/model/state';
import type { TrueEni } from './shape';

/** The decision according to vpc-cni §1.2, in ipamd's order. */
function decision(node: SimNode, eni: Ec2Eni): { readonly state: string; readonly rules: readonly string[] } {
  if (node.cni === null) return { state: 'outside', rules: ['no-ipamd'] };
  const card = eni.attachment?.card ?? 0;
  if (eni.id === node.primaryEni) return { state: 'managed', rules: ['primary'] };
  if (node.cni.imdsOnly && node.stores.has(card) && eni.type !== 'efa-only')
    return { state: 'managed', rules: ['imds-only'] };
  const noManage = eni.tags[NO_MANAGE_KEY];
  if (noManage === 'true') return { state: 'unmanaged', rules: ['no-manage-tag'] };
  const own = eni.tags[INSTANCE_ID_KEY] === node.instanceId;
  if (noManage === undefined && !own && !node.cni.manageUntagged)
    return { state: 'unmanaged', rules: ['untagged-ignored'] };
  if (!node.stores.has(card))
    return { state: 'outside', rules: ['card-not-managed', ...(eni.type === 'efa-only' ? ['efa-only'] : [])] };
  if (eni.type === 'efa-only') return { state: 'outside', rules: ['efa-only'] };
  if (eni.type === 'trunk') return { state: 'managed', rules: ['trunk'] };
  return {
    state: 'managed',
    rules: [noManage !== undefined ? 'no-manage-tag-false' : own ? 'instance-id-tag' : 'untagged-adopted'],
  };
}

/** `whole`: a pod uses it as a whole device, so it has only the slots that ipamd counts. */
export function trueEni(node: SimNode, eni: Ec2Eni, whole = false): TrueEni {
  const { state, rules } = decision(node, eni);
  const role =
    eni.id === node.primaryEni ? 'primary' : eni.type === 'trunk' || eni.type === 'efa-only' ? eni.type : 'secondary';
  const creator = eni.description.startsWith('aws-K8S-')
    ? 'ipamd'
    : eni.description.startsWith('aws-k8s-')
      ? 'vpc-resource-controller'
      : 'other';
  return {
    state: [state],
    rules,
    role,
    creator,
    node: node.facts.name,
    card: eni.attachment?.card ?? 0,
    deviceIndex: eni.attachment?.device ?? 0,
    ...(node.cni === null
      ? {}
      : {
          inDatastore: [...node.stores.values()].some((store) => store.stocks.some((stock) => stock.eniId === eni.id)),
        }),
    // A trunk could hold addresses but never does.
    ...(eni.type === 'trunk' || node.type === null || whole
      ? {}
      : { capacity: eni.type === 'efa-only' ? 0 : node.type.ipv4PerEni - 1 }),
  };
}

/** The holders of addresses, by ENI. */
export interface AddressBooks {
  readonly slots: Record<string, Record<string, string>>;
  readonly prefixes: Record<string, Record<string, number>>;
  readonly cooling: Record<string, Record<string, number>>;
  readonly coolingUnnamed: Record<string, Record<string, number>>;
}

/** Cooling addresses are listed separately: a client that did not see the deletion cannot know of them. */
export function addSlots(
  state: ClusterState,
  node: SimNode,
  eni: Ec2Eni,
  { slots, prefixes, cooling, coolingUnnamed }: AddressBooks,
): void {
  const store = [...node.stores.values()].find((candidate) => candidate.stocks.some((stock) => stock.eniId === eni.id));
  const stock = store?.stocks.find((candidate) => candidate.eniId === eni.id);
  // If a pod uses the whole ENI, the address is the pod's.
  const isPods = eni.primaryIp !== null && heldByNetworks(state, node, eni.id).has(eni.primaryIp);
  const states: Record<string, string> =
    eni.primaryIp === null ? {} : { [eni.primaryIp]: isPods ? 'assigned' : 'primary' };
  if (store === undefined || stock === undefined || !handsOut(node, eni)) {
    const held = heldByNetworks(state, node, eni.id);
    for (const ip of eni.secondaryIps) {
      // A pod holds it, but no API shows that: not judged.
      if (held.get(ip) === false) continue;
      states[ip] = held.has(ip) || isAssigned(stock?.slots, ip) ? 'assigned' : 'unclaimed';
    }
  } else {
    const free = stock.excluded || store.mode !== 'secondary-ip' ? 'excluded' : 'warm';
    for (const slot of stock.slots) {
      if (slot.holder !== null) states[slot.ip] = 'assigned';
      else if (slot.freedAt === null || state.now() - slot.freedAt >= store.cooldownMs) states[slot.ip] = free;
      else if (free === 'warm' && slot.visibility !== 'unseen')
        ((slot.visibility === 'unnamed' ? coolingUnnamed : cooling)[eni.id] ??= {})[slot.ip] = slot.freedAt;
    }
  }
  if (Object.keys(states).length > 0) slots[eni.id] = states;
  if (stock !== undefined && stock.prefixes.length > 0) {
    prefixes[eni.id] = Object.fromEntries(stock.prefixes.map((prefix) => [prefix.cidr, prefix.held.size]));
  }
}

const handsOut = (node: SimNode, eni: Ec2Eni): boolean =>
  node.cni !== null && ipamdManages(node, eni) && eni.type !== 'trunk';

const isAssigned = (
  slots: readonly { readonly ip: string; readonly holder: string | null }[] | undefined,
  ip: string,
): boolean => slots?.some((slot) => slot.ip === ip && slot.holder !== null) ?? false;

/** Address → whether the Kubernetes API records its holder. */
function heldByNetworks(state: ClusterState, node: SimNode, eniId: string): Map<string, boolean> {
  const held = new Map<string, boolean>();
  for (const key of node.pods) {
    const pod = state.pods.get(key);
    if (pod === undefined || isFinished(pod)) continue;
    for (const item of pod.interfaces) if (item.eni === eniId) for (const ip of item.ips) held.set(ip, item.recorded);
  }
  return held;
}
