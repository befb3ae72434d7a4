/** Asks for visitors' rights at the API server of the cluster shown, or at another one. */
import { mayListPods } from '../sources/kubernetes/access-review';
import type { Transport } from '../sources/kubernetes/transport';
import { TroubleError } from '../sources/kubernetes/trouble';
import type { Review } from '../rights/reviews';
import { describeFrom, type From } from './from';
import { Problem } from './problem';

type Env = Readonly<Record<string, string | undefined>>;

/** Asks an API server for rights. */
export interface Reviewer {
  readonly review: Review;
  readonly close: () => Promise<void>;
}

const LONGEST_MS = 5_000;

/** The connection to the API server, loaded on demand (the Kubernetes client takes a second); null when there is none to ask. */
async function connected(from: From, rights: string | null, env: Env): Promise<Transport | null> {
  const context = rights ?? (from.kind === 'context' ? from.context : from.kind);
  if (rights === null && from.kind !== 'context' && from.kind !== 'in-cluster') return null;
  const { connect, connectInCluster } = await import('../sources/kubernetes/connection');
  return context === 'in-cluster' ? connectInCluster(env).transport : connect({ context, env }).transport;
}

/** Throws a `Problem` where there is no API server to ask, before anybody is shown a map without pods. Makes no request. */
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

/** `rights`: `in-cluster` or a context; null: the API server of `from`. Connects at the first review. */
export function createReviewer(from: From, rights: string | null, env: Env): Reviewer {
  let connecting: Promise<Transport | null> | null = null;
  return {
    async review(asker, namespace) {
      connecting ??= connected(from, rights, env);
      const transport = await connecting.catch(() => {
        connecting = null;
        throw new Error('the API server that decides what you may see is not configured correctly');
      });
      if (transport === null)
        throw new Error(
          'no API server decides what you may see of this source; name one with --rights, or show everything to everybody with --rights all',
        );
      try {
        return await mayListPods(transport, asker, namespace, AbortSignal.timeout(LONGEST_MS));
      } catch (error) {
        // Connection errors may reveal internal names; they are left to the sources' log.
        throw error instanceof TroubleError ? new Error('the API server could not be asked what you may see') : error;
      }
    },
    async close() {
      await (await connecting?.catch(() => null))?.close();
    },
  };
}
