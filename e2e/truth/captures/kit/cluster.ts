/**
 * A made-up cluster, put together block by block: from the blocks come both the API answers of a capture folder and the truth
 * about it, each by its own way. Nothing of the code under test takes part.
 */
import { Eni, type Held } from './eni';
import { Node } from './node';
import { podObject } from './pod';
import { Subnet } from './subnet';
import { eniTruth, nodeTruth } from './truth';
import { LIMITS } from './types-of-instance';
import type { EniSpec, Expectation, Fields, Json, NodeSpec, PodSpec } from './types';

export const AWS_NODE_ENV: Readonly<Record<string, string>> = {
  AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'false',
  ENABLE_IPv4: 'true',
  ENABLE_IPv6: 'false',
  ENABLE_MULTI_NIC: 'false',
  ENABLE_POD_ENI: 'false',
  ENABLE_PREFIX_DELEGATION: 'false',
  ENABLE_SUBNET_DISCOVERY: 'true',
  WARM_ENI_TARGET: '1',
  WARM_PREFIX_TARGET: '1',
};

export interface Truth {
  /** By table, by record id. `interfaces` is complete: there are no others. */
  readonly records: Readonly<Record<string, Readonly<Record<string, Expectation>>>>;
  readonly noSuchRecords: readonly string[];
  /** Rule and first subject; complete but for the rules of `undecided`. */
  readonly findings: readonly (readonly [rule: string, subject: string])[];
  readonly undecided: readonly string[];
  /** What the reader must say of the files, one pattern each; complete. */
  readonly problems: readonly RegExp[];
}

export interface CaptureFile {
  readonly path: string;
  readonly text: string;
}

type Placed = { readonly held: Held; readonly eni: Eni; readonly rule: string };

export class Cluster {
  readonly vpc = 'vpc-0main';
  readonly nodes: Node[] = [];
  readonly objects: Json[] = [];
  readonly foreign: Eni[] = [];
  readonly subnets: Subnet[] = [];
  readonly extraFiles: CaptureFile[] = [];
  readonly records: Record<string, Record<string, Expectation>> = {};
  readonly findings: (readonly [string, string])[] = [];
  readonly undecided: string[] = [];
  readonly problems: RegExp[] = [];
  readonly noSuchRecords: string[] = [];
  readonly interfaces: Record<string, Fields> = {};
  readonly instances: Json[] = [];
  readonly reservations: Json[] = [];
  /** Lines added to a node's metrics text. */
  readonly metricLines = new Map<string, string[]>();
  #pods = 0;
  #enis = 0;

  constructor(
    readonly options: {
      readonly env?: Readonly<Record<string, string>>;
      readonly daemon?: boolean;
      readonly multus?: string;
      readonly withoutEc2?: boolean;
      /** The only files of what was posted. */
      readonly only?: readonly string[];
    } = {},
  ) {}

  get env(): Readonly<Record<string, string>> {
    return { ...AWS_NODE_ENV, ...this.options.env };
  }

  subnet(
    cidr: string,
    zone = 'eu-west-1a',
    more: {
      readonly id?: string;
      readonly vpc?: string;
      readonly available?: number;
      readonly tags?: Readonly<Record<string, string>>;
      readonly ipv6?: string;
    } = {},
  ): Subnet {
    const id = more.id ?? `subnet-0${String(this.subnets.length + 1)}`;
    const subnet = new Subnet(
      id,
      cidr,
      zone,
      more.vpc ?? this.vpc,
      more.available ?? 3000,
      more.tags ?? {},
      more.ipv6 ?? null,
    );
    this.subnets.push(subnet);
    return subnet;
  }

