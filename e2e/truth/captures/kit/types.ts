/** What a capture's author says about its cluster. Names of fields are the domain's, `truth` overrides what follows from the rest. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** A partial record: what is named must be so. A function judges by itself and answers what is wrong, or null. */
export type Expectation =
  | null
  | boolean
  | number
  | string
  | ((actual: unknown) => string | null)
  | readonly Expectation[]
  | { readonly [field: string]: Expectation };

export type Fields = Readonly<Record<string, Expectation>>;

export interface InstanceLimits {
  readonly cards: readonly number[];
  readonly ipv4PerEni: number;
  readonly branches?: number;
  readonly hypervisor?: string;
  readonly bareMetal?: boolean;
}

export interface NodeSpec {
  readonly type?: string | null;
  readonly zone?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of aws-node's init container, which is omitted if there are none. */
  readonly initEnv?: Readonly<Record<string, string>>;
  readonly version?: string;
  /** Entries of aws-node's container that are no literal values; `env` then says what they come to, for the truth. */
  readonly envEntries?: readonly { readonly name: string; readonly [field: string]: Json | undefined }[];
  readonly envFrom?: readonly Json[];
  readonly agentAnnotations?: Readonly<Record<string, string>>;
  /** Whether an aws-node pod runs here; `not-ready`: it runs and is not ready. */
  readonly ipamd?: boolean | 'not-ready';
  /** `false`: the answers hold no pod of kube-system, as of one namespace alone. */
  readonly daemonPods?: boolean;
  readonly metrics?: boolean;
  readonly enisJson?: 'per-card' | 'old' | 'none';
  readonly maxPods?: number;
  readonly os?: string;
  readonly ready?: boolean;
  readonly cordoned?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly providerId?: string | null;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly createdAt?: string;
  /** `false`: no EC2 instance stands behind it (Fargate, hybrid, other clouds). */
  readonly instance?: boolean;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly primary?: EniSpec;
  /** InternalIP of its status; the primary ENI's address unless told. */
  readonly internalIp?: string;
  /** Conditions beside the kubelet's Ready. */
  readonly conditions?: readonly Condition[];
  /** aws-node's container waits after so many restarts. */
  readonly agentRestarts?: number;
  /** What the status of aws-node's pod says of its containers, instead. */
  readonly agentContainers?: { readonly init?: readonly Json[]; readonly main?: readonly Json[] };
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export interface EniSpec {
  readonly id?: string;
  readonly card?: number;
  readonly dev?: number;
  readonly type?: string;
  readonly by?: 'ipamd' | 'controller' | 'other';
  /** What the tag instance_id says: `self` for the instance it hangs on, `none` for no tag, else its value. */
  readonly tagged?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly status?: string;
  readonly attachment?: string | null;
  readonly deleteOnTermination?: boolean;
  readonly sourceDestCheck?: boolean;
  readonly mac?: string;
  readonly ip?: string | null;
  readonly trunk?: string;
  /** Ids of its security groups; the node's unless told. */
  readonly groups?: readonly string[];
  /** The public address that stands for its own. */
  readonly publicIp?: string;
  /** RequesterId: the service that made it. */
  readonly requester?: string;
  readonly truth?: Fields;
}

export interface PodSpec {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly phase?: string;
  readonly hostNetwork?: boolean;
  readonly uid?: string;
  readonly resources?: Readonly<Record<string, string>>;
  /** What an init container asks for. */
  readonly initResources?: Readonly<Record<string, string>>;
  readonly createdAt?: string;
  /** Since when its containers run and it is Ready. */
  readonly runningSince?: string;
  readonly deleting?: boolean;
  /** The Ready condition; true unless the pod is Pending. */
  readonly ready?: boolean;
  readonly ips?: readonly string[];
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly podIpsOnlyInOldField?: boolean;
  /** Why the pod as a whole is as it is: `Evicted`, `OutOfpods` … */
  readonly statusReason?: string;
  readonly statusMessage?: string;
  /** Fields of its spec and status beside these. */
  readonly more?: { readonly spec?: object; readonly status?: object };
}
