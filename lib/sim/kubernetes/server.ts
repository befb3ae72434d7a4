/**
 * The API server of the simulated cluster: plain HTTP on loopback, read-only, with the answers, errors and faults of a
 * real one. What it serves is rendered from the model when asked for.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Faults } from '../faults/faults';
import { objectsOf, type ClusterState } from '../model/state';
import { discover } from './discovery';
import { Lists, sendList } from './list';
import { renderMetrics } from './metrics';
import { readQuery } from './query';
import { groupVersion, openResource, RESOURCES, type ResourceRow, type View } from './resources';
import { forbidden, genericStatus, noResource, notFound, sendStatus, status, tooOld, unauthorized } from './status';
import { Watch } from './watch';

export interface KubernetesOptions {
  readonly state: ClusterState;
  readonly faults: Faults;
  readonly token: string;
  /** Pods of a real cluster's size, with managedFields and environment. */
  readonly realistic: boolean;
  readonly bookmarkMs: number;
  /** Answers `/_sim/…`; false when the path is not one of its own. */
  readonly control: (request: IncomingMessage, response: ServerResponse, path: string) => boolean;
}

export interface KubernetesServer {
  readonly server: Server;
  readonly requests: () => Readonly<Record<string, number>>;
  /** Forgets all history: every resume and continue token is too old. */
  readonly compact: () => void;
}

interface Route {
  readonly resource: ResourceRow;
  readonly namespace: string | null;
  readonly name: string | null;
}

const PROXY = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/:]+)(?::(\d+))?\/proxy\/?(.*)$/;

