/**
 * What is true of the cluster now, in the shape of an oracle: what a right picture of it must say, by record id.
 * It is read from the model alone; nothing here knows how the product derives anything.
 */
import { parentEni } from './model/attach';
import { attachedEnis } from './model/enis';
import { ipamdManages, poolsOf } from './model/ipamd';
import type { Ec2Eni } from './model/ec2';
import type { SimNode } from './model/node';
import { isFinished, podKey, type SimPod } from './model/pod';
import type { ClusterState, ExpectedFinding } from './model/state';

export interface TrueLink {
  readonly eni: string | null;
  /** null: no API records them. */
  readonly ips: readonly string[] | null;
  readonly allowedRules: readonly string[];
  readonly mustBeObserved: boolean;
  readonly network: string;
  /** Whether the facts suffice to find the ENI. */
  readonly linkable: boolean;
  readonly node: string;
  readonly card?: number | null;
  readonly mac?: string | null;
  readonly device?: { readonly pciAddress: string };
}

export interface TrueEni {
  readonly state: readonly string[];
  /** Any of these; empty: not judged. */
  readonly rules: readonly string[];
  readonly node?: string | null;
  readonly role?: string;
  readonly creator?: string;
  readonly card?: number;
  readonly deviceIndex?: number;
}

export interface TruePool {
  readonly total: number;
  readonly assigned: number;
  readonly available: number;
  readonly low: boolean;
  readonly high: boolean;
  readonly over: number;
  /** Left out where the targets in force count whole ENIs. */
  readonly short?: number;
}

export interface SimTruth {
  readonly schema: 'oracle/1';
  readonly profile: string;
  readonly seed: number;
  readonly interfaces: Readonly<Record<string, TrueLink>>;
  readonly optionalPods: readonly string[];
  readonly enis: Readonly<Record<string, TrueEni>>;
  readonly slots: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly prefixes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By `NODE#CARD`. */
  readonly pools: Readonly<Record<string, TruePool>>;
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly maxPods: number;
        readonly mode?: string;
        readonly eniSlotsUsed?: readonly number[];
        readonly eniSlotsUnmanaged?: readonly number[];
      }
    >
  >;
  readonly findings: readonly ExpectedFinding[];
  /** Due only after the cluster was watched for a while; no fault when missing. */
  readonly laterFindings: readonly ExpectedFinding[];
  readonly cleanRules: readonly string[];
  readonly allowedFindings: Readonly<Record<string, readonly string[]>>;
}

/** Rules that a cluster without planned trouble must never trip. */
const CERTAIN_TROUBLE = [
  'pod-ip-failed',
  'eni-adopted',
  'pod-address-not-on-node',
  'trunk-missing',
  'pod-eni-stuck',
  'eniconfig-missing',
  'eniconfig-wrong-zone',
  'ec2-permission-missing',
  'network-missing',
  'networks-annotation-invalid',
  'parent-interface-missing',
  'network-config-invalid',
  'plugin-binary-missing',
  'ipam-pool-full',
  'duplicate-address',
  'device-exhausted',
  'multus-down',
  'host-device-conflict',
  'ipvlan-macvlan-conflict',
  'network-subnet-mismatch',
] as const;

export function readTruth(state: ClusterState, profile: string, seed: number): SimTruth {
  const interfaces: Record<string, TrueLink> = {};
  for (const pod of state.pods.values()) trueInterfaces(state, pod, interfaces);
  const enis: Record<string, TrueEni> = {};
  const slots: Record<string, Record<string, string>> = {};
  const prefixes: Record<string, Record<string, number>> = {};
  const pools: Record<string, TruePool> = {};
  const nodes: Record<string, SimTruth['nodes'][string]> = {};
  for (const node of state.nodes.values()) {
    nodes[node.facts.name] = trueNode(state, node);
    for (const { card, targets, short, ...pool } of poolsOf(node)) {
      pools[`${node.facts.name}#${card}`] = targets === 'eni' ? pool : { ...pool, short };
    }
    // Fargate's are attached to an instance that nobody is shown.
    if (node.instanceId === null && node.primaryEni !== null)
      enis[node.primaryEni] = { state: ['outside'], rules: ['no-ipamd'], node: node.facts.name, creator: 'other' };
    for (const eni of attachedEnis(state, node)) {
      enis[eni.id] = trueEni(node, eni);
      addSlots(state, node, eni, slots, prefixes);
    }
  }
  for (const eni of state.ec2.enis.values()) {
    if (eni.type === 'branch')
      enis[eni.id] = {
        state: ['outside', 'unmanaged'],
        rules: ['branch'],
        creator: 'vpc-resource-controller',
        role: 'branch',
      };
    else if (eni.status === 'available' && eni.tags['node.k8s.amazonaws.com/instance_id'] !== undefined) {
      enis[eni.id] = { state: ['outside', 'unmanaged', 'unknown'], rules: [], node: null };
    }
  }
  const planned = new Set([...state.expected, ...state.expectedLater].map((finding) => finding.rule));
  // A node that ran full by itself: the pod that waits there may be reported, planned or not.
  for (const node of state.nodes.values()) if (node.metrics.noAvailable > 0) planned.add('pod-ip-failed');
  return {
    schema: 'oracle/1',
    profile,
    seed,
    interfaces,
    optionalPods: state.pods.values().filter(isFinished).map(podKey),
    enis,
    slots,
    prefixes,
    pools,
    nodes,
    findings: state.expected,
    laterFindings: state.expectedLater,
    cleanRules: CERTAIN_TROUBLE.filter((rule) => !planned.has(rule)),
    allowedFindings: {},
  };
}

