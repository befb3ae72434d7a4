/** What aws-node reports about its node. */
import { boolean, list, map, nullable, number, object, text, time } from '../shape';
import type { ValueOf } from '../shape';

const awsNodeMetricsFact = object({
  node: text,
  readAt: time,
  version: nullable(text),
  /** Plain gauges and counters by name. */
  values: map(number),
  /** awscni_assigned_ip_per_eni */
  assignedPerEni: map(number),
  /** awscni_assigned_ip_per_cidr */
  assignedPerCidr: map(number),
  /** awscni_aws_api_error_count by `api/error`. */
  apiErrors: map(number),
});
/** One node's aws-node metrics from one scrape. Series absent from the text are absent from the maps. */
export interface AwsNodeMetricsFact extends ValueOf<typeof awsNodeMetricsFact> {}

const ipamdEnisFact = object({
  node: text,
  readAt: nullable(time),
  enis: list(
    object({
      id: text,
      card: number,
      deviceNumber: nullable(number),
      isPrimary: boolean,
      isTrunk: boolean,
      isEfa: boolean,
      excluded: boolean,
      cidrs: list(text),
      addresses: list(
        object({
          ip: text,
          cidr: text,
          assigned: boolean,
          podNamespace: nullable(text),
          podName: nullable(text),
          assignedAt: nullable(time),
          unassignedAt: nullable(time),
        }),
      ),
    }),
  ),
});
/** The `/v1/enis` response of one node's ipamd, if it was read (vpc-cni §4.2). */
export interface IpamdEnisFact extends ValueOf<typeof ipamdEnisFact> {}

/** The fact kinds of aws-node's responses. */
export const AWS_NODE_FACTS = { awsNodeMetrics: awsNodeMetricsFact, ipamdEnis: ipamdEnisFact };
