/** Reads one node's metrics through the API server's pod proxy. */
import { normaliseMetrics } from '../../../normalise/aws-node/metrics';
import type { AwsNodeMetricsFact } from '../../../model/facts';
import { reason, type Reason } from '../reason';
import type { Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import type { Target } from './schedule';

/** The part of the Kubernetes source's transport that is used here. */
export interface PodProxy {
  request(
    path: string,
    query: Readonly<Record<string, string>>,
    options: { readonly signal: AbortSignal; readonly accept: string },
  ): Promise<{
    readonly status: number;
    readonly credentials: number;
    text(most: number): Promise<string>;
    discard(): void;
  }>;
  refresh(credentials: number): void;
}

/** What `request` rejects with. */
interface TransportError {
  readonly trouble?: { readonly message: Reason };
}

/** The result of one read. */
export type ReadResult =
  | { readonly kind: 'read'; readonly fact: AwsNodeMetricsFact }
  | { readonly kind: 'denied'; readonly message: Reason }
  /** The API server itself could not be reached. */
  | { readonly kind: 'broken'; readonly message: Reason }
  /** This node's aws-node did not answer, or not with metrics. */
  | { readonly kind: 'silent'; readonly message: Reason };

/** Settings of one read. */
export interface ReadOptions {
  readonly transport: PodProxy;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /** Epoch milliseconds; the fact's `readAt`. */
  readonly at: number;
  readonly deadlineMs: number;
  readonly mostBytes: number;
}

const PORT = 61678;
const LONGEST_STATUS = 64 << 10;

/** Whether the body is the API server's own refusal: a `Status` with reason `Forbidden`. */
function isForbidden(body: string): boolean {
  try {
    const status: unknown = JSON.parse(body);
    return (
      typeof status === 'object' &&
      status !== null &&
      'kind' in status &&
      status.kind === 'Status' &&
      'reason' in status &&
      status.reason === 'Forbidden'
    );
  } catch {
    return false;
  }
}

/** Reads one node. Never rejects. */
export async function readMetrics({ node, pod }: Target, options: ReadOptions): Promise<ReadResult> {
  const { transport } = options;
  const dog = createWatchdog(options.timers, options.signal);
  dog.expect(options.deadlineMs, 'metrics');
  const path = `/api/v1/namespaces/kube-system/pods/${encodeURIComponent(pod)}:${PORT}/proxy/metrics`;
  try {
    const answer = await transport.request(path, {}, { signal: dog.signal, accept: 'text/plain' });
    if (answer.status === 200) {
      const text = await answer.text(options.mostBytes);
      const fact = normaliseMetrics(text, node, new Date(options.at).toISOString());
      return fact === null
        ? { kind: 'silent', message: reason`what answers on its port is not ipamd` }
        : { kind: 'read', fact };
    }
    // A pod may itself return 403, which the API server passes on.
    if (answer.status === 403 && isForbidden(await answer.text(LONGEST_STATUS)))
      return { kind: 'denied', message: reason`get on pods/proxy in kube-system is not granted` };
    answer.discard();
    if (answer.status !== 401) return { kind: 'silent', message: reason`HTTP ${answer.status}` };
    transport.refresh(answer.credentials);
    return { kind: 'broken', message: reason`HTTP 401: the API server refuses the credentials` };
  } catch (error) {
    // Our own deadline means that the node does not respond; any other failure is on the way to the API server.
    if (dog.signal.aborted) return { kind: 'silent', message: reason`no answer in time` };
    const { trouble } = error as TransportError;
    return { kind: 'broken', message: trouble?.message ?? reason`the API server cannot be asked` };
  } finally {
    dog.stop();
  }
}
