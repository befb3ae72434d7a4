/** Loads the full record set of another ifscope in its published form, which, unlike keyframes, is complete. */
import { RefusedError, ServerError, type Fetch, type Get } from '../../follow/requests';
import type { AnySet } from '../../follow/follower';
import type { ClusterInfo, RecordMaps } from '../../model/records';
import { readTopology } from '../../snapshot/decode';
import { toMaps } from '../../snapshot/maps';
import { FILE_HEADER } from '../store/file-header';
import { parsePosition } from '../store/position';

/** A loaded record set with its position. */
export interface WholeSet extends AnySet {
  readonly records: RecordMaps;
  readonly cluster: ClusterInfo;
}

const NO_IFSCOPE = 'the server there is not an ifscope';

/** Loads the set. Rejects with a `ServerError` whose message is a sentence for the user. */
export async function loadSet(get: Get, { signal }: { readonly signal: AbortSignal }): Promise<WholeSet> {
  const response = await get('/api/topology?sources=recorded', signal);
  const file = response.headers.get(FILE_HEADER);
  if (file !== null) throw new ServerError('it shows a file, not a cluster: give --from the file itself');
  const position = parsePosition((response.headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', ''));
  if (position === null) throw new ServerError(`${NO_IFSCOPE} (no version of its record set is named)`);
  const read = readTopology(await response.text());
  if ('error' in read) throw new ServerError('its record set cannot be read; is it a newer ifscope?');
  return { ...position, rest: Promise.resolve(), records: toMaps(read.topology), cluster: read.topology.cluster };
}

/** Node's error code of a failed `fetch`, in parentheses; undici puts it into the cause. */
function codeOf(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 4) return '';
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: readonly unknown[] };
  if (typeof code === 'string' && /^[A-Z][A-Z_0-9]{3,40}$/.test(code)) return ` (${code})`;
  return codeOf(cause ?? errors?.[0], depth + 1);
}

/**
 * `fetch` for another ifscope: with the token, and without following redirects, which could send the token to another
 * host.
 */
export function fetchWith(fetch: Fetch, token: string | null): Fetch {
  return async (url, options) => {
    const headers = new Headers(options.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(url, { ...options, headers, redirect: 'manual' }).catch((error: unknown) => {
      throw options.signal?.aborted === true
        ? error
        : new ServerError(`it cannot be reached${codeOf(error)}`, { cause: error });
    });
    const refuse = (error: Error): never => {
      void response.body?.cancel();
      throw error;
    };
    const { status } = response;
    if (status === 401)
      refuse(
        new RefusedError(
          token === null ? 'it requires a token: set IFSCOPE_FROM_TOKEN' : 'it refuses the token in IFSCOPE_FROM_TOKEN',
        ),
      );
    if (status === 404) refuse(new ServerError(`${NO_IFSCOPE} (it answers 404)`));
    // The redirect's target is not shown, because it is foreign text.
    if (status >= 300 && status <= 399)
      refuse(new ServerError('it answers with a redirect: give --from the address itself'));
    if (status === 403) refuse(new RefusedError('it answers 403'));
    // The body is not shown either.
    if (!response.ok) refuse(new ServerError(`it answers ${status}`));
    return response;
  };
}
