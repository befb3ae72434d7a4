/** The query of a list or watch, parsed as in kube-apiserver. */
import type { Entry } from '../model/collection';
import type { ResourceRow, View } from './resources';
import { parseFieldSelector, parseLabelSelector } from './selectors';
import { badRequest, status, type Status } from './status';

/** The parsed parameters of a list or watch. */
export interface Query {
  readonly watch: boolean;
  /** Null if not given. */
  readonly resourceVersion: number | null;
  readonly resourceVersionMatch: string | null;
  readonly limit: number;
  readonly continueToken: string | null;
  readonly bookmarks: boolean;
  readonly timeoutSeconds: number | null;
  readonly sendInitialEvents: boolean;
  readonly namespace: string | null;
  /** A label or field selector was given. */
  readonly filtered: boolean;
  readonly matches: (view: View, entry: Entry<unknown>) => boolean;
}

const isTrue = (text: string | null): boolean => text === 'true' || text === '1';

/** Parses the parameters of a request; a `Status` if the API server rejects them. */
export function readQuery(params: URLSearchParams, resource: ResourceRow, namespace: string | null): Query | Status {
  const labels = parseLabelSelector(params.get('labelSelector') ?? '');
  if ('error' in labels) return badRequest(labels.error);
  const fields = parseFieldSelector(params.get('fieldSelector') ?? '', [
    'metadata.name',
    'metadata.namespace',
    ...resource.fields,
  ]);
  if ('error' in fields) return badRequest(fields.error);
  const rvText = params.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(rvText)) {
    return status(
      422,
      'Invalid',
      `resourceVersion: Invalid value: "${rvText}": strconv.ParseUint: parsing "${rvText}": invalid syntax`,
    );
  }
  const initial = isTrue(params.get('sendInitialEvents'));
  const match = params.get('resourceVersionMatch');
  if (initial && match !== 'NotOlderThan') {
    return status(
      422,
      'Invalid',
      'resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
  const limit = Number(params.get('limit') ?? '0');
  const prefix = namespace === null ? '' : `${namespace}/`;
  const hasLabels = params.has('labelSelector');
  const hasFields = params.has('fieldSelector');
  return {
    watch: isTrue(params.get('watch')),
    resourceVersion: rvText === '' ? null : Number(rvText),
    resourceVersionMatch: match,
    limit: Number.isInteger(limit) && limit > 0 ? limit : 0,
    continueToken: params.get('continue') === '' ? null : params.get('continue'),
    bookmarks: isTrue(params.get('allowWatchBookmarks')),
    timeoutSeconds: params.has('timeoutSeconds') ? Number(params.get('timeoutSeconds')) : null,
    sendInitialEvents: initial,
    namespace,
    filtered: hasLabels || hasFields,
    matches: (view, entry) =>
      entry.key.startsWith(prefix) &&
      (!hasLabels || labels(view.labels(entry))) &&
      (!hasFields || fields(view.selectable(entry))),
  };
}