function trueInterfaces(state: ClusterState, pod: SimPod, into: Record<string, TrueLink>): void {
  if (pod.node === null || pod.hostNetwork || isFinished(pod)) return;
  const base = `if:${podKey(pod)}`;
  const names = new Set<string>();
  for (const item of pod.interfaces) {
    names.add(item.name);
    const network = item.from === 'network' && item.recorded;
    into[`${base}/${item.name}`] = {
      eni: item.eni,
      ips: item.recorded ? item.ips : null,
      allowedRules: item.rules,
      mustBeObserved: item.observed,
      network: item.network,
      linkable: item.rules.length > 0 && item.eni !== null,
      node: pod.node,
      ...(item.eni === null || item.card !== null ? { card: item.card } : {}),
      ...(network ? { mac: item.mac } : {}),
      ...(item.pciAddress === null ? {} : { device: { pciAddress: item.pciAddress } }),
    };
  }
  const waiting = (network: string): TrueLink => ({
    eni: null,
    ips: [],
    allowedRules: [],
    mustBeObserved: false,
    network,
    linkable: false,
    node: pod.node ?? '',
    card: null,
  });
  if (!names.has('eth0')) into[`${base}/eth0`] = waiting('cluster');
  const node = state.nodes.get(pod.node);
  for (const [index, request] of pod.requests.entries()) {
    const name = request.interface ?? `net${index + 1}`;
    if (names.has(name) || node === undefined) continue;
    // Not there, or not reported: whoever names the ENI that it would hang on is right, whoever names none is, too.
    const network = state.networks.get(request.network);
    const parent = network === undefined ? undefined : parentEni(state, node, network);
    into[`${base}/${name}`] = {
      ...waiting(`net:${request.network}`),
      eni: parent?.id ?? null,
      card: parent?.attachment?.card ?? null,
    };
  }
}

const NO_MANAGE = 'node.k8s.amazonaws.com/no_manage';

/** The decision of vpc-cni.md §1.2, in its order. */
function decision(node: SimNode, eni: Ec2Eni): { readonly state: string; readonly rules: readonly string[] } {
  if (node.cni === null) return { state: 'outside', rules: ['no-ipamd'] };
  const card = eni.attachment?.card ?? 0;
  if (eni.id === node.primaryEni) return { state: 'managed', rules: ['primary', 'instance-id-tag'] };
  const noManage = eni.tags[NO_MANAGE];
  if (noManage === 'true') return { state: 'unmanaged', rules: ['no-manage-tag'] };
  const own = eni.tags['node.k8s.amazonaws.com/instance_id'] === node.instanceId;
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

function trueEni(node: SimNode, eni: Ec2Eni): TrueEni {
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
  };
}

/** Addresses that cool down are left out: who did not see the deletion cannot know. */
function addSlots(
  state: ClusterState,
  node: SimNode,
  eni: Ec2Eni,
  slots: Record<string, Record<string, string>>,
  prefixes: Record<string, Record<string, number>>,
): void {
  const store = [...node.stores.values()].find((candidate) => candidate.stocks.some((stock) => stock.eniId === eni.id));
  const stock = store?.stocks.find((candidate) => candidate.eniId === eni.id);
  const states: Record<string, string> = eni.primaryIp === null ? {} : { [eni.primaryIp]: 'primary' };
  if (store === undefined || stock === undefined || !handsOut(node, eni)) {
    const held = heldByNetworks(state, node, eni.id);
    for (const ip of eni.secondaryIps) {
      // Held by a pod of which no API says so: not judged.
      if (held.get(ip) === false) continue;
      states[ip] = held.has(ip) || isAssigned(stock?.slots, ip) ? 'assigned' : 'unclaimed';
    }
  } else {
    const free = stock.excluded || store.mode !== 'secondary-ip' ? 'excluded' : 'warm';
    for (const slot of stock.slots) {
      if (slot.holder !== null) states[slot.ip] = 'assigned';
      else if (slot.freedAt === null || state.now() - slot.freedAt >= store.cooldownMs) states[slot.ip] = free;
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

function trueNode(state: ClusterState, node: SimNode): SimTruth['nodes'][string] {
  if (node.type === null || node.cni === null) return { maxPods: node.facts.maxPods };
  const onCards = attachedEnis(state, node).filter((eni) => node.stores.has(eni.attachment?.card ?? 0));
  const unmanaged = onCards.filter((eni) => !ipamdManages(node, eni)).length;
  const mode = [...node.stores.values()][0]?.mode;
  return {
    maxPods: node.facts.maxPods,
    ...(mode === undefined ? {} : { mode }),
    eniSlotsUsed: [onCards.length],
    eniSlotsUnmanaged: [unmanaged],
  };
}
