/**
 * Every fact kind with its random facts and the scopes under which sources report it; a new kind needs one row here.
 */
import fc from 'fast-check';
import type { FactByKind, FactKind } from '../../lib/model/facts';
import { KINDS } from '../../lib/normalise/kubernetes/kinds';
import * as claims from './facts-of-claims';
import * as ec2 from './facts-of-ec2';
import * as kubernetes from './facts-of-kubernetes';
import * as nodes from './facts-of-nodes';

type Facts = { readonly [K in FactKind]: fc.Arbitrary<FactByKind[K]> };

const FACTS: Facts = {
  node: nodes.nodes,
  pod: nodes.pods,
  nad: kubernetes.nads,
  daemonSet: kubernetes.daemonSets,
  eni: ec2.enis,
  instance: ec2.instances,
  instanceType: ec2.instanceTypes,
  subnet: ec2.subnets,
  subnetReservation: ec2.subnetReservations,
  awsNodeMetrics: ec2.awsNodeMetrics,
  ipamdEnis: ec2.ipamdEnis,
  ipamdCheckpoint: ec2.ipamdCheckpoint,
  eniConfig: kubernetes.eniConfigs,
  cniNode: kubernetes.cniNodes,
  securityGroupPolicy: kubernetes.securityGroupPolicies,
  whereaboutsPool: kubernetes.whereaboutsPools,
  whereaboutsReservation: kubernetes.whereaboutsReservations,
  nodeSlicePool: kubernetes.nodeSlicePools,
  sriovNodeState: kubernetes.sriovNodeStates,
  nodeNetworkState: kubernetes.nodeNetworkStates,
  nodeEni: kubernetes.nodeEnis,
  multiNetworkPolicy: kubernetes.multiNetworkPolicies,
  networkPolicy: kubernetes.networkPolicies,
  resourceClaim: claims.resourceClaims,
  resourceSlice: claims.resourceSlices,
  deviceClass: claims.deviceClasses,
  deviceTaintRule: claims.deviceTaintRules,
  serviceCidr: kubernetes.serviceCidrs,
  workload: kubernetes.workloads,
  event: kubernetes.events,
};

/** The sources outside the Kubernetes API. */
const OTHER_SOURCES = {
  eni: 'ec2/network-interfaces',
  instance: 'ec2/instances',
  instanceType: 'ec2/instance-types',
  subnet: 'ec2/subnets',
  subnetReservation: 'ec2/subnet-cidr-reservations',
  awsNodeMetrics: 'aws-node/metrics',
  ipamdEnis: 'aws-node/enis',
  ipamdCheckpoint: 'aws-node/checkpoint',
} as const satisfies Partial<Record<FactKind, string>>;

/** Every source that a running server reports. */
export const SOURCES: readonly string[] = [
  ...new Set([...KINDS.map(({ source }) => source), ...Object.values(OTHER_SOURCES)]),
];

/** A fact as a source reports it. */
export type AnyFact = { [K in FactKind]: { kind: K; scope: string; key: string; fact: FactByKind[K] } }[FactKind];

const keyOf = (fact: unknown): string => {
  const { namespace, name, id, type, node } = fact as Readonly<Record<string, string | undefined>>;
  if (name !== undefined) return namespace === undefined || namespace === '' ? name : `${namespace}/${name}`;
  return id ?? node ?? type ?? '';
};

/**
 * A workload's scope follows from its kind, an event's from its reason, a slice's from its driver; for other kinds, any
 * scope will do.
 */
function scopesOf(kind: FactKind, fact: unknown): readonly string[] {
  const rows = KINDS.filter(({ factKind }) => factKind === kind);
  if (rows.length === 0) return [OTHER_SOURCES[kind as keyof typeof OTHER_SOURCES]];
  const { kind: workload, reason, driver } = fact as Readonly<Record<string, string | undefined>>;
  if (kind === 'workload') return rows.filter((row) => row.kind === workload).map(({ id }) => id);
  if (kind === 'event') return rows.filter(({ id }) => id.endsWith(`/${reason ?? ''}`)).map(({ id }) => id);
  if (kind === 'resourceSlice') return rows.filter(({ id }) => id.endsWith(`/${driver ?? ''}`)).map(({ id }) => id);
  return rows.map(({ id }) => id);
}

const factsOf = (kind: FactKind): fc.Arbitrary<AnyFact> =>
  fc.tuple(FACTS[kind] as fc.Arbitrary<unknown>, fc.nat({ max: 1 })).map(([fact, turn]) => {
    const scopes = scopesOf(kind, fact);
    return { kind, scope: scopes[turn % scopes.length] ?? kind, key: keyOf(fact), fact } as AnyFact;
  });

/**
 * Kinds that are read together: in a history of a few of them, facts refer to each other more often than in one of all
 * kinds.
 */
export const THEMES: readonly (readonly FactKind[])[] = [
  Object.keys(FACTS) as FactKind[],
  ['node', 'pod', 'cniNode', 'event', 'workload', 'awsNodeMetrics'],
  ['node', 'pod', 'nad', 'whereaboutsPool', 'whereaboutsReservation', 'nodeSlicePool'],
  ['node', 'pod', 'eni', 'subnet', 'subnetReservation', 'eniConfig'],
  ['node', 'pod', 'eni', 'nad', 'sriovNodeState', 'nodeNetworkState', 'nodeEni'],
  ['node', 'pod', 'nad', 'networkPolicy', 'multiNetworkPolicy', 'securityGroupPolicy', 'workload'],
  ['node', 'pod', 'eni', 'resourceClaim', 'resourceSlice', 'deviceClass', 'deviceTaintRule', 'nad'],
  ['pod', 'eni', 'resourceClaim', 'resourceSlice'],
  ['node', 'pod', 'eni', 'ipamdEnis', 'awsNodeMetrics', 'daemonSet'],
  ['node', 'pod', 'eni', 'ipamdCheckpoint', 'awsNodeMetrics', 'daemonSet'],
  ['node', 'eni', 'cniNode', 'instance', 'instanceType', 'daemonSet'],
  ['pod', 'eni', 'nad', 'subnet'],
  ['pod', 'node', 'eni'],
  ['pod', 'nad', 'serviceCidr', 'workload'],
];

/** How often a kind is drawn; 2 if not listed. Everything else refers to pods and ENIs. */
const WEIGHTS: Partial<Record<FactKind, number>> = { pod: 6, eni: 5, node: 3, resourceClaim: 4, resourceSlice: 4 };

const anyOf = <T>(kinds: readonly FactKind[], of: (kind: FactKind) => fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof(...kinds.map((kind) => ({ weight: WEIGHTS[kind] ?? 2, arbitrary: of(kind) })));

export const anyFact = (kinds: readonly FactKind[]): fc.Arbitrary<AnyFact> => anyOf(kinds, factsOf);

/** Some facts of one kind and scope, as in a relist. */
export const anyList = (kinds: readonly FactKind[]): fc.Arbitrary<readonly AnyFact[]> =>
  anyOf(kinds, (kind) => fc.array(factsOf(kind), { minLength: 1, maxLength: 3 })).map((facts) => {
    const [first] = facts;
    return [...new Map(facts.filter(({ scope }) => scope === first?.scope).map((one) => [one.key, one])).values()];
  });
