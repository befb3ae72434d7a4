import { added, boolean, list, nullable, number, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { SOURCE_STATES } from './vocabulary';

export const CLUSTER = object({
  /** The name from EKS, the kubeconfig or the user. */
  name: nullable(text),
  /** gitVersion of the API server, `v1.34.2-eks-…`. */
  kubernetesVersion: nullable(text),
  /** AWS region, `eu-west-1`. */
  region: nullable(text),
  /** The VPC of the nodes, `vpc-…`. */
  vpcId: nullable(text),
  /** The CIDR blocks of that VPC. Null if not read; only its subnets are then known. */
  vpcCidrs: added(nullable(list(text)), null),
  /** Whether the records come from a simulated cluster; every page, export and file shows it. */
  demo: added(boolean, false),
});
/** The cluster as a whole. */
export interface ClusterInfo extends ValueOf<typeof CLUSTER> {}

export const source = record({
  /** `kubernetes/pods`, `ec2/network-interfaces`, `aws-node/metrics` … */
  id: text,
  /** Whether this source can be relied on now. */
  state: word(SOURCE_STATES),
  /** When the newest fact of this source was true; null before the first answer. */
  asOf: nullable(time),
  /** Why the state is not `live`, in one sentence for the user; null without a reason. */
  reason: nullable(text),
  /**
   * How far the records lag behind the API, in seconds: the age of the oldest change that they lack, or how long the API
   * has not responded. 0: no lag is known. Null: not known.
   */
  lagSeconds: nullable(number),
  /** Facts received but not yet in the records; null if not known, as in a file. */
  waiting: nullable(number),
  /** The list in progress; null if there is none. */
  listing: nullable(
    object({
      /** Objects read so far. */
      read: number,
      /** Approximate number of objects in the list; null if not known. */
      about: nullable(number),
    }),
  ),
  /**
   * Whether only some of the source's objects are known, as if a capture has single objects and no list: others may
   * exist.
   */
  partial: added(boolean, false),
});
/** One API that facts come from, and its health. */
export interface SourceRecord extends ValueOf<typeof source> {}
