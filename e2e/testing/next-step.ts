/** A node with its ENIs, pods and settings, and ipamd's next step there. */
import type { EniFact, NodeFact, PodFact } from '../../lib/model/facts';
import type { Observation } from '../../lib/model/observation';
import type { Pool } from '../../lib/model/records';
import { awsNode, engineOf, eni, get, node, ownEni, pod, subnet, upsert } from './facts';

export const ips = (from: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `10.0.0.${from + i}`);
export const pods = (from: number, count: number): readonly Observation[] =>
  ips(from, count).map((ip) => upsert('pod', pod(`p-${ip}`, { ips: [ip] })));

export interface Setup {
  readonly env?: Readonly<Record<string, string>>;
  readonly agent?: Partial<PodFact>;
  readonly node?: Partial<NodeFact>;
  readonly enis: readonly EniFact[];
  readonly pods?: number;
  readonly card?: number;
  readonly more?: readonly Observation[];
}

export const engineWith = ({ env = {}, agent = {}, node: of = {}, enis, pods: count = 0, more = [] }: Setup) =>
  engineOf([
    upsert('node', node('n1', of)),
    upsert('pod', { ...awsNode(env), ...agent }),
    upsert('subnet', subnet()),
    ...enis.map((one) => upsert('eni', one)),
    ...pods(10, count),
    ...more,
  ]);

export const nextOf = (setup: Setup): Pool['next'] =>
  get(engineWith(setup), 'nodes', 'node:n1').pools.find(({ card }) => card === (setup.card ?? 0))?.next ?? null;

export const PRIMARY = ownEni('eni-0', { primaryIp: '10.0.0.4', secondaryIps: ips(10, 9) });
export const SECOND = ownEni('eni-1', { deviceIndex: 1, primaryIp: '10.0.0.5', secondaryIps: ips(20, 9) });
export const UNMANAGED = eni('eni-u', { deviceIndex: 2, tags: { 'node.k8s.amazonaws.com/no_manage': 'true' } });
export const HALF = { ...SECOND, secondaryIps: ips(20, 2) };
export const PREFIX = { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' };
export const BIG = { maxPods: 110 };
export const CORDON = { taints: [{ key: 'node.kubernetes.io/unschedulable', value: null, effect: 'NoSchedule' }] };
/** The first /28 of the subnet (0–15) has the reserved addresses and the primary one; the second is the prefix. */
export const ONE_PREFIX = ownEni('eni-0', { primaryIp: '10.0.0.4', ipv4Prefixes: ['10.0.0.16/28'] });
