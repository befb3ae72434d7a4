/**
 * ipamd on a node: adopts or ignores ENIs, keeps the pool at its targets, adds and deletes ENIs (vpc-cni §1.2, §2.4). The
 * Auto Mode agent and the Windows controller use the same datastore.
 */
import { INSTANCE_ID_KEY, NO_MANAGE_KEY } from './eni-tags';
import type { CniSettings } from './cni-settings';
import { createEniStock, createPrefixStock, type Datastore, type EniStock } from './datastore';
import type { Ec2Eni } from './ec2';
import { attachedEnis, attachEni, completeAttachment, createEni, ipamdTags, tagEni } from './enis';
import { must } from './must';
import type { SimNode } from './node';
import { poolState, type PoolState } from './pool';
import { isExcludedSubnet, subnetsForNewEni } from './subnet-choice';
import { isRelease } from './release';
import type { ClusterState } from './state';
import type { SimSubnet } from './subnet';

const DATASTORE_MIN_AGE_MS = 60_000;
const SUBNET_BACKOFF_MS = 120_000;
const SHRINK_EVERY_MS = 30_000;
const ATTACH_MS = 3_000;

/** The decision of vpc-cni §1.2 by current tags; the card and EFA rules are applied later. */
export function ipamdManages(node: SimNode, eni: Ec2Eni): boolean {
  if (eni.id === node.primaryEni) return true;
  const card = eni.attachment?.card ?? 0;
  // In IMDS-only mode, no tag counts.
  if (node.cni?.imdsOnly === true) return node.stores.has(card) && eni.type !== 'efa-only';
  const noManage = eni.tags[NO_MANAGE_KEY];
  if (noManage === 'true') return false;
  const tagged = noManage !== undefined || eni.tags[INSTANCE_ID_KEY] === node.instanceId;
  if (!tagged && !(node.cni?.manageUntagged ?? true)) return false;
  return node.stores.has(card) && eni.type !== 'efa-only';
}

/** Number of address slots per ENI, without the primary address. */
export const slotsOf = (node: SimNode): number => must(node.type, 'instance type').ipv4PerEni - 1;

/** The warm pools of a node, one per card; empty if ipamd keeps none. */
export function poolsOf(node: SimNode): PoolState[] {
  const { cni } = node;
  if (cni === null || cni.ipv6 || node.type === null) return [];
  return [...node.stores.values()].map((store) => poolState(store, cni, slotsOf(node), node.facts.maxPods));
}

/** Adds an attached ENI to its card's datastore and tags it, as ipamd does at start and when reconciling. */
export function adoptEni(state: ClusterState, node: SimNode, eniId: string, createdByIpamd = false): EniStock | null {
  const eni = state.ec2.eni(eniId);
  if (!ipamdManages(node, eni)) {
    node.unmanaged.add(eniId);
    return null;
  }
  const store = node.stores.get(eni.attachment?.card ?? 0);
  if (store === undefined) return null;
  const primary = eniId === node.primaryEni;
  const stock = createEniStock(eniId, state.now(), {
    primary,
    trunk: eni.type === 'trunk',
    efa: eni.type === 'efa',
    excluded: (primary && node.podSubnet !== null) || isExcludedSubnet(node, state.ec2.subnet(eni.subnetId)),
  });
  if (node.cni?.provisions === true && eni.type !== 'trunk') {
    tagEni(state, eniId, ipamdTags(node, createdByIpamd ? state.now() : null));
  }
  for (const ip of eni.secondaryIps) stock.slots.push({ ip, holder: null, freedAt: null });
  for (const cidr of eni.prefixes) stock.prefixes.push(createPrefixStock(cidr));
  if (store.mode === 'ipv6' && eni.type !== 'trunk') {
    stock.ipv6Prefix = state.ec2.subnet(eni.subnetId).takeIpv6Prefix();
    state.ec2.enis.patch(eniId, { ipv6Prefixes: [stock.ipv6Prefix] });
  }
  store.stocks.push(stock);
  return stock;
}

