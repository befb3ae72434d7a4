/** The raw answers of a capture, each object reduced to the parts that its normalisers read (`read-part`). */
import { normaliseCheckpoint } from '../../normalise/aws-node/checkpoint';
import { normaliseEnis } from '../../normalise/aws-node/enis';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import { KINDS, type AnyKindRow } from '../../normalise/kubernetes/kinds';
import { normaliseOwner } from '../../normalise/kubernetes/workload';
import type { AnswerRecorder } from '../../server/runtime/answer-recorder';
import { Dropped, stripTexts, withoutUnreadKeys } from './dropped';
import { readPart } from './read-part';

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** The file and the id field of the elements of an EC2 answer; a later element replaces an earlier one. */
export const EC2_FILES: Readonly<Record<string, { readonly file: string; readonly id: string }>> = {
  NetworkInterfaces: { file: 'network-interfaces', id: 'NetworkInterfaceId' },
  Reservations: { file: 'instances', id: 'ReservationId' },
  InstanceTypes: { file: 'instance-types', id: 'InstanceType' },
  Subnets: { file: 'subnets', id: 'SubnetId' },
  SubnetIpv4CidrReservations: { file: 'subnet-ipv4-cidr-reservations', id: 'SubnetCidrReservationId' },
  SubnetIpv6CidrReservations: { file: 'subnet-ipv6-cidr-reservations', id: 'SubnetCidrReservationId' },
  SubnetCidrReservations: { file: 'subnet-cidr-reservations', id: 'SubnetCidrReservationId' },
};

/** File name (without extension) for a kind's objects: `pods`, `ippools.whereabouts.cni.cncf.io`. */
export const fileOf = (row: AnyKindRow): string =>
  row.group === '' || row.group === 'apps' ? row.resource : `${row.resource}.${row.group}`;

/** Collects raw answers, each reduced to what its normalisers read. */
export class Answers implements AnswerRecorder {
  /** By file name (`pods`), then by object name. */
  readonly objects = new Map<string, Map<string, unknown>>();
  /** Objects of kinds without a source, by kind and name. */
  readonly owners = new Map<string, unknown>();
  /** By top-level key (`NetworkInterfaces`), then by element id. */
  readonly elements = new Map<string, Map<string, unknown>>();
  /** Metrics by pod name. */
  readonly texts = new Map<string, string>();
  /** Metrics from a capture folder, by node name or instance id as in the file's name. */
  readonly nodeTexts = new Map<string, string>();
  readonly nodeEnis = new Map<string, unknown>();
  /** ipamd's checkpoint files, by node name and card as in the file's name: `NODE.ipam`, `NODE.ipam-nic-1`. */
  readonly checkpoints = new Map<string, unknown>();
  /** ipamd's own settings, by file path, any part of which may name the node. */
  readonly settings = new Map<string, unknown>();
  /** EKS DescribeCluster; null if not read. */
  eks: unknown = null;
  /** The parts of annotations and configs that were left out. */
  readonly dropped = new Dropped();

  kubernetes(id: string, object: unknown): void {
    const row = KINDS.find((each) => each.id === id);
    if (row === undefined || !isJson(object)) return;
    const readers = KINDS.filter((each) => each.group === row.group && each.resource === row.resource);
    const normalise = readers.map((each) => each.normalise);
    const read = withoutUnreadKeys(object, readPart(object, normalise), normalise);
    const { value: part, dropped } = stripTexts(read, normalise);
    this.dropped.add(fileOf(row), object, part, dropped);
    const { namespace, name } = isJson(object.metadata) ? object.metadata : {};
    const key = `${typeof namespace === 'string' ? namespace : ''}/${typeof name === 'string' ? name : ''}`;
    const typed = { apiVersion: row.group === '' ? 'v1' : `${row.group}/${row.versions[0] ?? ''}`, kind: row.kind };
    const objects = this.objects.get(fileOf(row)) ?? new Map<string, unknown>();
    this.objects.set(fileOf(row), objects.set(key, { ...typed, ...(isJson(part) ? part : {}) }));
  }

  /** Adds an object of a kind that ifscope does not watch, reduced to the networks that its pod templates name. */
  owner(group: string, kind: string, object: unknown): void {
    const fact = normaliseOwner(object)?.fact;
    if (fact === undefined) return;
    const { namespace, name, networks, misplaced } = fact;
    this.owners.set(`${kind} ${namespace}/${name}`, {
      apiVersion: group === '' ? 'v1' : `${group}/v1`,
      kind,
      metadata: {
        namespace,
        name,
        annotations: Object.fromEntries(misplaced.map(({ key, value }) => [key, value])),
      },
      spec: {
        template: { spec: { containers: [] } },
        networks: networks.map((networkName) => ({ multus: { networkName } })),
      },
    });
  }

  /** `more`: further readers of the elements. */
  ec2(action: string, answer: object, more: readonly ((list: unknown) => unknown)[] = []): void {
    for (const row of EC2_CALLS) {
      if (row.action !== action) continue;
      for (const key of row.keys) {
        const list: unknown = (answer as Json)[key];
        if (!Array.isArray(list)) continue;
        const elements = this.elements.get(key) ?? new Map<string, unknown>();
        this.elements.set(key, elements);
        // As JSON, because the SDK returns dates as objects and a capture has them as the AWS CLI prints them.
        for (const element of JSON.parse(JSON.stringify(list)) as unknown[]) {
          const [part] = readPart([element], [row.normalise, ...more]) as unknown[];
          const id = isJson(element) ? element[EC2_FILES[key]?.id ?? ''] : undefined;
          if (part !== null && part !== undefined)
            elements.set(typeof id === 'string' ? id : JSON.stringify(part), part);
        }
      }
    }
  }

  metrics(pod: string, text: string): void {
    this.texts.set(pod, text);
  }

  nodeMetrics(node: string, text: string): void {
    this.nodeTexts.set(node, text);
  }

  /** Adds ipamd's `/v1/enis`, which can be read only on the node. */
  enis(node: string, answer: unknown): void {
    this.nodeEnis.set(node, readPart(answer, [(value) => normaliseEnis(value, node, null)]));
  }

  checkpoint(file: string, answer: unknown): void {
    this.checkpoints.set(file, readPart(answer, [(value) => normaliseCheckpoint(value, '', null, 0)]));
  }
}
