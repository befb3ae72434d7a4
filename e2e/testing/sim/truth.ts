/**
 * The current truth about the cluster, as an oracle: what a correct picture must show, by record id. It is read from
 * the model alone and independent of how the product derives anything.
 */
import { INSTANCE_ID_KEY } from '../../../lib/sim/model/eni-tags';
import { attachedEnis } from '../../../lib/sim/model/enis';
import { poolsOf } from '../../../lib/sim/model/ipamd';
import { isFinished, podKey } from '../../../lib/sim/model/pod';
import type { ClusterState } from '../../../lib/sim/model/state';
import { trueClaims, wholeEnis } from './truth/claims';
import { addSlots, trueEni } from './truth/enis';
import { trueInterfaces } from './truth/interfaces';
import { trueHostNics } from './truth/host-nics';
import { trueIpPools } from './truth/ip-pools';
import { trueNode, type TrueNode } from './truth/nodes';
import type { SimTruth, TrueEni, TrueLink, TruePool } from './truth/shape';

export type { SimTruth };

/** Rules that must never fire in a cluster without planned trouble. */
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
  'claim-not-ready',
  'claim-status-mismatch',
  'claimed-device-gone',
  'claimed-eni-managed',
  'device-offered-twice',
  'device-pool-incomplete',
  'devices-on-different-roots',
  'managed-eni-claimable',
] as const;

/** The truth in the form that tests compare records with. */
export function readTruth(state: ClusterState, profile: string, seed: number): SimTruth {
  const whole = wholeEnis(state);
  const interfaces: Record<string, TrueLink> = {};
  for (const pod of state.pods.values()) trueInterfaces(state, pod, interfaces);
  const enis: Record<string, TrueEni> = {};
  const slots: Record<string, Record<string, string>> = {};
  const prefixes: Record<string, Record<string, number>> = {};
  const pools: Record<string, TruePool> = {};
  const cooling: Record<string, Record<string, number>> = {};
  const coolingUnnamed: Record<string, Record<string, number>> = {};
  const poolCooling: Record<string, readonly number[]> = {};
  const nodes: Record<string, TrueNode> = {};
  for (const node of state.nodes.values()) {
    nodes[node.facts.name] = trueNode(state, node);
    for (const { card, targets, short, ...pool } of poolsOf(node)) {
      pools[`${node.facts.name}#${card}`] = targets === 'eni' ? pool : { ...pool, short };
    }
    for (const [card, store] of node.stores) poolCooling[`${node.facts.name}#${card}`] = store.coolingSeen(state.now());
    // Fargate ENIs are attached to an instance that the API does not list.
    if (node.instanceId === null && node.primaryEni !== null)
      enis[node.primaryEni] = { state: ['outside'], rules: ['no-ipamd'], node: node.facts.name, creator: 'other' };
    for (const eni of attachedEnis(state, node)) {
      enis[eni.id] = trueEni(node, eni, whole.has(eni.id));
      addSlots(state, node, eni, { slots, prefixes, cooling, coolingUnnamed });
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
    else if (eni.status === 'available' && eni.tags[INSTANCE_ID_KEY] !== undefined) {
      enis[eni.id] = { state: ['outside', 'unmanaged', 'unknown'], rules: [], node: null };
    }
  }
  const planned = new Set([...state.expected, ...state.expectedLater].map((finding) => finding.rule));
  for (const rule of state.possible.keys()) planned.add(rule);
  // A node that filled up without a plan: its waiting pod may be reported nevertheless.
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
    cooling,
    coolingUnnamed,
    poolCooling,
    nodes,
    subnets: Object.fromEntries(
      state.ec2.subnets
        .values()
        .map(({ id, available, freeBlocks }) => [id, { availableAddresses: available, freePrefixes: freeBlocks }]),
    ),
    ipPools: trueIpPools(state),
    hostNics: trueHostNics(state),
    claims: trueClaims(state),
    wholeEnis: Object.fromEntries(whole),
    shows: Object.fromEntries(state.shows),
    findings: state.expected,
    laterFindings: state.expectedLater,
    cleanRules: CERTAIN_TROUBLE.filter((rule) => !planned.has(rule)),
    allowedFindings: Object.fromEntries([...state.possible].filter(([, subjects]) => subjects.length > 0)),
  };
}
