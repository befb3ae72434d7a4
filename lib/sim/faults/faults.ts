/** Faults between a client and the simulated cluster, which tests switch on and off while it runs. */

/** An error response for the next requests. */
export interface Rejection {
  readonly status: number;
  /** Retry-After header, in seconds. */
  readonly retryAfter?: number;
  /** Number of requests; if absent, all until cleared. */
  readonly times?: number;
  /** Only lists, only watches, or both. */
  readonly verb?: 'list' | 'watch';
  /** Only this resource: `pods`. */
  readonly resource?: string;
}

/** The active faults of the simulated APIs. */
export interface FaultState {
  /** Delay of the Kubernetes API's responses, in milliseconds. */
  readonly latencyMs: number;
  /** Requests are reset without a response. */
  readonly refuse: boolean;
  /** Requests are accepted but never answered. */
  readonly hang: boolean;
  /** Streams stay open but nothing is written to them, not even bookmarks. */
  readonly frozen: boolean;
  /** Every event of a watch is written twice. */
  readonly duplicates: boolean;
  /** Every two events of a watch are written in the opposite order. */
  readonly swapped: boolean;
  /** Events of watches end in the middle of their object, although their line or frame is complete. */
  readonly truncated: boolean;
  /** Bookmarks name a version that is this many revisions ahead. */
  readonly bookmarksAhead: number;
  /** Lists are small when compressed, and larger than any memory. */
  readonly bombs: boolean;
  /** Events of watches are lost; bookmarks still arrive. */
  readonly lossy: boolean;
  /** Events of watches have a type that no client knows. */
  readonly unknownEvents: boolean;
  /** Lists at `resourceVersion=0` come from a replica that is this many revisions behind. */
  readonly replicaLag: number;
  /** Lists start with 200 and end in the middle of an object. */
  readonly cutLists: boolean;
  /**
   * `json`: the API server responds in JSON whatever is requested. `not-acceptable`: it responds to requests for protobuf
   * with 406.
   */
  readonly encoding: 'negotiated' | 'json' | 'not-acceptable';
  /**
   * Streamed lists. `off`: rejected with 422; `ignored`: the parameters have no effect, as in older servers; `endless`: the
   * final bookmark never comes; `slow`: the watch ends after that bookmark, as the server does with slow readers.
   */
  readonly watchList: 'on' | 'off' | 'ignored' | 'endless' | 'slow';
  readonly rejections: readonly Rejection[];
  /** RBAC: requests for `pods`, `pods/proxy`, `*` … get 403. */
  readonly denied: readonly string[];
  /** Resources that the cluster does not serve: `network-attachment-definitions`. */
  readonly absent: readonly string[];
  /** `cut`: responses end in the middle of an element, although the connection ends normally. */
  readonly ec2: 'ok' | 'throttled' | 'denied' | 'down' | 'error' | 'cut';
  /** EC2 actions that are not allowed: `DescribeSubnets`. */
  readonly ec2Denied: readonly string[];
  /** Lag of EC2's responses in milliseconds, at most 60,000. */
  readonly ec2LagMs: number;
  readonly ec2LatencyMs: number;
  readonly awsNode: 'ok' | 'denied' | 'absent' | 'hang' | 'bad-gateway' | 'garbage';
  /** Clock skew of the cluster (object times, Date headers), in milliseconds. */
  readonly skewMs: number;
}

/** No faults. */
export const NO_FAULTS: FaultState = {
  latencyMs: 0,
  refuse: false,
  hang: false,
  frozen: false,
  duplicates: false,
  swapped: false,
  truncated: false,
  bookmarksAhead: 0,
  bombs: false,
  lossy: false,
  unknownEvents: false,
  replicaLag: 0,
  cutLists: false,
  encoding: 'negotiated',
  watchList: 'on',
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

/** Actions of the servers on demand; the servers register here. */
export interface StreamControl {
  /** TCP reset of every connection. */
  reset(): void;
  /** FIN in the middle of every stream, without the terminating chunk. */
  halfClose(): void;
  /** FIN in the middle of an event's line. */
  cutLine(): void;
  /** Ends every stream cleanly, as the server does at timeoutSeconds. */
  endStreams(): void;
  /** ERROR 410 on every stream; with `keepOpen` the connection stays. */
  expire(keepOpen: boolean): void;
  /** Ends the streams of that resource, as when its CRD is deleted. */
  endStreamsOf(resource: string): void;
}

/** Holds the faults of a simulated cluster, which can be changed while it runs. */
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

  /** The rejection for this request, counted down; null if there is none. */
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
