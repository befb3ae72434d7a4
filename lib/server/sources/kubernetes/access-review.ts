/**
 * Requests from an API server what a user may do (SubjectAccessReview). It requires no permission to impersonate that
 * user.
 */
import type { Transport } from './transport';

const REVIEWS_PATH = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

const LONGEST_ANSWER = 1 << 20;

/** A user as the API server identifies it. */
export interface ReviewedUser {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Null if the body is not an answer to a review. */
function allowedOf(body: string): boolean | null {
  try {
    const { status } = JSON.parse(body) as { readonly status?: { readonly allowed?: unknown } };
    return typeof status?.allowed === 'boolean' ? status.allowed : null;
  } catch {
    return null;
  }
}

/**
 * Whether the user may list the pods of a namespace; null: of all namespaces. Rejects with one sentence without an
 * answer.
 */
export async function mayListPods(
  transport: Transport,
  { user, groups }: ReviewedUser,
  namespace: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  const resourceAttributes = { verb: 'list', group: '', version: 'v1', resource: 'pods', namespace: namespace ?? '' };
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, groups, resourceAttributes },
  };
  const answer = await transport.request(REVIEWS_PATH, {}, { signal, post: JSON.stringify(review) });
  if (answer.status !== 201 && answer.status !== 200) {
    answer.discard();
    if (answer.status === 401) transport.refresh(answer.credentials);
    throw new Error(
      answer.status === 403
        ? 'ifscope cannot check what visitors may see: it lacks the right to create subjectaccessreviews'
        : `the API server answered ${answer.status} when asked what you may see`,
    );
  }
  const allowed = allowedOf(await answer.text(LONGEST_ANSWER));
  if (allowed === null) throw new Error('the API server answered with something else when asked what you may see');
  return allowed;
}