/** One reconcile pass over every card; true if something changed. */
export function maintain(state: ClusterState, node: SimNode): boolean {
  if (node.foreignIpam) return topUp(state, node);
  if (node.cni === null || node.cni.ipv6 || node.type === null || !mayChangePool(node)) return false;
  const { cni } = node;
  let changed = false;
  for (const store of node.stores.values()) {
    const pool = poolState(store, cni, slotsOf(node), node.facts.maxPods);
    if (pool.low) changed = grow(state, node, store, pool) || changed;
    else if (!state.live || state.now() - node.lastShrink >= SHRINK_EVERY_MS) {
      changed = shrink(state, node, store, pool, cni) || changed;
    }
  }
  return changed;
}

/** Whether ipamd may add and delete ENIs and addresses now (vpc-cni §2.4, §9). */
export const mayChangePool = (node: SimNode): boolean =>
  node.cni !== null && node.cni.provisions && (!node.facts.unschedulable || node.cni.managesCordoned);

/** The Windows controller keeps 3 addresses warm, Auto Mode a /28 (vpc-cni §5.4, §5.5). */
function topUp(state: ClusterState, node: SimNode): boolean {
  const store = node.stores.get(0);
  const stock = store?.stocks[0];
  if (store === undefined || stock === undefined) return false;
  const missing = store.mode === 'prefix' ? 1 - store.freePrefixes : 3 - (store.total - store.assigned);
  const room = slotsOf(node) - stock.slots.length - stock.prefixes.length;
  return missing > 0 && room > 0 && fill(state, node, store, stock, Math.min(missing, room));
}

/** Reconciles until nothing is left to do, without advancing time, as on a node that has been up for a while. */
export function settle(state: ClusterState, node: SimNode): void {
  for (let pass = 0; pass < 64 && maintain(state, node); pass += 1);
}

function grow(state: ClusterState, node: SimNode, store: Datastore, pool: PoolState): boolean {
  if (state.now() < node.noGrowthBefore) return false;
  const slots = slotsOf(node);
  // ENI targets fill the ENI; the others add what is short, on a card above 0 prefixes instead of addresses.
  const short = store.mode === 'prefix' && store.card > 0 ? 1 : pool.short;
  const wanted = pool.targets === 'eni' ? slots : short;
  for (const stock of store.stocks) {
    if (stock.trunk || stock.excluded) continue;
    const room = slots - stock.slots.length - stock.prefixes.length;
    if (room <= 0) continue;
    if (state.ec2.enis.get(stock.eniId)?.attachment?.status !== 'attached') return false;
    if (fill(state, node, store, stock, Math.min(room, wanted))) return true;
  }
  return freeEniSlots(state, node, store) > 0 && attachNew(state, node, store, Math.min(slots, wanted));
}

/** Adds addresses or prefixes to one ENI; false if the subnet has none (the node then backs off). */
export function fill(state: ClusterState, node: SimNode, store: Datastore, stock: EniStock, count: number): boolean {
  const eni = state.ec2.eni(stock.eniId);
  const subnet = state.ec2.subnet(eni.subnetId);
  let added = 0;
  for (; added < count; added += 1) {
    const got = store.mode === 'prefix' ? subnet.takePrefix() : subnet.take();
    if (got === null) break;
    if (store.mode === 'prefix') stock.prefixes.push(createPrefixStock(got));
    else stock.slots.push({ ip: got, holder: null, freedAt: null });
  }
  if (added > 0) {
    publish(state, stock);
    return true;
  }
  const error = store.mode === 'prefix' ? 'InsufficientCidrBlocks' : 'InsufficientFreeAddressesInSubnet';
  countApiError(node, `AssignPrivateIpAddresses/${error}`);
  node.noGrowthBefore = state.now() + SUBNET_BACKOFF_MS;
  return false;
}

