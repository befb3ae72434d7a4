/**
 * Reads a simulated cluster without its HTTP servers, fast enough for hundreds of clusters: the objects as the simulated API
 * servers render them, through the same projection, EC2 calls and normalisers as a live cluster's.
 *
 * Kubernetes is read like a watch: the whole once, then what changed, in order. EC2 and aws-node are asked when told.
 */
import { EC2Client } from '@aws-sdk/client-ec2';
import type { Batch, Observation } from '../../lib/model/observation';
import type { EniFact, NodeFact } from '../../lib/model/facts';
import { normaliseMetrics } from '../../lib/normalise/aws-node/metrics';
import { AWS_NODE_METRICS } from '../../lib/normalise/aws-node/rows';
import { EC2_CALLS, type AnyEc2Row } from '../../lib/normalise/ec2/calls';
import { KINDS, type AnyKindRow } from '../../lib/normalise/kubernetes/kinds';
import {
  describeInstanceTypes,
  describeNetworkInterfaces,
  describeSubnets,
  getSubnetCidrReservations,
  type Describe,
} from '../../lib/server/sources/ec2/describe';
import { entryOf, instanceEntries, readInstances } from '../../lib/server/sources/ec2/calls';
import { InterfaceSweeps } from '../../lib/server/sources/ec2/interfaces';
import { Projection } from '../../lib/server/sources/ec2/xml/projection';
import { itemOf, readEvent } from '../../lib/server/sources/kubernetes/json-codec';
import { Projector } from '../../lib/server/sources/kubernetes/project';
import { replaceAllOf, type Entry } from '../../lib/server/sources/observe';
import { ACTIONS } from '../../lib/sim/ec2/actions';
import { readEc2Query } from '../../lib/sim/ec2/query';
import { document } from '../../lib/sim/ec2/xml';
import { renderMetrics } from '../../lib/sim/kubernetes/metrics';
import {
  groupVersion,
  isServed,
  openResource,
  resourcesOf,
  type ResourceRow,
  type View,
} from '../../lib/sim/kubernetes/resources';
import type { ClusterState } from '../../lib/sim/model/state';

interface Watched {
  readonly row: AnyKindRow;
  readonly resource: ResourceRow;
  readonly view: View;
  /** New for each list: a projector tells an object once. */
  projector: Projector;
}

export type InProcess = Pick<Describe, 'client' | 'projection'>;

/** The SDK's own client, answered in the same process: what is parsed is the XML that the endpoint would send. */
export function createEc2InProcess(state: () => ClusterState): InProcess {
  const handle = (request: { readonly body?: unknown }): Promise<unknown> => {
    const query = readEc2Query(typeof request.body === 'string' ? request.body : '');
    const action = ACTIONS[query.action];
    if (action === undefined) throw new Error(`the simulated EC2 has no ${query.action}`);
    const body = document(query.action, '0', action({ account: state().ec2, lagMs: 0 }, query));
    return Promise.resolve({
      response: { statusCode: 200, headers: { 'content-type': 'text/xml' }, body: new TextEncoder().encode(body) },
    });
  };
  const client = new EC2Client({
    region: 'eu-west-1',
    endpoint: 'http://ec2.invalid',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: { handle } as never,
  });
  const projection = new Projection();
  projection.install(client, new AbortController().signal);
  return { client, projection };
}

export class Reading {
  readonly #watched: Watched[] = [];
  readonly #absent: string[] = [];
  readonly #stops: (() => void)[] = [];
  readonly #sweeps = new InterfaceSweeps({ byVpc: true });
  #pending: Observation[] = [];
  /** Of long lists. */
  #portions: Observation[] = [];