export function createKubernetesServer(options: KubernetesOptions): KubernetesServer {
  const { state, faults } = options;
  const sockets = new Set<Socket>();
  const watches = new Set<Watch>();
  const views = new Map<string, View>();
  const counts: Record<string, number> = {};
  for (const { id, custom } of RESOURCES)
    if (!custom && id !== 'core/pods' && id !== 'core/nodes') objectsOf(state, id);
  const lists = new Lists(
    () => Date.now(),
    () => state.revisions.current,
  );

  const served = (resource: ResourceRow): boolean =>
    !faults.isAbsent(resource.resource) && (!resource.custom || state.objects.has(resource.id));
  /** One view per kind for the server's life, so that a continue token finds its list again. */
  const viewFor = (resource: ResourceRow): View | null => {
    if (!served(resource)) return null;
    const view = views.get(resource.id) ?? openResource(state, resource, options.realistic);
    if (view !== null) views.set(resource.id, view);
    return view;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sim');
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname;
    if (path.startsWith('/_sim/') && options.control(request, response, path)) return;
    const now = faults.state;
    if (now.refuse) {
      request.socket.resetAndDestroy();
      return;
    }
    if (now.hang) return;
    if (now.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, now.latencyMs));
    response.setHeader('date', new Date(state.now()).toUTCString());
    response.setHeader('audit-id', `sim-${(state.counter += 1)}`);
    if (['/readyz', '/livez', '/healthz'].includes(path)) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
      return;
    }
    if (request.headers.authorization !== `Bearer ${options.token}`) {
      sendStatus(response, unauthorized());
      return;
    }
    const proxied = PROXY.exec(path);
    if (proxied !== null) {
      proxy(response, proxied[1] ?? '', proxied[2] ?? '', proxied[3] ?? '', proxied[4] ?? '');
      return;
    }
    const document = discover(path, served, state.kubernetesVersion);
    if (document !== null) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(document)}\n`);
      return;
    }
    const route = parseRoute(path);
    if (route === null) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
      return;
    }
    await serve(request, response, url, route);
  };

  const serve = async (request: IncomingMessage, response: ServerResponse, url: URL, route: Route): Promise<void> => {
    const { resource, namespace, name } = route;
    const watching = ['true', '1'].includes(url.searchParams.get('watch') ?? '');
    const verb = name !== null ? 'get' : watching ? 'watch' : 'list';
    counts[`${verb} ${resource.resource}`] = (counts[`${verb} ${resource.resource}`] ?? 0) + 1;
    const rejection = faults.rejectionFor(verb, resource.resource);
    if (rejection !== null) {
      const headers: Record<string, string> = {};
      if (rejection.retryAfter !== undefined) headers['retry-after'] = String(rejection.retryAfter);
      sendStatus(response, genericStatus(rejection.status), headers);
      return;
    }
    if (request.method !== 'GET') {
      const verbs: Readonly<Record<string, string>> = {
        POST: 'create',
        PUT: 'update',
        PATCH: 'patch',
        DELETE: 'delete',
      };
      sendStatus(
        response,
        forbidden(verbs[request.method ?? ''] ?? 'use', resource.resource, resource.group, namespace, name),
      );
      return;
    }
    // RBAC comes before existence: a denied kind is denied whether or not it exists.
    if (faults.isDenied(resource.resource)) {
      sendStatus(response, forbidden(verb, resource.resource, resource.group, namespace, name));
      return;
    }
    const view = viewFor(resource);
    if (view === null) {
      if (!RESOURCES.some((other) => groupVersion(other) === groupVersion(resource) && served(other))) {
        response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
      } else sendStatus(response, noResource());
      return;
    }
    if (name !== null) {
      const entry = view.find(namespace === null ? name : `${namespace}/${name}`);
      if (entry === undefined) sendStatus(response, notFound(resource.resource, resource.group, name));
      else {
        const object = { kind: resource.kind, apiVersion: groupVersion(resource), ...view.render(entry) };
        response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(object)}\n`);
      }
      return;
    }
    const query = readQuery(url.searchParams, resource, namespace);
    if ('status' in query) {
      sendStatus(response, query);
      return;
    }
    if (query.watch) {
      const watch = new Watch(resource, view, query, request, response, {
        bookmarkMs: options.bookmarkMs,
        currentRv: () => state.revisions.current,
        frozen: () => faults.state.frozen,
        duplicates: () => faults.state.duplicates,
      });
      watches.add(watch);
      await watch.ended;
      watches.delete(watch);
      return;
    }
    if (faults.state.cutLists) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(
        `{"kind":"${resource.kind}List","apiVersion":"${groupVersion(resource)}","metadata":{"resourceVersion":"1"},"items":[{"metada`,
      );
      response.socket?.end();
      return;
    }
    const filtered = url.searchParams.has('labelSelector') || url.searchParams.has('fieldSelector');
    const page = lists.page(view, query, filtered);
    if ('status' in page) sendStatus(response, page);
    else await sendList(request, response, resource, view, page);
  };

  /** `pods/proxy` to aws-node's metrics port; nothing else listens in this cluster. */
  const proxy = (response: ServerResponse, namespace: string, name: string, port: string, path: string): void => {
    counts['get pods/proxy'] = (counts['get pods/proxy'] ?? 0) + 1;
    if (faults.isDenied('pods/proxy') || faults.state.awsNode === 'denied') {
      sendStatus(response, forbidden('get', 'pods/proxy', '', namespace, name));
      return;
    }
    const pod = state.pods.get(`${namespace}/${name}`);
    if (pod === undefined) {
      sendStatus(response, notFound('pods', '', name));
      return;
    }
    if (faults.state.awsNode === 'hang') return;
    if (faults.state.awsNode === 'bad-gateway') {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>502 Bad Gateway</body></html>');
      return;
    }
    if (faults.state.awsNode === 'garbage') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('awscni_eni_max NaN\n{{{ \u0000 awscni');
      return;
    }
    const node = pod.node === null ? undefined : state.nodes.get(pod.node);
    if (
      pod.app !== 'aws-node' ||
      port !== '61678' ||
      path !== 'metrics' ||
      node === undefined ||
      faults.state.awsNode === 'absent'
    ) {
      sendStatus(
        response,
        status(
          503,
          'ServiceUnavailable',
          `error trying to reach service: dial tcp ${pod.ips[0] ?? ''}:${port}: connect: connection refused`,
        ),
      );
      return;
    }
    response
      .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
      .end(renderMetrics(state, node));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendStatus(response, status(500, 'InternalError', `simulator: ${String(error)}`));
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  faults.attach({
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    halfClose: () => {
      for (const watch of [...watches]) watch.halfClose();
    },
    cutLine: () => {
      for (const watch of [...watches]) watch.cutLine();
    },
    endStreams: () => {
      for (const watch of [...watches]) watch.end();
    },
    expire: (keepOpen) => {
      for (const watch of [...watches]) watch.fail(tooOld(1, state.revisions.current), keepOpen);
    },
    endStreamsOf: (resource) => {
      for (const watch of [...watches]) if (watch.resource.resource === resource) watch.end();
    },
  });
  return {
    server,
    requests: () => ({ ...counts }),
    compact: () => {
      lists.forget();
      for (const resource of RESOURCES) viewFor(resource)?.compact();
    },
  };
}

function parseRoute(path: string): Route | null {
  const core = /^\/api\/v1\/(.+)$/.exec(path);
  const grouped = /^\/apis\/([^/]+)\/([^/]+)\/(.+)$/.exec(path);
  const [group, version, rest] = core === null ? [grouped?.[1], grouped?.[2], grouped?.[3]] : ['', 'v1', core[1]];
  if (rest === undefined) return null;
  const parts = rest.split('/').map(decodeURIComponent);
  const inNamespace = parts[0] === 'namespaces' && parts.length >= 3;
  const [resourceName, name, more] = inNamespace ? parts.slice(2) : parts;
  if (more !== undefined) return null;
  const resource = RESOURCES.find(
    (row) => row.group === group && row.version === version && row.resource === resourceName,
  );
  if (resource === undefined || (inNamespace && !resource.namespaced)) return null;
  return { resource, namespace: inNamespace ? (parts[1] ?? null) : null, name: name ?? null };
}
