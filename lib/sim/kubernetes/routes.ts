/** Paths of the API server, parsed as in kube-apiserver. */
import type { ResourceRow } from './resources';

/** A collection (`name` null) or one object; `namespace` is null for cluster scope and for all namespaces. */
export interface Route {
  readonly resource: ResourceRow;
  readonly namespace: string | null;
  readonly name: string | null;
}

/** `GET /api/v1/namespaces/…/pods/…:port/proxy/path`. */
export interface ProxyRoute {
  readonly namespace: string;
  readonly pod: string;
  /** Empty if the path has no port. */
  readonly port: string;
  readonly path: string;
}

const PROXY = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/:]+)(?::(\d+))?\/proxy\/?(.*)$/;

/** The pod, port and path of a request through `pods/proxy`; null for other paths. */
export function parseProxyRoute(path: string): ProxyRoute | null {
  const [match, namespace = '', pod = '', port = '', rest = ''] = PROXY.exec(path) ?? [];
  return match === undefined ? null : { namespace, pod, port, path: rest };
}

/** The resource, namespace and name of a path; null for any other path. */
export function parseRoute(path: string, resources: readonly ResourceRow[]): Route | null {
  const core = /^\/api\/v1\/(.+)$/.exec(path);
  const grouped = /^\/apis\/([^/]+)\/([^/]+)\/(.+)$/.exec(path);
  const [group, version, rest] = core === null ? [grouped?.[1], grouped?.[2], grouped?.[3]] : ['', 'v1', core[1]];
  if (rest === undefined) return null;
  const parts = rest.split('/').map(decodeURIComponent);
  const inNamespace = parts[0] === 'namespaces' && parts.length >= 3;
  const [resourceName, name, more] = inNamespace ? parts.slice(2) : parts;
  if (more !== undefined) return null;
  const resource = resources.find(
    (row) => row.group === group && row.version === version && row.resource === resourceName,
  );
  if (resource === undefined || (inNamespace && !resource.namespaced)) return null;
  return { resource, namespace: inNamespace ? (parts[1] ?? null) : null, name: name ?? null };
}
