/** Small requests to the API server beside the list and watch of a kind. None throws. */
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import type { Timers } from '../timers';
import { createWatchdog } from '../watchdog';
import type { Answer, UrlQuery, Transport } from './transport';

/** Options of a request. */
export interface AskOptions {
  readonly transport: Transport;
  readonly row: Pick<AnyKindRow, 'group' | 'resource' | 'namespaced' | 'namespace' | 'fieldSelector'>;
  /** The API version in use. */
  readonly apiVersion: () => string;
  readonly timers: Timers;
}

/** `silent`: no answer in time, or one that asks to try again. */
export type Revision =
  | { readonly kind: 'revision'; readonly version: string; readonly count: number | null }
  | { readonly kind: 'refused' }
  | { readonly kind: 'silent' };

/** What follows a version in a watch. `none`: the server ended the watch normally, without an event. */
export type Following = 'none' | 'some' | 'silent';

/** A server that has not answered by then is behind. Milliseconds. */
const DEADLINE_MS = 5_000;
const LOOK_SECONDS = 1;
const MOST_BYTES = 1 << 20;
const AS_METADATA = 'as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

const SILENT = { kind: 'silent' } as const;

/** The URL path of a kind's list: of one namespace, or of all. */
export const pathOf = (
  { group, resource, namespace }: Pick<AnyKindRow, 'group' | 'resource' | 'namespace'>,
  version: string,
): string =>
  [
    group === '' ? '/api' : `/apis/${group}`,
    version,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    resource,
  ].join('/');

/**
 * The version that the server's watch cache of the kind has reached. Lists a name that no object has, at
 * `resourceVersion=0`: a look-up in that cache and an empty list. For kinds without such a cache (Events) it is the
 * newest version of all kinds.
 */
export function askRevision(options: AskOptions, signal: AbortSignal): Promise<Revision> {
  const { row } = options;
  const path = pathOf(row.namespaced ? { namespace: 'default', ...row } : row, options.apiVersion());
  return askList(
    options,
    path,
    { fieldSelector: 'metadata.name=ifscope-asks-for-the-version', resourceVersion: 0 },
    signal,
  );
}

/** The newest version: a consistent list, whichever server answers. */
export function askNewest(options: AskOptions, signal: AbortSignal): Promise<Revision> {
  return askList(options, pathOf(options.row, options.apiVersion()), { limit: 1 }, signal);
}

/** The approximate number of objects; null when the server does not report it. */
export async function askCount(options: AskOptions, signal: AbortSignal): Promise<number | null> {
  const answer = await askNewest(options, signal);
  return answer.kind === 'revision' ? answer.count : null;
}

async function askList(options: AskOptions, path: string, query: UrlQuery, parent: AbortSignal): Promise<Revision> {
  const dog = createWatchdog(options.timers, parent);
  dog.expect(DEADLINE_MS, 'lag answer');
  try {
    const accept = `application/json;${AS_METADATA.replace('Metadata;', 'MetadataList;')}, application/json`;
    const answer = await options.transport.request(path, query, { signal: dog.signal, accept });
    if (answer.status !== 200) return refusal(options, answer);
    return readRevision(await answer.text(MOST_BYTES));
  } catch {
    return SILENT;
  } finally {
    dog.stop();
  }
}

function refusal({ transport }: AskOptions, answer: Answer): Revision {
  answer.discard();
  if (answer.status === 401) transport.refresh(answer.credentials);
  return answer.status === 401 || answer.status === 429 || answer.status >= 500 ? SILENT : { kind: 'refused' };
}

interface ListBody {
  readonly metadata?: { readonly resourceVersion?: unknown; readonly remainingItemCount?: unknown };
  readonly items?: unknown;
}

function readRevision(body: string): Revision {
  const { metadata, items } = JSON.parse(body) as ListBody;
  const version = metadata?.resourceVersion;
  if (typeof version !== 'string' || version === '') return { kind: 'refused' };
  const remaining = metadata?.remainingItemCount;
  const count = typeof remaining === 'number' && Array.isArray(items) ? remaining + items.length : null;
  return { kind: 'revision', version, count };
}

/** Whether anything follows a version: a watch from there that the server ends after a second. */
export async function askFollowing(options: AskOptions, version: string, parent: AbortSignal): Promise<Following> {
  const dog = createWatchdog(options.timers, parent);
  dog.expect(DEADLINE_MS, 'lag watch');
  const query = {
    fieldSelector: options.row.fieldSelector,
    watch: true,
    resourceVersion: version,
    timeoutSeconds: LOOK_SECONDS,
  };
  try {
    const accept = `application/json;${AS_METADATA}, application/json`;
    const answer = await options.transport.request(pathOf(options.row, options.apiVersion()), query, {
      signal: dog.signal,
      stream: true,
      accept,
    });
    if (answer.status !== 200) {
      answer.discard();
      // 410 Gone: so much has followed that the server no longer has the version.
      return answer.status === 410 ? 'some' : 'silent';
    }
    for await (const chunk of answer.body)
      if (chunk.length > 0) {
        answer.discard();
        return 'some';
      }
    return 'none';
  } catch {
    return 'silent';
  } finally {
    dog.stop();
  }
}
