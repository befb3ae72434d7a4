/** Requests access reviews from the API server of the shown cluster, or from another one. */
import { mayListPods } from '../sources/kubernetes/access-review';
import type { Transport } from '../sources/kubernetes/transport';
import { TroubleError } from '../sources/kubernetes/trouble';
import { cleaned } from '../sources/reason';
import type { SourceContext } from '../sources/source';
import type { Review } from '../rights/reviews';
import { describeFrom, type From } from './from';
import { Problem } from './problem';

type Env = Readonly<Record<string, string | undefined>>;

/** Requests access reviews from an API server. */
export interface Reviewer {
  readonly review: Review;
  readonly close: () => Promise<void>;
}

const LONGEST_MS = 5_000;

/**
 * The connection to the API server, loaded on demand (the Kubernetes client takes a second to load); null without an
 * API server.
 */
async function connected(from: From, rights: string | null, env: Env): Promise<Transport | null> {
  const context = rights ?? (from.kind === 'context' ? from.context : from.kind);
  if (rights === null && from.kind !== 'context' && from.kind !== 'in-cluster') return null;
  const { connect, connectInCluster } = await import('../sources/kubernetes/connection');
  return context === 'in-cluster' ? connectInCluster(env).transport : connect({ context, env }).transport;
}

/** Throws a `Problem` if there is no API server to ask, before a visitor gets a map without pods. Sends no request. */
export async function checkReviewer(from: From, rights: string | null, env: Env): Promise<void> {
  const { ConnectionError } = await import('../sources/kubernetes/kubeconfig');
  const transport = await connected(from, rights, env).catch((error: unknown) => {
    if (!(error instanceof ConnectionError)) throw error;
    throw new Problem(
      'usage',
      `${rights === null ? describeFrom(from) : `--rights ${rights}`}: ${error.message}; give another context, in-cluster, or all for visitors who see everything`,
    );
  });
  if (transport === null)
    throw new Problem(
      'usage',
      `${describeFrom(from)} has no API server that says what visitors may see: name one with --rights CONTEXT, or show everybody everything with --rights all`,
    );
  await transport.close();
}

/** The error's message and detail, for the log. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return cleaned(String(error));
  const { cause, message } = error;
  const detail = cause instanceof TroubleError ? (cause.trouble.detail ?? '') : '';
  return cleaned([message, ...(cause instanceof Error ? [cause.message] : []), detail].filter(Boolean).join(': '));
}

/** The options of a reviewer. `rights`: `in-cluster` or a context; null: the API server of `from`. */
export interface ReviewerOptions {
  readonly from: From;
  readonly rights: string | null;
  readonly env: Env;
  readonly log: SourceContext['log'];
}

/** Connects at the first review. Each failure is logged once, until another one or a success occurs. */
export function createReviewer({ from, rights, env, log }: ReviewerOptions): Reviewer {
  let connecting: Promise<Transport | null> | null = null;
  /** The failure logged last, so that it is not repeated for every review. */
  let failed: string | null = null;

  const ask: Review = async (asker, namespace) => {
    connecting ??= connected(from, rights, env);
    const transport = await connecting.catch((error: unknown) => {
      connecting = null;
      throw new Error('the API server that decides what you may see is not configured correctly', { cause: error });
    });
    if (transport === null)
      throw new Error(
        'no API server decides what you may see of this source; name one with --rights, or show everything to everybody with --rights all',
      );
    try {
      return await mayListPods(transport, asker, namespace, AbortSignal.timeout(LONGEST_MS));
    } catch (error) {
      // Visitors do not see internal names.
      if (!(error instanceof TroubleError)) throw error;
      throw new Error('the API server could not be asked what you may see', { cause: error });
    }
  };

  return {
    async review(asker, namespace) {
      const began = performance.now();
      // Without the visitor's name, which would otherwise be logged every half minute.
      const debug = (outcome: string): void => {
        const where = namespace === null ? 'all namespaces' : `namespace ${namespace}`;
        log('debug', `access review (list pods in ${where}): ${outcome}, ${Math.round(performance.now() - began)} ms`);
      };
      try {
        const answer = await ask(asker, namespace);
        debug(answer ? 'allowed' : 'not allowed');
        if (failed !== null) log('info', 'access reviews: answered again');
        failed = null;
        return answer;
      } catch (error) {
        const said = describeError(error);
        debug('no answer');
        if (said !== failed) log('warn', `access reviews: ${said}; visitors see no pods`);
        failed = said;
        throw error;
      }
    },
    async close() {
      await (await connecting?.catch(() => null))?.close();
    },
  };
}