/** Counts an EC2 error in aws-node’s metrics. `apiAndError`: `CreateNetworkInterface/InsufficientFreeAddressesInSubnet`. */
export function countApiError(node: SimNode, apiAndError: string, by = 1): void {
  node.metrics.apiErrors.set(apiAndError, (node.metrics.apiErrors.get(apiAndError) ?? 0) + by);
}

/** Writes the ENI's addresses and prefixes to EC2. */
function publish(state: ClusterState, stock: EniStock): void {
  state.ec2.enis.patch(stock.eniId, {
    secondaryIps: stock.slots.map((slot) => slot.ip),
    prefixes: stock.prefixes.map((prefix) => prefix.cidr),
  });
}

/** One ENI slot stays reserved for a trunk that is enabled but missing (vpc-cni §6); before v1.20.4, on every type. */
export function reservedForTrunk(state: ClusterState, node: SimNode, card: number): boolean {
  const hasTrunk = attachedEnis(state, node).some((eni) => eni.type === 'trunk');
  if (node.cni?.podEni !== true || card !== 0 || hasTrunk) return false;
  return node.type?.trunkCompatible === true || !isRelease(node.cni.version, [1, 20, 4]);
}

/** How many more ENIs the card can take: `hasRoomForEni` (vpc-cni §1.3). */
export function freeEniSlots(state: ClusterState, node: SimNode, store: Datastore): number {
  const type = must(node.type, 'instance type');
  const limit = Math.min(type.enisPerCard, node.cni?.maxEni ?? Infinity);
  const onCard = attachedEnis(state, node).filter((eni) => eni.attachment?.card === store.card);
  // By the tags that ipamd last read; a tag added since has no effect yet (vpc-cni §1.2).
  const unmanaged = onCard.filter((eni) => node.unmanaged.has(eni.id)).length;
  const reserved = reservedForTrunk(state, node, store.card) ? 1 : 0;
  const elsewhere =
    store.card === 0 && !isRelease(node.cni?.version ?? '', [1, 16, 4])
      ? attachedEnis(state, node).filter((eni) => (eni.attachment?.card ?? 0) > 0).length
      : 0;
  const byIpamd = limit - unmanaged - reserved - elsewhere - store.stocks.length;
  return Math.max(0, Math.min(byIpamd, type.enisPerCard - onCard.length));
}

/** The lowest free device index of a card. */
export function freeDevice(state: ClusterState, node: SimNode, card: number): number {
  const taken = new Set(
    attachedEnis(state, node).flatMap((eni) => (eni.attachment?.card === card ? eni.attachment.device : [])),
  );
  let device = 0;
  while (taken.has(device)) device += 1;
  return device;
}

/** EC2 creates an ENI with all its addresses or prefixes, or not at all (vpc-cni §2.4). */
const hasRoomForEni = (subnet: SimSubnet, store: Datastore, count: number): boolean =>
  store.mode === 'prefix' ? subnet.available > count * 16 && subnet.freeBlocks >= count : subnet.available > count;

function attachNew(state: ClusterState, node: SimNode, store: Datastore, count: number): boolean {
  const instanceId = must(node.instanceId, 'instance id');
  const subnet = subnetsForNewEni(state, node).find((one) => hasRoomForEni(one, store, count));
  const eni =
    subnet === undefined
      ? null
      : createEni(state, {
          subnetId: subnet.id,
          groups: node.podSubnet?.groups ?? [state.nodeGroup],
          description: `aws-K8S-${instanceId}`,
        });
  if (eni === null) {
    countApiError(node, 'CreateNetworkInterface/InsufficientFreeAddressesInSubnet');
    node.noGrowthBefore = state.now() + SUBNET_BACKOFF_MS;
    return false;
  }
  const device = freeDevice(state, node, store.card);
  attachEni(state, eni.id, instanceId, { card: store.card, device, status: state.live ? 'attaching' : 'attached' });
  node.eniIds.add(eni.id);
  adoptEni(state, node, eni.id, true);
  if (state.live)
    state.tasks.schedule(state.now() + ATTACH_MS, () => {
      completeAttachment(state, eni.id);
    });
  return true;
}

