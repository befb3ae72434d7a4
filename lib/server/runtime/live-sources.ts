/**
 * The sources of a live cluster, wired: Kubernetes says which instances EC2 is asked about and which nodes' aws-node is
 * read; what EC2 must explain is asked for soon. The demo cluster is read through exactly these, over HTTP.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import { METRICS, NODES } from '../../model/source-ids';
import type { Batch } from '../../model/observation';
import type { NodeRecord } from '../../model/records';
import { KINDS, type AnyKindRow } from '../../normalise/kubernetes/kinds';
import type { Replica } from '../../records/replica';
import { createAwsNodeSource } from '../sources/aws-node/aws-node';
import { createEc2Source, type Ec2Policy } from '../sources/ec2/ec2';
import { createKubernetesSource } from '../sources/kubernetes/kubernetes';
import type { Transport } from '../sources/kubernetes/transport';
import type { Source, SourceContext } from '../sources/source';
import { createAwsNodeTargets } from './aws-node-targets';
import { createHints } from './hints';
import type { Tap } from './tap';

export interface LiveOptions {
  readonly transport: Transport;
  readonly clusterName: string | null;
  /** Null: switched off. */
  readonly ec2: { readonly client: EC2Client; readonly policy: Partial<Ec2Policy> } | null;
  readonly awsNode: boolean;
  readonly replica: Replica;
  readonly tap?: Tap;
}

export interface LiveSources {
  readonly sources: readonly Source[];
  /** Ids of sources that are switched off, with what switched them off. */
  readonly off: readonly (readonly [id: string, reason: string])[];
  /** To be called after each batch was applied. */
  applied(batch: Batch): void;
  readonly ec2CallsLastMinute: () => number;
}

const OFF_EC2 = 'switched off by IFSCOPE_EC2=off';
const OFF_AWS_NODE = 'switched off by IFSCOPE_AWS_NODE=off';
const EC2_IDS = ['network-interfaces', 'instances', 'instance-types', 'subnets', 'subnet-cidr-reservations'];

/** Without these there is no picture: readiness and one-shot commands wait for them. */
export const REQUIRED: ReadonlySet<string> = new Set(KINDS.filter((row) => row.required).map((row) => row.source));

/** The same row, its objects shown to the tap before they are reduced. */
const tapped = (row: AnyKindRow, tap: Tap): AnyKindRow =>
  ({
    ...row,
    normalise: (object: unknown) => {
      tap.kubernetes(row.id, object);
      return row.normalise(object);
    },
  }) as AnyKindRow;

export function createLiveSources(ctx: SourceContext, options: LiveOptions): LiveSources {
  const { replica, transport, tap } = options;
  const nodes = (): NodeRecord[] => [...replica.records.nodes.values()].filter((node) => !node.gone);
  /** Null while nobody has said which nodes there are: an empty cluster is not the same as an unknown one. */
  const known = (): NodeRecord[] | null => {
    const source = replica.records.sources.get(NODES);
    const unread = source === undefined || source.asOf === null;
    return unread ? null : nodes();
  };
  const ec2 =
    options.ec2 === null
      ? null
      : createEc2Source(ctx, {
          client: options.ec2.client,
          instances: () => known()?.flatMap((node) => node.instanceId ?? []) ?? null,
          addresses: () => nodes().flatMap((node) => (node.computeType === 'fargate' ? node.internalIps : [])),
          instanceTypes: () => [...new Set(nodes().flatMap((node) => node.instanceType ?? []))],
          policy: options.ec2.policy,
        });
  const kinds = tap === undefined ? KINDS : KINDS.map((row) => tapped(row, tap));
  const kubernetes = createKubernetesSource(ctx, { transport, kinds, clusterName: options.clusterName });
  const targets = createAwsNodeTargets();
  const awsNode = options.awsNode ? createAwsNodeSource(ctx, { transport, targets: () => targets.list() }) : null;
  const hints = createHints(replica);
  return {
    sources: [kubernetes, ...(ec2 === null ? [] : [ec2]), ...(awsNode === null ? [] : [awsNode])],
    off: [
      ...(ec2 === null ? EC2_IDS.map((id) => [`ec2/${id}`, OFF_EC2] as const) : []),
      ...(awsNode === null ? [[METRICS, OFF_AWS_NODE] as const] : []),
    ],
    applied(batch) {
      targets.after(batch);
      const instances = hints.after(batch);
      if (instances.size > 0) ec2?.hint([...instances]);
    },
    ec2CallsLastMinute: () => ec2?.callsLastMinute ?? 0,
  };
}
