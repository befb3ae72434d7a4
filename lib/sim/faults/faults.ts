/**
 * What can go wrong between a client and the simulated cluster, switchable while it runs: by `set` in a test, or by
 * `POST /_sim/faults` with the same JSON on loopback.
 */

/** An answer that the next requests get instead of the real one. */
export interface Rejection {
  readonly status: number;
  /** Seconds, as the header says it. */
  readonly retryAfter?: number;
  /** How many requests; without it, all until cleared. */
  readonly times?: number;
  /** Only lists, only watches, or both. */
  readonly verb?: 'list' | 'watch';
  /** Only this resource: `pods`. */
  readonly resource?: string;
}

export interface FaultState {
  /** Kubernetes API: requests are answered after this many milliseconds. */
  readonly latencyMs: number;
  /** New connections' requests are cut off without an answer. */
  readonly refuse: boolean;
  /** Requests are accepted and never answered. */
  readonly hang: boolean;
  /** Streams stay open, and nothing is written to them any more, bookmarks included. */
  readonly frozen: boolean;
  /** Every event of a watch is written twice. */
  readonly duplicates: boolean;
  /** Lists begin with 200 and break off in the middle of an object. */
  readonly cutLists: boolean;
  readonly rejections: readonly Rejection[];
  /** RBAC: `pods`, `pods/proxy`, `*` … answer 403. */
  readonly denied: readonly string[];
  /** Kinds that the cluster does not have: `network-attachment-definitions`. */
  readonly absent: readonly string[];
  readonly ec2: 'ok' | 'throttled' | 'denied' | 'down' | 'error';
  /** Single EC2 actions that the identity may not call: `DescribeSubnets`. */
  readonly ec2Denied: readonly string[];
  /** EC2 answers lag the truth by this much, at most 60 s. */
  readonly ec2LagMs: number;
  readonly ec2LatencyMs: number;
  readonly awsNode: 'ok' | 'denied' | 'absent' | 'hang' | 'bad-gateway' | 'garbage';
  /** The cluster's clocks (object times, Date headers) are off by this much. */
  readonly skewMs: number;
}

export const NO_FAULTS: FaultState = {
  latencyMs: 0,
  refuse: false,
  hang: false,
  frozen: false,
  duplicates: false,
  cutLists: false,
  rejections: [],
  denied: [],
  absent: [],
  ec2: 'ok',
  ec2Denied: [],
  ec2LagMs: 0,
  ec2LatencyMs: 0,
  awsNode: 'ok',
  skewMs: 0,
};

/** What the servers do on command; they register themselves here. */
export interface StreamControl {
  /** TCP reset of every connection. */
  reset(): void;
  /** FIN in the middle of every stream, without the last chunk. */
  halfClose(): void;
  /** The same in the middle of an event's line. */
  cutLine(): void;
  /** Ends every stream properly, as the server does at timeoutSeconds. */
  endStreams(): void;
  /** ERROR 410 on every stream; with `keepOpen` the connection stays. */
  expire(keepOpen: boolean): void;
  /** Streams of that resource end, as when its CRD goes. */
  endStreamsOf(resource: string): void;
}

export class Faults {
  private current: FaultState = NO_FAULTS;
  private control: StreamControl | null = null;
  private used = new Map<Rejection, number>();

  constructor(private readonly apply: (next: FaultState) => void = () => undefined) {}

  get state(): FaultState {
    return this.current;
  }

  attach(control: StreamControl): void {
    this.control = control;
  }

  set(fields: Partial<FaultState>): void {
    const gone = (fields.absent ?? []).filter((resource) => !this.current.absent.includes(resource));
    this.current = { ...this.current, ...fields };
    this.apply(this.current);
    for (const resource of gone) this.control?.endStreamsOf(resource);
  }

  clear(): void {
    this.used = new Map();
    this.set(NO_FAULTS);
  }

  /** The rejection that this request meets, counted down. */
  rejectionFor(verb: 'list' | 'watch' | 'get', resource: string): Rejection | null {
    for (const rejection of this.current.rejections) {
      if (rejection.verb !== undefined && rejection.verb !== verb) continue;
      if (rejection.resource !== undefined && rejection.resource !== resource) continue;
      const used = this.used.get(rejection) ?? 0;
      if (used >= (rejection.times ?? Infinity)) continue;
      this.used.set(rejection, used + 1);
      return rejection;
    }
    return null;
  }

  isDenied(resource: string): boolean {
    return this.current.denied.includes(resource) || this.current.denied.includes('*');
  }

  isAbsent(resource: string): boolean {
    return this.current.absent.includes(resource);
  }

  resetConnections(): void {
    this.control?.reset();
  }

  halfCloseStreams(): void {
    this.control?.halfClose();
  }

  cutLines(): void {
    this.control?.cutLine();
  }

  endStreams(): void {
    this.control?.endStreams();
  }

  expireStreams(keepOpen = false): void {
    this.control?.expire(keepOpen);
  }
}
