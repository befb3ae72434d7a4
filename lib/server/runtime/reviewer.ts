/** Where rights are asked for: the API server that is shown, or one that is named. */
import { mayListPods } from '../sources/kubernetes/access-review';
import type { Transport } from '../sources/kubernetes/transport';
import { TroubleError } from '../sources/kubernetes/trouble';
import type { Review } from '../rights/reviews';
import type { From } from './from';

type Env = Readonly<Record<string, string | undefined>>;

export interface Reviewer {
  readonly review: Review;
  readonly close: () => Promise<void>;
}

const LONGEST_MS = 5_000;

/** Null where there is no API server to ask. Loaded on demand: the Kubernetes client takes a second to load. */
async function connected(from: From, rights: string | null, env: Env): Promise<Transport | null> {
  const context = rights ?? (from.kind === 'context' ? from.context : from.kind);
  if (rights === null && from.kind !== 'context' && from.kind !== 'in-cluster') return null;
  const { connect, connectInCluster } = await import('../sources/kubernetes/connection');
  return context === 'in-cluster' ? connectInCluster(env).transport : connect({ context, env }).transport;
}

/** `rights`: `in-cluster` or a context; null: that of `from`. Makes no request before it is asked. */
export function createReviewer(from: From, rights: string | null, env: Env): Reviewer {
  let connecting: Promise<Transport | null> | null = null;
  return {
    async review(asker, namespace) {
      connecting ??= connected(from, rights, env);
      const transport = await connecting.catch(() => {
        connecting = null;
        throw new Error('the API server that says what you may see is not configured rightly');
      });
      if (transport === null)
        throw new Error(
          'what is shown has no API server that says what you may see; name one with --rights, or show everybody everything with --rights all',
        );
      try {
        return await mayListPods(transport, asker, namespace, AbortSignal.timeout(LONGEST_MS));
      } catch (error) {
        // What went wrong with a connection may name what is behind it: that is for the log of the sources.
        throw error instanceof TroubleError ? new Error('the API server cannot be asked what you may see') : error;
      }
    },
    async close() {
      await (await connecting?.catch(() => null))?.close();
    },
  };
}
