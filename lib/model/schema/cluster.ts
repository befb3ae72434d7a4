import { added, boolean, nullable, number, object, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { SOURCE_STATES } from './vocabulary';

export const CLUSTER = object({
  /** As EKS, the kubeconfig or the user names it. */
  name: nullable(text),
  /** gitVersion of the API server, `v1.34.2-eks-…`. */
  kubernetesVersion: nullable(text),
  /** AWS region, `eu-west-1`. */
  region: nullable(text),
  /** The VPC of the nodes, `vpc-…`. */
  vpcId: nullable(text),
  /** The records are of a simulated cluster; every page, export and file says so. */
  demo: added(boolean, false),
});
/** The cluster as a whole. */
export interface ClusterInfo extends ValueOf<typeof CLUSTER> {}

export const source = record({
  /** `kubernetes/pods`, `ec2/network-interfaces`, `aws-node/metrics` … */
  id: text,
  /** Whether what this source says can be relied on now. */
  state: word(SOURCE_STATES),
  /** When the newest fact of this source was true; null before the first answer. */
  asOf: nullable(time),
  /** Why the state is not `live`, in one sentence for the user; null when there is nothing to say. */
  reason: nullable(text),
  /**
   * How far the records are behind the API: it has changes this many seconds old that are not in them, or it has not
   * answered for so long. 0: none is known. Null: not known.
   */
  lagSeconds: nullable(number),
  /** Facts that have arrived and are not in the records yet; null: not known, as in a file. */
  waiting: nullable(number),
  /** The list in progress; null: none. */
  listing: nullable(
    object({
      /** Objects read so far. */
      read: number,
      /** About how many objects there are; null: not known. */
      about: nullable(number),
    }),
  ),
});
/** One API that facts come from, and how it fares. */
export interface SourceRecord extends ValueOf<typeof source> {}
