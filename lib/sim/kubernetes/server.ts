/**
 * The simulated cluster's API server: HTTP on loopback, read-only, with the responses and errors of a real one, rendered on
 * each request.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Faults, StreamControl } from '../faults/faults';
import { objectsOf, type ClusterState } from '../model/state';
import { discover } from './discovery';
import { Lists, sendBomb, sendList } from './list';
import { proxyToPod } from './proxy';
import { readQuery, type Query } from './query';
import { groupVersion, isServed, openResource, RESOURCES, resourcesOf, type ResourceRow, type View } from './resources';
import { parseProxyRoute, parseRoute, type Route } from './routes';
import { CUT_FRAME, PROTOBUF } from './protobuf/encode';
import {
  accepts,
  forbidden,
  genericStatus,
  noResource,
  notAcceptable,
  notFound,
  noWatchList,
  sendStatus,
  status,
  tooOld,
  unauthorized,
} from './status';
import { Watch } from './watch';

/** The settings of the API server. */
export interface KubernetesOptions {
  readonly state: ClusterState;
  readonly faults: Faults;
  readonly token: string;
  /** Whether pods are as large as those of a real cluster, with managedFields and environment. */
  readonly realistic: boolean;
  readonly bookmarkMs: number;
}

/** The Kubernetes API of a simulated cluster. */
export interface KubernetesServer {
  readonly server: Server;
  /** Requests served so far, by verb and resource: `list pods`. */
  readonly requests: () => Readonly<Record<string, number>>;
  /** Drops all history: every resume and continue token is too old. */
  readonly compact: () => void;
}

/** Creates the API server; its `server` does not listen yet. */
export function createKubernetesServer(options: KubernetesOptions): KubernetesServer {
  const api = new Api(options);
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    api.handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendStatus(response, status(500, 'InternalError', `simulator: ${String(error)}`));
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  options.faults.attach({
    ...api.streams,
    reset: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
  });
  return {
    server,
    requests: () => ({ ...api.requests }),
    compact: () => {
      api.compact();
    },
  };
}

const WRITE_VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The views of all kinds, each opened once so that a continue token finds its list again. */
class Views {
  readonly #views = new Map<string, View>();

  constructor(private readonly options: KubernetesOptions) {
    for (const { id, crdOf } of RESOURCES) {
      if (crdOf === null && id !== 'core/pods' && id !== 'core/nodes') objectsOf(options.state, id);
    }
  }

  readonly served = (resource: ResourceRow): boolean =>
    !this.options.faults.isAbsent(resource.resource) && isServed(this.options.state, resource);

  /** Null if the cluster does not serve the kind. */
  of(resource: ResourceRow): View | null {
    if (!this.served(resource)) return null;
    const view =
      this.#views.get(`${resource.id} ${resource.version}`) ??
      openResource(this.options.state, resource, this.options.realistic);
    if (view !== null) this.#views.set(`${resource.id} ${resource.version}`, view);
    return view;
  }
}

/** Handles requests in kube-apiserver's order: authentication, authorisation, lookup. */
class Api {
  readonly requests: Record<string, number> = {};
  readonly #views: Views;
  readonly #lists: Lists;
  readonly #watches = new Set<Watch>();

