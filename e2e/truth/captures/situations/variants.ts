/**
 * What was posted of one type, mode and version, in others: a node at rest, about which nothing is to be said; one whose every slot is taken;
 * and one whose subnet is empty. What is right follows from the formulas of the VPC CNI's documentation (ENIs × (addresses − 1), times 16 for
 * prefixes; the primary ENI out under custom networking, one for a trunk).
 */
import { Cluster } from '../kit/cluster';
import type { Eni } from '../kit/eni';
import type { Node } from '../kit/node';
import { LIMITS } from '../kit/types-of-instance';
import type { NodeSpec } from '../kit/types';
import {
  CUSTOM_NETWORKING,
  eniConfig,
  found,
  is,
  NO_ADDRESS,
  none,
  OLD,
  refused,
  says,
  silentOn,
  type Situation,
} from './situation';

interface Variant {
  readonly type: string;
  readonly prefix?: boolean;
  readonly custom?: boolean;
  readonly trunk?: boolean;
  readonly version?: string;
  /** ipamd's list: since v1.20.0 by card, before without; `none`: nobody fetched it. */
  readonly list?: NonNullable<NodeSpec['enisJson']>;
  readonly metrics?: boolean;
  /** Whether the pod that waits has an Event. */
  readonly event?: boolean;
}

const nameOf = ({ type, prefix, custom, trunk, version, list, metrics, event }: Variant): string =>
  [
    type,
    ...(prefix === true ? ['prefixes'] : []),
    ...(custom === true ? ['custom networking'] : []),
    ...(trunk === true ? ['trunk'] : []),
    ...(version === undefined ? [] : [version]),
    ...(list === undefined ? [] : ['/v1/enis']),
    ...(metrics === false ? ['no metrics'] : []),
    ...(event === false ? ['no Event'] : []),
  ].join(', ');

interface Made {
  readonly cluster: Cluster;
  readonly node: Node;
  /** ENIs that may give pods addresses, the attached ones first. */
  readonly usable: number;
  readonly slots: number;
  readonly attach: () => Eni;
}

function make(v: Variant, available: number): Made {
  const limits = LIMITS[v.type];
  if (limits === undefined) throw new Error(v.type);
  const slots = limits.ipv4PerEni - 1;
  const usable = (limits.cards[0] ?? 0) - (v.custom === true ? 1 : 0) - (v.trunk === true ? 1 : 0);
  const cluster = new Cluster({
    env: {
      ...(v.prefix === true ? { ENABLE_PREFIX_DELEGATION: 'true' } : {}),
      ...(v.custom === true ? CUSTOM_NETWORKING : {}),
      ...(v.trunk === true ? { ENABLE_POD_ENI: 'true' } : {}),
    },
  });
  const own = cluster.subnet('10.40.0.0/20', 'eu-west-1a', { available: v.custom === true ? 3000 : available });
  const pods = v.custom === true ? cluster.subnet('100.64.0.0/18', 'eu-west-1a', { available }) : own;
  if (v.custom === true) eniConfig(cluster, pods.id, undefined, 'sg-0node');
  const node = cluster.node('n1', own, {
    type: v.type,
    version: v.version ?? 'v1.23.1-eksbuild.1',
    metrics: v.metrics ?? true,
    enisJson: v.list ?? 'none',
    maxPods: Math.min(110, usable * slots * (v.prefix === true ? 16 : 1) + 2),
    ...(v.trunk === true ? { capacity: { 'vpc.amazonaws.com/pod-eni': String(limits.branches ?? 0) } } : {}),
  });
  if (v.trunk === true) node.eni({ dev: (limits.cards[0] ?? 2) - 1, type: 'trunk', by: 'controller' }, pods);
  let next = v.custom === true ? 0 : -1;
  const attach = (): Eni => {
    next += 1;
    return next === 0 ? node.primary : node.eni({ dev: next, by: 'ipamd' }, pods);
  };
  return { cluster, node, usable, slots, attach };
}

const waits = ({ cluster, node }: Made, { event }: Variant): void => {
  cluster.waiting('shop/late', node, { createdAt: OLD });
  if (event !== false) refused(cluster, 'shop/late', NO_ADDRESS);
};