  constructor(
    private readonly state: ClusterState,
    private readonly inProcess: InProcess,
    /** As in a capture made by hand: every ENI of the account's region, other people's too. */
    private readonly unfiltered = false,
  ) {
    for (const row of KINDS) {
      const resource = resourcesOf(state).find(
        (one) => one.group === row.group && one.resource === row.resource && isServed(state, one),
      );
      const view = resource === undefined ? null : openResource(state, resource, false);
      if (resource === undefined || view === null) this.#absent.push(row.source);
      else this.#watched.push({ row, resource, view, projector: this.#projector(row) });
    }
    for (const each of this.#watched) {
      this.#stops.push(
        each.view.listen((change) => {
          const line = JSON.stringify({ type: change.type, object: render(each, change.entry) });
          const observation = each.projector.event(readEvent(line));
          if (observation !== null) this.#pending.push(observation);
        }),
      );
    }
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  /** Every kind, as after a relist. */
  async kubernetes(): Promise<Batch> {
    this.#pending = [];
    const observations: Observation[] = [
      { op: 'cluster', cluster: { name: this.state.name, region: this.state.region, vpcId: this.state.vpcId } },
    ];
    for (const each of this.#watched) {
      each.projector = this.#projector(each.row);
      await each.projector.list(each.view.sorted().map((entry) => itemOf(render(each, entry))));
      observations.push(...this.#portions.splice(0), ...each.projector.end());
    }
    return this.batch([...observations, ...this.statuses()]);
  }

  /** What the watches brought since the last call. */
  changes(): Batch {
    const observations = this.#pending;
    this.#pending = [];
    return this.batch([...observations, ...this.statuses()]);
  }

  /** A sweep of EC2, as the live source does it. */
  async ec2(): Promise<Batch> {
    const nodes = this.nodes();
    const describe: Describe = {
      ...this.inProcess,
      signal: new AbortController().signal,
      between: () => Promise.resolve(),
      onPage: () => undefined,
    };
    const instances = nodes.flatMap((node) => node.instanceId ?? []);
    const addresses = nodes.flatMap((node) => (node.computeType === 'fargate' ? node.internalIps : []));
    const now = (): number => this.state.now();
    const vpcs = new Set([this.state.vpcId]);
    const onPage = (): void => undefined;
    const enis = this.unfiltered
      ? await everything(describe)
      : // The first one asks by instances, the later ones by VPC.
        (await this.#sweeps.sweep(describe, { instances, addresses, vpcs, areAllVpcs: true, now, onPage }, new Map()))
          .enis;
    const observations: Observation[] = [ofEc2('network-interfaces', [...enis.values()].map(entryOf))];
    const raw = async (id: string, read: Promise<unknown[]>): Promise<void> => {
      observations.push(ofEc2(id, rowOf(id).normalise(await read)));
    };
    observations.push(ofEc2('instances', instanceEntries(await readInstances(describe, instances))));
    const types = [...new Set(nodes.flatMap((node) => node.instanceType ?? []))];
    await raw('instance-types', describeInstanceTypes(describe, [{ Name: 'instance-type', Values: types }]));
    const [subnet] = this.state.ec2.subnets.keys();
    if (subnet !== undefined) await raw('subnet-cidr-reservations', getSubnetCidrReservations(describe, subnet));
    await raw('subnets', describeSubnets(describe, [{ Name: 'vpc-id', Values: [this.state.vpcId] }]));
    return this.batch([...observations, ...EC2_CALLS.map(({ id }) => this.live(id))]);
  }

  /** The metrics of every aws-node. */
  metrics(): Batch {
    const readAt = new Date(this.state.now()).toISOString();
    const entries = [...this.state.nodes.values()].flatMap((node): Entry[] => {
      const { name } = node.facts;
      const fact = node.cni === null ? null : normaliseMetrics(renderMetrics(this.state, node), name, readAt);
      return fact === null ? [] : [{ key: name, fact }];
    });
    return this.batch([replaceAllOf(AWS_NODE_METRICS, entries), this.live(AWS_NODE_METRICS.id)]);
  }

  private nodes(): readonly NodeFact[] {
    const watched = this.#watched.find(({ row }) => row.factKind === 'node');
    if (watched === undefined) return [];
    return watched.view.sorted().map((entry) => watched.row.normalise(render(watched, entry))?.fact as NodeFact);
  }

  #projector(row: AnyKindRow): Projector {
    const deliver = (portion: readonly Observation[]): Promise<void> => {
      this.#portions.push(...portion);
      return Promise.resolve();
    };
    return new Projector({ row, complain: fail, deliver });
  }

  private statuses(): Observation[] {
    const live = new Set<string>(this.#watched.map(({ row }) => row.source));
    const absent = new Set(this.#absent.filter((source) => !live.has(source)));
    return [
      ...[...live].map((id) => this.live(id)),
      ...[...absent].map((id): Observation => ({
        op: 'status',
        source: { id, state: 'absent', asOf: null, reason: 'the cluster does not have this kind' },
      })),
    ];
  }

  private live(id: string): Observation {
    const asOf = new Date(this.state.now()).toISOString();
    return { op: 'status', source: { id, state: 'live', asOf, reason: null } };
  }

  private batch(observations: readonly Observation[]): Batch {
    return { at: this.state.now(), observations };
  }
}

/** Without a filter: as somebody asks who makes a capture by hand. */
async function everything(describe: Describe): Promise<ReadonlyMap<string, EniFact>> {
  const enis = new Map<string, EniFact>();
  for await (const page of describeNetworkInterfaces(describe, [])) for (const eni of page.enis) enis.set(eni.id, eni);
  return enis;
}

const fail = (message: string): never => {
  throw new Error(message);
};

const render = (
  { view, resource }: Pick<Watched, 'view' | 'resource'>,
  entry: Parameters<View['render']>[0],
): unknown => ({
  apiVersion: groupVersion(resource),
  kind: resource.kind,
  ...view.render(entry),
});

const rowOf = (id: string): AnyEc2Row => {
  const row = EC2_CALLS.find((one) => one.id === `ec2/${id}`);
  if (row === undefined) throw new Error(`no EC2 call ${id}`);
  return row;
};

const ofEc2 = (id: string, entries: readonly Entry[]): Observation => replaceAllOf(rowOf(id), entries);