  constructor(private readonly options: KubernetesOptions) {
    this.#views = new Views(options);
    this.#lists = new Lists(
      () => Date.now(),
      () => options.state.revisions.current,
      () => options.faults.state.replicaLag,
    );
  }

  compact(): void {
    this.#lists.forget();
    for (const resource of resourcesOf(this.options.state)) this.#views.of(resource)?.compact();
  }

  readonly streams: Omit<StreamControl, 'reset'> = {
    halfClose: () => {
      for (const watch of [...this.#watches]) watch.halfClose();
    },
    cutLine: () => {
      for (const watch of [...this.#watches]) watch.cutLine();
    },
    endStreams: () => {
      for (const watch of [...this.#watches]) watch.end();
    },
    expire: (keepOpen) => {
      for (const watch of [...this.#watches]) watch.fail(tooOld(1, this.options.state.revisions.current), keepOpen);
    },
    endStreamsOf: (resource) => {
      for (const watch of [...this.#watches]) if (watch.resource.resource === resource) watch.end();
    },
  };

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { state, faults, token } = this.options;
    const url = new URL(request.url ?? '/', 'http://sim');
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname;
    const { refuse, hang, latencyMs } = faults.state;
    if (refuse) {
      request.socket.resetAndDestroy();
      return;
    }
    if (hang) return;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    if (faults.state.encoding === 'json') request.headers.accept = 'application/json';
    response.setHeader('date', new Date(state.now()).toUTCString());
    response.setHeader('audit-id', `sim-${(state.counter += 1)}`);
    if (['/readyz', '/livez', '/healthz'].includes(path)) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
    } else if (request.headers.authorization !== `Bearer ${token}`) sendStatus(response, unauthorized());
    else await this.#answer(request, response, url, path);
  }

  async #answer(request: IncomingMessage, response: ServerResponse, url: URL, path: string): Promise<void> {
    const { state, faults } = this.options;
    const proxied = parseProxyRoute(path);
    if (proxied !== null) {
      this.#count('get pods/proxy');
      proxyToPod(response, state, faults, proxied);
      return;
    }
    const resources = resourcesOf(state);
    const document = discover(path, resources.filter(this.#views.served), state.kubernetesVersion);
    if (document !== null) {
      sendJson(response, document);
      return;
    }
    const route = parseRoute(path, resources);
    if (route === null) sendPageNotFound(response);
    else await this.#serve(request, response, url, route);
  }

  #count(what: string): void {
    this.requests[what] = (this.requests[what] ?? 0) + 1;
  }

  async #serve(request: IncomingMessage, response: ServerResponse, url: URL, route: Route): Promise<void> {
    const { resource, namespace, name } = route;
    const { faults } = this.options;
    const watching = ['true', '1'].includes(url.searchParams.get('watch') ?? '');
    const verb = name !== null ? 'get' : watching ? 'watch' : 'list';
    this.#count(`${verb} ${resource.resource}`);
    const rejection = faults.rejectionFor(verb, resource.resource);
    if (rejection !== null) {
      const { retryAfter } = rejection;
      const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
      sendStatus(response, genericStatus(rejection.status), headers);
      return;
    }
    if (faults.state.encoding === 'not-acceptable' && accepts(request, PROTOBUF)) {
      request.headers.accept = 'application/json';
      sendStatus(response, notAcceptable());
      return;
    }
    // RBAC is checked before existence: a denied kind is denied whether or not it exists.
    const writes = request.method === 'GET' ? null : (WRITE_VERBS[request.method ?? ''] ?? 'use');
    if (writes !== null || faults.isDenied(resource.resource)) {
      sendStatus(response, forbidden(writes ?? verb, resource.resource, resource.group, namespace, name));
      return;
    }
    const view = this.#views.of(resource);
    if (view === null) this.#sendAbsent(response, resource);
    else if (name !== null) sendObject(response, view, route, name);
    else {
      const query = readQuery(url.searchParams, resource, namespace);
      if ('status' in query) sendStatus(response, query);
      else if (query.watch) await this.#watch(request, response, resource, view, query);
      else await this.#list(request, response, resource, view, query);
    }
  }

  /** A group version without any served kind has no endpoint at all. */
  #sendAbsent(response: ServerResponse, resource: ResourceRow): void {
    const version = groupVersion(resource);
    if (resourcesOf(this.options.state).some((other) => groupVersion(other) === version && this.#views.served(other))) {
      sendStatus(response, noResource());
    } else sendPageNotFound(response);
  }

  async #watch(
    request: IncomingMessage,
    response: ServerResponse,
    resource: ResourceRow,
    view: View,
    query: Query,
  ): Promise<void> {
    const { state, faults, bookmarkMs } = this.options;
    const { watchList } = faults.state;
    if (query.sendInitialEvents && watchList === 'off') {
      sendStatus(response, noWatchList());
      return;
    }
    if (query.sendInitialEvents && faults.state.cutLists) {
      response.writeHead(200, { 'content-type': `${PROTOBUF};stream=watch` });
      response.write(CUT_FRAME);
      response.socket?.end();
      return;
    }
    const read = { ...query, sendInitialEvents: query.sendInitialEvents && watchList !== 'ignored' };
    const watch = new Watch(resource, view, read, request, response, {
      bookmarkMs,
      currentRv: () => state.revisions.current,
      faults,
      initialEventsEnd: watchList === 'endless' ? 'never' : watchList === 'slow' ? 'end' : 'go on',
    });
    this.#watches.add(watch);
    await watch.ended;
    this.#watches.delete(watch);
  }

  async #list(
    request: IncomingMessage,
    response: ServerResponse,
    resource: ResourceRow,
    view: View,
    query: Query,
  ): Promise<void> {
    if (this.options.faults.state.cutLists) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(
        `{"kind":"${resource.kind}List","apiVersion":"${groupVersion(resource)}","metadata":{"resourceVersion":"1"},"items":[{"metada`,
      );
      response.socket?.end();
      return;
    }
    if (this.options.faults.state.bombs) {
      sendBomb(response);
      return;
    }
    const page = this.#lists.page(view, query);
    if ('status' in page) sendStatus(response, page);
    else await sendList(request, response, resource, view, page);
  }
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

/** The plain text response of the server's mux, which is not a `Status`. */
function sendPageNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
}

function sendObject(response: ServerResponse, view: View, { resource, namespace }: Route, name: string): void {
  const entry = view.find(namespace === null ? name : `${namespace}/${name}`);
  if (entry === undefined) sendStatus(response, notFound(resource.resource, resource.group, name));
  else sendJson(response, { kind: resource.kind, apiVersion: groupVersion(resource), ...view.render(entry) });
}
