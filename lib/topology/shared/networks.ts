/** Network records: NADs, missing NADs that pods refer to, and the cluster network itself. */
import { NADS, PODS, SERVICE_CIDRS } from '../../model/source-ids';
import type { NetworkConfig } from '../../cni/config';
import type { NadFact, WorkloadFact } from '../../model/facts';
import { CLUSTER_NETWORK, deviceClassId, networkId } from '../../model/ids';
import type { NetworkRecord } from '../../model/records';
import { byCodeUnit } from '../../model/order';
import type { Usage } from '../facts/contributions';
import type { FactQuery, FactReader } from '../facts/reader';
import { configOf } from '../facts/nad-config';
import { allocatedTo, poolsOf } from './ip-pools';
import { mistypedWords } from './signals';

const EMPTY: Omit<NetworkRecord, 'id' | 'namespace' | 'name' | 'missing' | 'podCount' | 'description'> = {
  configName: null,
  plugins: [],
  mainPlugin: null,
  parent: { kind: 'unknown', value: null },
  mode: null,
  failOverMac: null,
  vlan: null,
  mtu: null,
  capabilities: [],
  semantics: null,
  ipam: null,
  resourceName: null,
  writtenFrom: null,
  createdAt: null,
  configAt: null,
  namedBy: [],
  faultyWorkloads: [],
  serviceCidrs: null,
  problems: [],
  faults: [],
};

/** The ranges of all ServiceCIDRs: a cluster may have several. */
const serviceCidrs: FactQuery<readonly string[]> = {
  name: 'serviceCidrs',
  of: (facts) => [...new Set(facts.all('serviceCidr').flatMap(({ cidrs }) => cidrs))].sort(byCodeUnit),
};

const podsOf = (facts: FactReader, { pods }: Usage): number | null => (facts.isKnown(PODS) ? pods : null);

/** Null while no pod uses it, no node runs the VPC CNI and no workload is known to be faulty. */
function deriveClusterNetwork(facts: FactReader, usage: Usage): NetworkRecord | null {
  const vpcCni = facts.hasVpcCni;
  const faulty = faultyWorkloads(facts);
  if (usage.pods === 0 && !vpcCni && faulty.length === 0) return null;
  return {
    ...EMPTY,
    id: CLUSTER_NETWORK,
    namespace: null,
    name: CLUSTER_NETWORK,
    plugins: vpcCni ? ['aws-cni'] : [],
    mainPlugin: vpcCni ? 0 : null,
    parent: { kind: 'none', value: null },
    missing: false,
    podCount: podsOf(facts, usage),
    faultyWorkloads: faulty,
    serviceCidrs: facts.isKnown(SERVICE_CIDRS) ? facts.ask(serviceCidrs, '') : null,
    description: vpcCni
      ? 'The cluster network: the Amazon VPC CNI gives every pod an address of an ENI.'
      : "The cluster network, from which every pod has its first interface; what makes it is not the VPC CNI on this cluster's nodes.",
  };
}

/** Maximum number of workloads listed. */
const MAX_FAULTY = 100;

const faultyWorkloads = (facts: FactReader): NetworkRecord['faultyWorkloads'] =>
  [...facts.factsOf('faultyWorkloads', '')]
    .sort((a, b) => byCodeUnit(workloadName(a), workloadName(b)))
    .slice(0, MAX_FAULTY)
    .map(({ kind, namespace, name, networks, refusal, misplaced, mistyped }) => ({
      kind,
      namespace,
      name,
      networks: networks.map((key) => networkId(...splitKey(key))),
      refusal,
      misplaced: misplaced.map(({ key, value }) => `${key}: ${value}`),
      mistyped: mistyped.map(mistypedWords),
    }));

const workloadName = ({ kind, namespace, name }: WorkloadFact): string => `${namespace}/${name} ${kind}`;

/** The devices of a DeviceClass that pods claim, as a network. */
function deriveDeviceClass(facts: FactReader, name: string, usage: Usage): NetworkRecord | null {
  if (usage.pods === 0) return null;
  const fact = facts.get('deviceClass', name);
  const of = fact === undefined || fact.drivers.length === 0 ? '' : ` of ${fact.drivers.join(', ')}`;
  return {
    ...EMPTY,
    id: deviceClassId(name),
    namespace: null,
    name,
    parent: { kind: 'none', value: null },
    resourceName: fact?.extendedResource ?? null,
    missing: false,
    podCount: podsOf(facts, usage),
    createdAt: fact?.createdAt ?? null,
    description: `DeviceClass ${name}: devices${of} that pods have by ResourceClaims.`,
  };
}