/** Three pods, and as much free as the targets ask for. */
function atRest(v: Variant): Situation {
  const made = make(v, 3000);
  const { cluster, node, usable, slots, attach } = made;
  const eni = attach();
  if (v.prefix === true) {
    eni.prefix();
    eni.prefix();
  }
  for (let at = 0; at < 3; at += 1)
    cluster.pod(`shop/p-${String(at)}`, node, eni, v.prefix === true ? { via: 'prefix' } : {});
  if (v.prefix !== true) {
    eni.free(slots - 3);
    attach().free(slots);
  }
  const all = usable * slots * (v.prefix === true ? 16 : 1);
  return {
    source: 'variants of a node at rest',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.assigned', 3),
      is('nodes[name=n1].pools.0.low', false),
      is('nodes[name=n1].pools.0.next.action', 'none'),
      is('nodes[name=n1].headroom.pods', Math.min(node.maxPods - 5, all - 3)),
      none('findings[severity=error]'),
      none('findings[severity=warning]'),
      none('findings[subjects~node:n1]'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/p-1 address', says: /has (its|an|the) address|10\.40|100\.64/ }],
  };
}

/** Every slot of every ENI is held by a pod, and one pod too many was placed. */
function everySlotTaken(v: Variant): Situation {
  const made = make(v, 3000);
  const { cluster, node, usable, slots, attach } = made;
  for (let n = 0; n < usable; n += 1) {
    const eni = attach();
    for (let at = 0; at < slots; at += 1) cluster.pod(`shop/p-${String(n)}-${String(at)}`, node, eni);
  }
  waits(made, v);
  return {
    source: 'aws/amazon-vpc-cni-k8s#2804, #1083 (in other types and versions)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.total', usable * slots),
      is('nodes[name=n1].pools.0.available', 0),
      is('nodes[name=n1].pools.0.next.action', 'none'),
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].eniSlots.free', 0),
      found('findings[rule=node-addresses-full]'),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', 'every slot'),
      none('findings[rule=max-pods-too-high]'),
      silentOn('findings[rule=pod-ip-failed]', '(?i)subnet'),
    ],
    sayings: [{ command: 'explain', words: 'pod shop/late address', says: /every slot/ }],
  };
}

/** Nothing free on the node, room for ENIs, and nothing left in the subnet. */
function subnetEmpty(v: Variant): Situation {
  const made = make(v, 0);
  const { cluster, node, slots, attach } = made;
  const eni = attach();
  if (v.prefix === true) eni.prefix();
  const pods = v.prefix === true ? 16 : slots;
  for (let at = 0; at < pods; at += 1)
    cluster.pod(`shop/p-${String(at)}`, node, eni, v.prefix === true ? { via: 'prefix' } : {});
  waits(made, v);
  const subnet = v.custom === true ? 'subnet-02' : 'subnet-01';
  return {
    source: 'aws/amazon-vpc-cni-k8s#547, #757 (in other types and modes)',
    cluster,
    checks: [
      is('nodes[name=n1].pools.0.available', 0),
      is('nodes[name=n1].pools.0.low', true),
      is('nodes[name=n1].headroom.pods', 0),
      is('nodes[name=n1].headroom.limitedBy', 'subnet'),
      found(`findings[rule=subnet-low][subjects~${subnet}]`),
      says('findings[rule=pod-ip-failed][subjects~pod:shop/late]', subnet),
      none('findings[rule=node-addresses-full]'),
    ],
    sayings: [
      { command: 'explain', words: 'pod shop/late address', says: new RegExp(subnet) },
      { command: 'explain', words: `subnet ${subnet} room`, says: /0/ },
    ],
  };
}

const RESTING: readonly Variant[] = [
  { type: 't3.medium' },
  { type: 'm5.large', list: 'per-card' },
  { type: 'm5.xlarge', custom: true },
  { type: 'm5.xlarge', trunk: true },
  { type: 'm5.xlarge', custom: true, trunk: true },
  { type: 'c5.4xlarge', version: 'v1.12.6', list: 'old' },
  { type: 'm4.large', metrics: false },
  { type: 't3.medium', prefix: true },
  { type: 'm5.large', prefix: true, version: 'v1.19.2', list: 'old' },
  { type: 'm5.large', prefix: true, custom: true },
  { type: 'r7g.medium', prefix: true, metrics: false },
  { type: 'c5.4xlarge', prefix: true, trunk: true, list: 'per-card' },
];
const FULL: readonly Variant[] = [
  { type: 't3.medium' },
  { type: 't3.medium', event: false },
  { type: 'm5.large', version: 'v1.12.6', list: 'old' },
  { type: 'm5.large', custom: true },
  { type: 'm5.xlarge', trunk: true, version: 'v1.19.2' },
  { type: 'r7g.medium', metrics: false },
  { type: 'm4.large', list: 'per-card' },
  { type: 'm5.large', custom: true, trunk: true },
];
const DRY: readonly Variant[] = [
  { type: 't3.medium' },
  { type: 'm5.large', custom: true },
  { type: 'm5.large', prefix: true },
  { type: 'm5.xlarge', prefix: true, custom: true },
  { type: 'c5.4xlarge', version: 'v1.12.6' },
  { type: 'm5.large', event: false },
  { type: 'm5.large', list: 'per-card', metrics: false },
];

const named = (what: string, all: readonly Variant[], made: (v: Variant) => Situation) =>
  all.map((v) => [`${what}: ${nameOf(v)}`, () => made(v)] as const);

export const variants: Readonly<Record<string, () => Situation>> = Object.fromEntries([
  ...named('at rest', RESTING, atRest),
  ...named('every slot taken', FULL, everySlotTaken),
  ...named('subnet empty', DRY, subnetEmpty),
]);
