/**
 * Small record sets for layout tests and golden pictures: a cluster is built node by node, without the code that
 * derives records.
 */
import { CLUSTER_NETWORK, deviceClassId, interfaceId, nodeId, podId } from '../../lib/model/ids';
import type {
  AddressState,
  CniConfig,
  EniRecord,
  HostNicRecord,
  InterfaceRecord,
  NetworkCardRecord,
  NodeRecord,
  PodRecord,
  Pool,
  RecordByTable,
  RecordMaps,
  Severity,
  SourceState,
  Table,
} from '../../lib/model/records';
import { perTable } from '../../lib/model/schema/tables';
import { createReplica } from '../../lib/records/replica';
import type { ViewSource } from '../../lib/view/view-source';
import {
  aCard,
  aCniConfig,
  aFinding,
  aHostNic,
  aNetwork,
  aNode,
  anEni,
  anInterface,
  aPod,
  aPool,
  aSource,
} from './records';

export const cni = (change: Partial<CniConfig> = {}): CniConfig =>
  aCniConfig({ version: 'v1.20.4', warmIpTarget: 12, ...change });

/** A pool whose figures add up: `available` = warm + cooling. */
export const pool = (assigned: number, warm: number, cooling: number, target: number | null, card = 0): Pool =>
  aPool({ card, total: assigned + warm + cooling, assigned, available: warm + cooling, cooling, warm, target });

export interface EniSpec extends Partial<EniRecord> {
  readonly id: string;
  /** Address states in order, `p` primary, `a` assigned, `w` warm, `c` cooling, `u` unclaimed, `x` excluded, `?` unknown. */
  readonly states?: string;
  /** First three octets. */
  readonly net?: string;
}

const STATES: Readonly<Record<string, AddressState>> = {
  p: 'primary',
  a: 'assigned',
  w: 'warm',
  c: 'cooling',
  u: 'unclaimed',
  x: 'excluded',
  '?': 'unknown',
};

export class Cluster {
  readonly #records = perTable(() => new Map()) as { readonly [T in Table]: Map<string, RecordByTable[T]> };

  source(id: string, state: SourceState, asOf: string | null = null, reason: string | null = null): this {
    return this.#put('sources', aSource(id, state, { asOf, reason }));
  }

  node(name: string, change: Partial<NodeRecord> = {}): this {
    const usual: Partial<NodeRecord> = {
      instanceId: 'i-0a1b2c3d4e5f60718',
      createdAt: '2026-11-20T04:00:00Z',
      cni: cni(),
      ipamd: { ready: true, version: 'v1.20.4' },
    };
    return this.#put('nodes', aNode(name, { ...usual, ...change }));
  }

  card(node: string, index: number, change: Partial<NetworkCardRecord> = {}): this {
    return this.#put('networkCards', aCard(node, index, { managed: true, ...change }));
  }

  eni(node: string | null, { id, states = 'p', net = '10.0.1', ...change }: EniSpec): this {
    const usual: Partial<EniRecord> = {
      role: 'secondary',
      management: { state: 'managed', rule: 'instance-id-tag', certainty: 'observed', observed: true },
      addresses: Array.from(states, (state, index) => ({
        ip: `${net}.${10 + index}`,
        state: STATES[state] ?? 'unknown',
        interface: null,
      })),
    };
    return this.#put('enis', anEni(node, id, { ...usual, ...change }));
  }

  network(namespace: string, name: string): this {
    return this.#put('networks', aNetwork(namespace, name));
  }

  /** The network of claimed devices of a class. */
  deviceClass(name: string): this {
    return this.#put('networks', { ...aNetwork('', name), id: deviceClassId(name) });
  }

  pod(node: string | null, namespace: string, name: string, change: Partial<PodRecord> = {}): this {
    const usual: Partial<PodRecord> = {
      uid: `uid-${namespace}-${name}`,
      node: node === null ? null : nodeId(node),
      createdAt: '2026-11-21T05:00:00Z',
    };
    return this.#put('pods', aPod(namespace, name, { ...usual, ...change }));
  }

  /** An interface; with an ENI, its address there becomes (or stays) the interface's own. */
  iface(namespace: string, pod: string, name: string, change: Partial<InterfaceRecord> & { ip?: string } = {}): this {
    const { ip, ...fields } = change;
    const usual: Partial<InterfaceRecord> = {
      node: this.#records.pods.get(podId(namespace, pod))?.node ?? null,
      ips: ip === undefined ? [] : [ip],
      default: name === 'eth0',
    };
    const record = anInterface(namespace, pod, name, { ...usual, ...fields });
    const eni = record.eni === null ? undefined : this.#records.enis.get(record.eni);
    if (eni !== undefined && ip !== undefined) {
      const id = interfaceId(namespace, pod, name);
      const addresses = eni.addresses.map((address) => (address.ip === ip ? { ...address, interface: id } : address));
      this.#put('enis', { ...eni, addresses });
    }
    return this.#put('interfaces', record);
  }

  /** Adds a pod with an interface for every assigned address of an ENI without a holder. */
  fill(node: string, eni: string, namespace: string, prefix: string, network = CLUSTER_NETWORK, name = 'eth0'): this {
    const record = this.#records.enis.get(eni);
    record?.addresses.forEach(({ ip, state, interface: holder }, index) => {
      if (state !== 'assigned' || holder !== null) return;
      const pod = `${prefix}-${index}`;
      if (!this.#records.pods.has(podId(namespace, pod))) this.pod(node, namespace, pod, { ips: [ip] });
      this.iface(namespace, pod, name, { ip, eni, card: record.card, network });
    });
    return this;
  }

  nic(node: string, name: string, change: Partial<HostNicRecord> = {}): this {
    return this.#put('hostNics', aHostNic(node, name, { source: 'SriovNetworkNodeState', ...change }));
  }

  finding(severity: Severity, rule: string, subjects: readonly string[], title = rule, detail = ''): this {
    return this.#put('findings', aFinding(rule, severity, subjects, { title, detail }));
  }

  /** The source; `order` shuffles the records, which must not change the result. */
  build(order: <T>(entries: readonly T[]) => readonly T[] = (entries) => entries): ViewSource {
    const replica = createReplica();
    const records = perTable(
      (table) => new Map<string, unknown>(order([...this.#records[table]])),
    ) as unknown as RecordMaps;
    replica.reset(records, {
      name: 'lab',
      kubernetesVersion: '1.33',
      region: 'eu-west-1',
      vpcId: 'vpc-1',
      vpcCidrs: null,
      demo: false,
    });
    return replica;
  }

  #put<T extends Table>(table: T, record: RecordByTable[T]): this {
    this.#records[table].set(record.id, record);
    return this;
  }
}

export const createCluster = (): Cluster => new Cluster();
