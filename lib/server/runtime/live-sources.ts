/**
 * The sources of a live cluster and their dependencies: Kubernetes determines the instances to read from EC2 and the
 * aws-node pods to read. The demo cluster is read through the same sources, over HTTP.
 *
 * To add a source, write its folder beside the others and add a row to `sources`.
 */
import type { EC2Client } from '@aws-sdk/client-ec2';
import { NODES, PODS } from '../../model/source-ids';
import type { Batch } from '../../model/observation';
import type { NodeRecord } from '../../model/records';
import { AWS_NODE_METRICS } from '../../normalise/aws-node/rows';
import { EC2_CALLS } from '../../normalise/ec2/calls';
import { KINDS, type AnyKindRow } from '../../normalise/kubernetes/kinds';
import type { Replica } from '../../records/replica';
import { createAwsNodeSource } from '../sources/aws-node/aws-node';
import { createEc2Source, type Ec2Policy } from '../sources/ec2/ec2';
import { createKubernetesSource } from '../sources/kubernetes/kubernetes';
import type { Transport } from '../sources/kubernetes/transport';
import { reason, type Reason } from '../sources/reason';
import type { Source, SourceContext } from '../sources/source';
import type { AnswerRecorder } from './answer-recorder';
import { createAwsNodeTargets } from './aws-node-targets';
import { InstancesToDescribe } from './instances-to-describe';
import { readNamespaces } from './namespaces';
import { Problem } from './problem';

/** Options of the sources. */
export interface LiveSourcesOptions {
  readonly transport: Transport;
  readonly clusterName: string | null;
  readonly ec2: { readonly client: EC2Client; readonly policy: Partial<Ec2Policy> };
  /** Switches such as `IFSCOPE_EC2=off`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly replica: Replica;
  readonly recorder?: AnswerRecorder;
}

/** The sources of one cluster. */
export interface LiveSources {
  readonly sources: readonly Source[];
  /** Ids of disabled sources, each with the reason. */
  readonly off: readonly (readonly [id: string, reason: string])[];
  /** Call this after each batch has been applied to the replica. */
  applied(batch: Batch): void;
  readonly ec2CallsLastMinute: () => number;
}

/** Sources that every picture needs: readiness and one-shot commands wait for them. */
export const REQUIRED: ReadonlySet<string> = new Set(KINDS.filter((row) => row.required).map((row) => row.source));

/** The row with a normaliser that records each object first. */
const recorded = (row: AnyKindRow, recorder: AnswerRecorder): AnyKindRow =>
  ({
    ...row,
    normalise: (object: unknown) => {
      recorder.kubernetes(row.id, object);
      return row.normalise(object);
    },
  }) as AnyKindRow;

/** Why the pods of kube-system, aws-node's among them, will stay unknown; null if they are known, or about to be. */
function unlisted(namespaces: readonly string[] | null, { records }: Replica): Reason | null {
  if (namespaces !== null && !namespaces.includes('kube-system'))
    return reason`aws-node runs in kube-system, which is not one of the namespaces that are read`;
  return records.sources.get(PODS)?.state === 'denied' ? reason`the pods of kube-system may not be listed` : null;
}

/** Creates the sources; they send no request before they are started. */
export function createLiveSources(ctx: SourceContext, options: LiveSourcesOptions): LiveSources {
  const { replica, transport, recorder, env } = options;
  const nodes = (): NodeRecord[] => [...replica.records.nodes.values()].filter((node) => !node.gone);
  /** Null until the nodes have been listed: an empty cluster is not the same as an unknown one. */
  const listedNodes = (): NodeRecord[] | null =>
    (replica.records.sources.get(NODES)?.asOf ?? null) === null ? null : nodes();
  const targets = createAwsNodeTargets();
  const namespaces = readNamespaces(env);
  const kinds = recorder === undefined ? KINDS : KINDS.map((row) => recorded(row, recorder));

  const off: [id: string, reason: string][] = [];
  /** Null if `name=off` is in the environment; the source's ids are then reported as off. */
  const unlessOff = <T>(name: string, ids: readonly string[], create: () => T): T | null => {
    if (!['', 'on', 'off'].includes(env[name] ?? ''))
      throw new Problem('usage', `${name}=${env[name] ?? ''}: the choices are on and off`);
    if (env[name] !== 'off') return create();
    off.push(...ids.map((id): [string, string] => [id, `switched off by ${name}=off`]));
    return null;
  };
  const ec2 = unlessOff(
    'IFSCOPE_EC2',
    EC2_CALLS.map(({ id }) => id),
    () =>
      createEc2Source(ctx, {
        ...options.ec2,
        ownOnly: recorder !== undefined,
        unknownBecause: () =>
          replica.records.sources.get(NODES)?.state === 'denied'
            ? reason`the nodes may not be listed, so the cluster’s instances are not known`
            : null,
        instances: () => listedNodes()?.flatMap((node) => node.instanceId ?? []) ?? null,
        // A node without an instance id can be found in EC2 by its address.
        addresses: () =>
          nodes().flatMap(({ computeType, instanceId, internalIps }) =>
            computeType === 'fargate' || (computeType === 'other' && instanceId === null) ? internalIps : [],
          ),
        instanceTypes: () => [...new Set(nodes().flatMap((node) => node.instanceType ?? []))],
      }),
  );
  const instancesToAsk = ec2 === null ? null : new InstancesToDescribe(replica);
  const sources = [
    createKubernetesSource(ctx, {
      transport,
      kinds,
      clusterName: options.clusterName,
      namespaces,
      whole: recorder !== undefined,
    }),
    ec2,
    unlessOff('IFSCOPE_AWS_NODE', [AWS_NODE_METRICS.id], () =>
      createAwsNodeSource(ctx, {
        transport,
        targets: () => targets.list(),
        unknownBecause: () => unlisted(namespaces, replica),
      }),
    ),
  ];
  return {
    sources: sources.filter((source) => source !== null),
    off,
    applied(batch) {
      targets.after(batch);
      const instances = instancesToAsk?.after(batch);
      if (instances !== undefined && instances.size > 0) ec2?.askSoon([...instances]);
    },
    ec2CallsLastMinute: () => ec2?.callsLastMinute ?? 0,
  };
}