function shrink(state: ClusterState, node: SimNode, store: Datastore, pool: PoolState, cni: CniSettings): boolean {
  const now = state.now();
  const idle = store.stocks.find((stock) => isDeletable(state, node, store, stock, cni));
  if (idle !== undefined) {
    store.stocks.splice(store.stocks.indexOf(idle), 1);
    node.eniIds.delete(idle.eniId);
    state.ec2.deleteEni(idle.eniId);
    node.lastShrink = now;
    return true;
  }
  if (!pool.high) return false;
  let left = pool.over;
  for (const stock of store.stocks.toReversed()) {
    const before = left;
    if (store.mode === 'prefix') left -= releasePrefixes(state, stock, store.card > 0 ? 0 : left);
    else left -= releaseAddresses(state, store, stock, left);
    if (left !== before) publish(state, stock);
  }
  node.lastShrink = now;
  return left !== pool.over;
}

/** ipamd deletes idle ENIs, whoever created them (vpc-cni §1.2); while a scene is being built, adopted ENIs stay. */
const isOwn = (state: ClusterState, stock: EniStock): boolean =>
  state.ec2.eni(stock.eniId).description.startsWith('aws-K8S-');

function isDeletable(state: ClusterState, node: SimNode, store: Datastore, stock: EniStock, cni: CniSettings): boolean {
  const now = state.now();
  if (stock.primary || stock.trunk || stock.efa || store.assignedOn(stock) > 0) return false;
  if (state.live ? now - stock.since < DATASTORE_MIN_AGE_MS : !isOwn(state, stock)) return false;
  const cools = (at: number | null): boolean => at !== null && now - at < store.cooldownMs;
  if (stock.slots.some((slot) => cools(slot.freedAt))) return false;
  if (stock.prefixes.some((prefix) => [...prefix.freedAt.values()].some(cools))) return false;
  const size = stock.excluded ? 0 : store.mode === 'prefix' ? stock.prefixes.length * 16 : stock.slots.length;
  const slots = slotsOf(node);
  const rest = store.total - size;
  const free = rest - store.assigned;
  const [warm, minimum] = store.card > 0 ? [1, 1] : [cni.warmIpTarget, cni.minimumIpTarget];
  if (warm !== 0 || minimum !== 0) return free >= warm && rest >= minimum && rest > 0;
  if (store.mode === 'prefix') {
    const restFree = store.freePrefixes - stock.prefixes.filter((prefix) => prefix.held.size === 0).length;
    return restFree >= cni.warmPrefixTarget && free >= cni.warmPrefixTarget * 16;
  }
  return store.total - store.assigned >= (cni.warmEniTarget + 1) * slots;
}

function releaseAddresses(state: ClusterState, store: Datastore, stock: EniStock, limit: number): number {
  const now = state.now();
  const subnet = state.ec2.subnet(state.ec2.eni(stock.eniId).subnetId);
  let released = 0;
  for (let index = stock.slots.length - 1; index >= 0 && released < limit; index -= 1) {
    const slot = must(stock.slots[index], 'slot');
    if (slot.holder !== null || (slot.freedAt !== null && now - slot.freedAt < store.cooldownMs)) continue;
    stock.slots.splice(index, 1);
    subnet.release(slot.ip);
    released += 1;
  }
  return released;
}

function releasePrefixes(state: ClusterState, stock: EniStock, limit: number): number {
  const subnet = state.ec2.subnet(state.ec2.eni(stock.eniId).subnetId);
  let released = 0;
  for (let index = stock.prefixes.length - 1; index >= 0 && released < limit; index -= 1) {
    const prefix = must(stock.prefixes[index], 'prefix');
    if (prefix.held.size > 0 || prefix.freedAt.size > 0) continue;
    stock.prefixes.splice(index, 1);
    subnet.release(prefix.cidr);
    released += 1;
  }
  return released;
}