  node(name: string, subnet: Subnet, spec: NodeSpec = {}): Node {
    const number = this.nodes.length + 1;
    const limitsOf = (type: string): (typeof LIMITS)[string] => {
      const limits = LIMITS[type];
      if (limits === undefined) throw new Error(`no limits of ${type}`);
      return limits;
    };
    const node = new Node(name, spec, subnet, this.env, limitsOf, number, () => (this.#enis += 1));
    this.nodes.push(node);
    return node;
  }

  /** An ENI that hangs on no node of the cluster. */
  loose(spec: EniSpec, subnet: Subnet, instance: string | null = null): Eni {
    const eni = new Eni(spec, instance, subnet, (this.#enis += 1));
    this.foreign.push(eni);
    return eni;
  }

  /** An ENI of ipamd's list that is not on the node any more; `shown`: EC2 has it still, as available. */
  stray(node: Node, spec: EniSpec, shown: boolean): Eni {
    const eni = new Eni(spec, null, node.subnet, (this.#enis += 1));
    node.strays.push(eni);
    if (shown) this.foreign.push(eni);
    return eni;
  }

  object(object: Json): void {
    this.objects.push(object);
  }

  nad(key: string, config: Json, annotations: Readonly<Record<string, string>> = {}, raw?: string): void {
    const [namespace = '', name = ''] = key.split('/');
    this.object({
      apiVersion: 'k8s.cni.cncf.io/v1',
      kind: 'NetworkAttachmentDefinition',
      metadata: {
        namespace,
        name,
        uid: `nad-${key}`,
        creationTimestamp: '2026-08-01T00:00:00Z',
        generation: 1,
        annotations,
      },
      spec: { config: raw ?? JSON.stringify(config) },
    });
  }

  /** A live pod whose eth0 has the next secondary address of an ENI, or the next of its prefixes. */
  pod(
    key: string,
    node: Node,
    on: Eni,
    spec: PodSpec & { readonly via?: 'prefix'; readonly truth?: Fields } = {},
  ): Held {
    const [namespace = '', name = ''] = key.split('/');
    const held = spec.via === 'prefix' ? on.fromPrefix() : on.add();
    const id = `if:${namespace}/${name}/eth0`;
    this.write(key, node, [held.ip], spec);
    if (['Succeeded', 'Failed'].includes(spec.phase ?? 'Running')) return held;
    held.holder = id;
    const rule = spec.via === 'prefix' ? 'ipv4-prefix' : 'secondary-ip';
    this.expectLink(id, node, { held, eni: on, rule }, spec.truth);
    return held;
  }

  expectLink(id: string, node: Node, { held, eni, rule }: Placed, more: Fields = {}): void {
    const [namespace = '', name = ''] = id.slice(3).split('/');
    this.interfaces[id] = {
      pod: `pod:${namespace}/${name}`,
      node: node.id,
      network: 'cluster',
      ips: [held.ip],
      addresses: [{ ip: held.ip, family: held.ip.includes(':') ? 6 : 4, backed: 'eni', eni: eni.id }],
      mac: null,
      state: 'reported',
      eni: eni.id,
      card: eni.type === 'branch' ? null : eni.card,
      link: { rule, certainty: 'observed', candidates: [] },
      ...more,
    };
  }

  /** Any pod, with the addresses it says it has; its interfaces are the author's to state. */
  write(key: string, node: Node | null, ips: readonly string[], spec: PodSpec = {}): void {
    const [namespace = '', name = ''] = key.split('/');
    const hostIp = node === null ? null : (node.enis[0]?.ip ?? `192.0.2.${String(node.number)}`);
    const all = spec.hostNetwork === true && hostIp !== null ? [hostIp] : ips;
    const place = { namespace, name, node: node?.name ?? null, hostIp, ips: all, number: (this.#pods += 1) };
    this.object(podObject(place, spec));
  }

  /** A scheduled pod without an address yet. */
  waiting(key: string, node: Node, spec: PodSpec = {}): void {
    this.write(key, node, [], { ...spec, phase: 'Pending' });
    this.interfaces[`if:${key}/eth0`] = {
      node: node.id,
      network: 'cluster',
      ips: [],
      state: 'requested',
      eni: null,
      card: null,
      link: { rule: 'none' },
    };
  }

  expect(table: string, id: string, fields: Expectation): void {
    const rows = (this.records[table] ??= {});
    const before = rows[id];
    rows[id] =
      before !== null && typeof before === 'object' && fields !== null && typeof fields === 'object'
        ? { ...(before as Fields), ...(fields as Fields) }
        : fields;
  }

  finding(rule: string, subject: string): void {
    this.findings.push([rule, subject]);
  }

  truth(): Truth {
    const enis: Record<string, Expectation> = {};
    const nodes: Record<string, Expectation> = {};
    const cards: Record<string, Expectation> = {};
    for (const node of this.nodes) {
      nodes[node.id] = { ...nodeTruth(node), ...(this.records['nodes']?.[node.id] as Fields | undefined) };
      if (this.options.withoutEc2 === true) continue;
      for (const eni of node.enis) {
        enis[eni.id] = {
          ...eniTruth(node, eni),
          ...eni.spec.truth,
          ...(this.records['enis']?.[eni.id] as Fields | undefined),
        };
      }
      if (node.instance === null || node.settings === null) continue;
      for (const index of (node.limits?.cards ?? []).keys()) {
        cards[`card:${node.name}/${String(index)}`] = {
          index,
          maxEnis: node.limits?.cards[index] ?? null,
          managed: node.cardManaged(index),
          eniSlots: node.cardSlots(index),
          ...(this.records['networkCards']?.[`card:${node.name}/${String(index)}`] as Fields | undefined),
        };
      }
    }
    return {
      records: {
        ...this.records,
        nodes: { ...this.records['nodes'], ...nodes },
        enis: { ...this.records['enis'], ...enis },
        networkCards: { ...this.records['networkCards'], ...cards },
        interfaces: this.interfaces,
      },
      noSuchRecords: this.noSuchRecords,
      findings: this.findings,
      undecided: this.undecided,
      problems: this.problems,
    };
  }
}