/**
 * `key`: `namespace/name` of a NAD, the bare name of a DeviceClass, `` for the cluster network. Null for a network without
 * users or definition.
 */
export function deriveNetwork(facts: FactReader, key: string): NetworkRecord | null {
  const usage = facts.usageOf(key);
  if (key === '') return deriveClusterNetwork(facts, usage);
  if (!key.includes('/')) return deriveDeviceClass(facts, key, usage);
  const nad = facts.get('nad', key);
  if (nad !== undefined) return deriveNad(facts, nad, usage);
  const missing = facts.isLive(NADS);
  const workloads = missing ? namedByWorkloads(facts, key, ({ isRefused }) => !isRefused) : [];
  const hasPods = usage.pods > 0 || (missing && facts.factsOf('unscheduledByNetwork', key).length > 0);
  if (!hasPods && workloads.length === 0) return null;
  const [namespace, name] = splitKey(key);
  return {
    ...EMPTY,
    id: networkId(namespace, name),
    namespace,
    name,
    missing,
    podCount: podsOf(facts, usage),
    namedBy: workloads,
    description: missing
      ? `${hasPods ? 'Pods refer' : 'A pod template or a virtual machine refers'} to it, but there is no such NetworkAttachmentDefinition.`
      : 'Pods refer to it; NetworkAttachmentDefinitions cannot be read, so nothing more is known.',
  };
}

/** The namespace and name in `namespace/name`. */
const splitKey = (key: string): readonly [namespace: string, name: string] => {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
};

function deriveNad(facts: FactReader, nad: NadFact, usage: Usage): NetworkRecord {
  const config = configOf(nad);
  return {
    id: networkId(nad.namespace, nad.name),
    namespace: nad.namespace,
    name: nad.name,
    configName: config.name === null || config.name === '' || config.name === nad.name ? null : config.name,
    plugins: config.plugins,
    mainPlugin: config.mainPlugin,
    parent: config.parent,
    mode: config.mode,
    failOverMac: config.failOverMac,
    vlan: config.vlan,
    mtu: config.mtu,
    capabilities: config.capabilities,
    semantics: config.mainPlugin === null ? null : config.semantics,
    ipam: ipamOf(facts, nad, config, usage),
    resourceName: nad.resourceName,
    writtenFrom: nad.writtenFrom,
    missing: false,
    podCount: podsOf(facts, usage),
    description: config.description,
    createdAt: nad.createdAt,
    configAt: nad.configAt,
    serviceCidrs: null,
    faultyWorkloads: [],
    namedBy: namedBy(facts, `${nad.namespace}/${nad.name}`),
    problems: [...nad.problems, ...config.problems],
    faults: config.faults,
  };
}

/** Maximum number of names listed. */
const MAX_NAMED = 10;

/** The workloads whose templates name the network, in words. */
function namedByWorkloads(
  facts: FactReader,
  key: string,
  counts: (workload: WorkloadFact) => boolean = () => true,
): readonly string[] {
  return [...facts.factsOf('workloadsByNetwork', key)]
    .filter(counts)
    .map(({ kind, namespace, name, misplaced }) =>
      kind === 'VirtualMachine' || misplaced.length > 0
        ? `${kind} ${namespace}/${name}`
        : `the pod template of ${kind} ${namespace}/${name}`,
    )
    .slice(0, MAX_NAMED);
}

function namedBy(facts: FactReader, key: string): readonly string[] {
  return [
    ...namedByWorkloads(facts, key),
    ...facts
      .factsOf('podsByMentioned', key)
      .map(({ namespace, name }) => `the invalid annotation of pod ${namespace}/${name}`),
  ].slice(0, MAX_NAMED);
}

/** `used` and `size` have the same scope: one node's allocations for host-local, the whole cluster's for any other IPAM. */
function ipamOf(facts: FactReader, nad: NadFact, config: NetworkConfig, usage: Usage): NetworkRecord['ipam'] {
  const { ipam } = config;
  if (ipam === null) return null;
  const pools = poolsOf(facts, nad);
  const allocated = pools.reduce((sum, pool) => sum + allocatedTo(ipam, pool), 0);
  return {
    type: ipam.type,
    ranges: ipam.ranges,
    used: pools.length > 0 ? allocated : ipam.scope === 'node' ? usage.fullestNode : usage.addresses,
    size: ipam.size,
    gateways: ipam.gateways,
    routes: ipam.routes,
  };
}
