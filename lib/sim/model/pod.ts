/** A pod: what the API server shows, and the truth about its interfaces. Immutable; a change stores a new one. */
import type { SimPodClaim } from './claim';
import type { StatusQuirk } from './status-quirks';

/** The true state of a pod's interface, and what may be concluded about it. */
export interface TrueInterface {
  readonly name: string;
  /** `cluster`, `net:NS/NAME`, or `class:DEVICECLASS`. */
  readonly network: string;
  readonly ips: readonly string[];
  /** Whether the Kubernetes API records the addresses; it does not record those of a multi-NIC pod's extra interfaces. */
  readonly recorded: boolean;
  /** The MAC in network-status; null if it has none. */
  readonly mac: string | null;
  /** The ENI that carries its packets; null if none does. */
  readonly eni: string | null;
  readonly card: number | null;
  /** Rules by which the link can be found; empty if it cannot. */
  readonly rules: readonly string[];
  readonly observed: boolean;
  /** ENIs that must all be listed if the facts leave several possible. */
  readonly candidates: readonly string[];
  readonly pciAddress: string | null;
  /** The source of its address. */
  readonly from: 'ipamd' | 'branch' | 'network' | 'claim' | 'other';
}

/** A network that a pod requests in its annotation. */
export interface NetworkRequest {
  /** `NS/NAME` of the NAD. */
  readonly network: string;
  readonly interface?: string;
  readonly ips?: readonly string[];
  readonly mac?: string;
}

/** A pod, its interfaces and its annotations. */
export interface SimPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly app: string;
  readonly owner: { readonly kind: string; readonly name: string } | null;
  readonly node: string | null;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly hostNetwork: boolean;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly deletingAt: number | null;
  readonly ready: boolean;
  readonly ips: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly containers: readonly SimContainer[];
  readonly resources: Readonly<Record<string, number>>;
  readonly requests: readonly NetworkRequest[];
  readonly claims: readonly SimPodClaim[];
  readonly interfaces: readonly TrueInterface[];
  readonly quirk: StatusQuirk | null;
}

/** A container of a pod. */
export interface SimContainer {
  readonly name: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables of `env` that are references to an annotation of the pod. */
  readonly referred?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly port: number }[];
}

/** `NAMESPACE/NAME`. */
export const podKey = (pod: { readonly namespace: string; readonly name: string }): string =>
  `${pod.namespace}/${pod.name}`;

/** Whether the pod has ended: its sandbox is gone. */
export const isFinished = (pod: SimPod): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed';
