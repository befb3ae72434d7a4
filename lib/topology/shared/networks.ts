/** Network records: NADs, NADs that pods refer to and that are missing, and the cluster network itself. */
import type { NetworkConfig } from '../../cni/config';
import type { NadFact } from '../../model/facts';
import { CLUSTER_NETWORK, networkId } from '../../model/ids';
import type { NetworkRecord } from '../../model/records';
import { NADS } from '../facts/source-ids';
import type { Facts } from '../facts/facts';
import { configOf } from '../facts/nad-config';
import { poolsOf } from './ip-pools';

/** What live pods make of a network, summed over nodes. */
export interface Usage {
  readonly pods: number;
  readonly addresses: number;
  /** The most addresses on one node: host-local keeps a record per node. */
  readonly fullestNode: number;
}

export const NO_USAGE: Usage = { pods: 0, addresses: 0, fullestNode: 0 };

const EMPTY: Omit<NetworkRecord, 'id' | 'namespace' | 'name' | 'missing' | 'podCount' | 'description'> = {
  plugins: [],
  mainPlugin: null,
  parent: { kind: 'unknown', value: null },
  mode: null,
  vlan: null,
  mtu: null,
  capabilities: [],
  semantics: null,
  ipam: null,
  resourceName: null,
  createdAt: null,
  problems: [],
  faults: [],
};

/** Null while no pod is on it and no node runs the VPC CNI. */
export function deriveClusterNetwork(usage: Usage, vpcCniNodes: number): NetworkRecord | null {
  if (usage.pods === 0 && vpcCniNodes === 0) return null;
  const vpcCni = vpcCniNodes > 0;
  return {
    ...EMPTY,
    id: CLUSTER_NETWORK,
    namespace: null,
    name: CLUSTER_NETWORK,
    plugins: vpcCni ? ['aws-cni'] : [],
    mainPlugin: vpcCni ? 0 : null,
    parent: { kind: 'none', value: null },
    missing: false,
    podCount: usage.pods,
    description: vpcCni
      ? 'The cluster network: the Amazon VPC CNI gives every pod an address of an ENI.'
      : "The cluster network, from which every pod has its first interface; what makes it is not the VPC CNI on this cluster's nodes.",
  };
}

/** Null for a NAD that is neither there nor used. */
export function deriveNetwork(facts: Facts, key: string, usage: Usage): NetworkRecord | null {
  const nad = facts.get('nad', key);
  if (nad !== undefined) return deriveNad(facts, nad, usage);
  if (usage.pods === 0) return null;
  const slash = key.indexOf('/');
  const namespace = key.slice(0, slash);
  const name = key.slice(slash + 1);
  const missing = facts.isLive(NADS);
  return {
    ...EMPTY,
    id: networkId(namespace, name),
    namespace,
    name,
    missing,
    podCount: usage.pods,
    description: missing
      ? 'Pods refer to it, but there is no such NetworkAttachmentDefinition.'
      : 'Pods refer to it; NetworkAttachmentDefinitions cannot be read, so nothing more is known.',
  };
}

function deriveNad(facts: Facts, nad: NadFact, usage: Usage): NetworkRecord {
  const config = configOf(nad);
  return {
    id: networkId(nad.namespace, nad.name),
    namespace: nad.namespace,
    name: nad.name,
    plugins: config.plugins,
    mainPlugin: config.mainPlugin,
    parent: config.parent,
    mode: config.mode,
    vlan: config.vlan,
    mtu: config.mtu,
    capabilities: config.capabilities,
    semantics: config.mainPlugin === null ? null : config.semantics,
    ipam: ipamOf(facts, config, usage),
    resourceName: nad.resourceName,
    missing: false,
    podCount: usage.pods,
    description: config.description,
    createdAt: nad.createdAt,
    problems: [...nad.problems, ...config.problems],
    faults: config.faults,
  };
}

/** `used` and `size` speak of the same thing: one node's record for host-local, the cluster's for all else. */
function ipamOf(facts: Facts, config: NetworkConfig, usage: Usage): NetworkRecord['ipam'] {
  const { ipam } = config;
  if (ipam === null) return null;
  const pools = poolsOf(facts, config);
  const allocated = pools.reduce((sum, pool) => sum + pool.allocations.length, 0);
  return {
    type: ipam.type,
    ranges: ipam.ranges,
    used: pools.length > 0 ? allocated : ipam.scope === 'node' ? usage.fullestNode : usage.addresses,
    size: ipam.size,
    routes: ipam.routes,
  };
}
