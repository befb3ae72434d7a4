/**
 * The state of one simulated cluster. The other files in this folder change it; the protocols (`kubernetes/`, `ec2/`) only
 * read it. While `live` is false, a scene is being built and everything settles immediately; later, changes take time.
 */
import type { Clock } from './clock';
import { Collection, Revisions } from './collection';
import { Ec2Account } from './ec2';
import { awsId } from './identity';
import type { SimNetwork } from './network';
import type { SimClaim } from './claim';
import type { SimDeviceClass } from './device';
import type { NodeFacts, SimNode } from './node';
import { podKey, type SimPod } from './pod';
import type { Held } from './range-ipam';
import { createRandom, type Random } from './random';
import { SimSubnet, type SubnetOptions } from './subnet';
import { createTasks, type Tasks } from './tasks';

/** An object stored in its API form. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A finding that the scene is built to show, about any one of the subjects (record IDs). */
export interface ExpectedFinding {
  readonly rule: string;
  readonly subjects: readonly string[];
}

/** The complete state of a simulated cluster. */
export interface ClusterState {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly kubernetesVersion: string;
  /** Versions of resource.k8s.io that are served, the preferred one first; none on an older cluster. An upgrade changes them. */
  resourceVersions: readonly string[];
  readonly random: Random;
  readonly tasks: Tasks;
  readonly revisions: Revisions;
  readonly ec2: Ec2Account;
  readonly pods: Collection<SimPod>;
  readonly nodeObjects: Collection<NodeFacts>;
  /** Objects of every other kind, by `GROUP/RESOURCE` (`core/events`). */
  readonly objects: Map<string, Collection<KubeObject>>;
  readonly nodes: Map<string, SimNode>;
  readonly networks: Map<string, SimNetwork>;
  /** Addresses that whereabouts assigned, by range. */
  readonly whereabouts: Map<string, Held>;
  /** Claims by `NS/NAME`. */
  readonly claims: Map<string, SimClaim>;
  readonly deviceClasses: Map<string, SimDeviceClass>;
  readonly nodeGroup: string;
  readonly expected: ExpectedFinding[];
  /** Findings that need time, or a counter that increases. */
  readonly expectedLater: ExpectedFinding[];
  /** Rules that may fire although nothing was planned, with the records; an empty list means any record. */
  readonly possible: Map<string, string[]>;
  /** Node → the mode it was built for; random scenes only. */
  readonly shows: Map<string, string>;
  /** Networks whose pool objects must be rewritten. */
  readonly changedPools: Set<string>;
  /** Epoch milliseconds of the cluster, including skew. */
  now(): number;
  skewMs: number;
  live: boolean;
  bareMetalPods: number;
  /** A counter for names that must not use the seed. */
  counter: number;
}

/** The initial settings of a cluster. */
export interface StateOptions {
  readonly name: string;
  readonly seed: number;
  readonly clock: Clock;
  readonly kubernetesVersion?: string;
  /** Default: v1 from Kubernetes 1.34 on. */
  readonly resourceVersions?: readonly string[];
}

/** A cluster without nodes. */
export function createState(options: StateOptions): ClusterState {
  const kubernetesVersion = options.kubernetesVersion ?? 'v1.35.3-eks-7c1a9f2';
  const random = createRandom(options.seed);
  const revisions = new Revisions();
  const now = (): number => options.clock.now() + state.skewMs;
  const state: ClusterState = {
    name: options.name,
    region: 'eu-west-1',
    vpcId: awsId(random, 'vpc'),
    kubernetesVersion,
    resourceVersions: options.resourceVersions ?? (minorOf(kubernetesVersion) < 34 ? [] : ['v1']),
    random,
    tasks: createTasks(),
    revisions,
    ec2: new Ec2Account(() => options.clock.now()),
    pods: new Collection<SimPod>(revisions, podKey, now),
    nodeObjects: new Collection<NodeFacts>(revisions, (node) => node.name, now),
    objects: new Map(),
    nodes: new Map(),
    networks: new Map(),
    whereabouts: new Map(),
    claims: new Map(),
    deviceClasses: new Map(),
    nodeGroup: awsId(random, 'sg'),
    expected: [],
    expectedLater: [],
    possible: new Map(),
    shows: new Map(),
    changedPools: new Set(),
    now,
    skewMs: 0,
    live: false,
    bareMetalPods: 0,
    counter: 0,
  };
  return state;
}

const minorOf = (version: string): number => Number(/^v1\.(\d+)/.exec(version)?.[1] ?? 0);

/** The collection of a kind; created on first use. */
export function objectsOf(state: ClusterState, resourceId: string): Collection<KubeObject> {
  const found = state.objects.get(resourceId);
  if (found !== undefined) return found;
  const made = new Collection<KubeObject>(
    state.revisions,
    ({ metadata }) => (metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`),
    () => state.now(),
  );
  state.objects.set(resourceId, made);
  return made;
}

/** Adds a subnet to the VPC. `reserve`: a CIDR reservation in it, of type prefix. */
export function addSubnet(
  state: ClusterState,
  options: Omit<SubnetOptions, 'id' | 'vpc'> & { readonly reserve?: string },
): SimSubnet {
  const subnet = new SimSubnet({ ...options, id: awsId(state.random, 'subnet'), vpc: state.vpcId });
  if (options.reserve !== undefined) {
    subnet.reservations = [{ id: awsId(state.random, 'scr'), cidr: options.reserve, type: 'prefix' }];
  }
  state.ec2.subnets.set(subnet.id, subnet);
  return subnet;
}

/** Records a finding that the scene shows. */
export function expectFinding(state: ClusterState, rule: string, ...subjects: readonly string[]): void {
  state.expected.push({ rule, subjects });
}

/** Records a finding that a rule can report only after it has watched for a while. */
export function expectLater(state: ClusterState, rule: string, ...subjects: readonly string[]): void {
  state.expectedLater.push({ rule, subjects });
}

/** Records a finding that may occur but need not, because it depends on randomness. */
export function allowFinding(state: ClusterState, rule: string, ...subjects: readonly string[]): void {
  state.possible.set(rule, [...(state.possible.get(rule) ?? []), ...subjects]);
}
