/**
 * Creates a transport from a kubeconfig context or the pod's service account. `@kubernetes/client-node` reads the
 * configuration and handles exec plugins, tokens and certificates; requests use our own shared agent.
 *
 * Credentials are requested for every request (KubeConfig caches them, and token files are read again every minute).
 * After a 401 the whole configuration is read again, which also picks up a rewritten kubeconfig.
 */
import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent, Socks5ProxyAgent } from 'undici';
import {
  checkCurrent,
  chooseContext,
  ConnectionError,
  type Environment,
  findKubeconfig,
  loadKubeconfig,
  readClusterName,
} from './kubeconfig';
import { AGENT_OPTIONS, CONNECT_OPTIONS, createTransport, type Transport } from './transport';

/** A connection to one cluster; its transport is shared. */
export interface Connection {
  readonly transport: Transport;
  /** The context's name; `in-cluster` for the service account. */
  readonly context: string;
  /** The cluster's name; null when only the API server's address is known. */
  readonly clusterName: string | null;
  /** From the cluster's name, if EKS tools have put it there; otherwise null. */
  readonly region: string | null;
}

/** The cluster to connect to. */
export interface ConnectOptions {
  /** Null: the current context. */
  readonly context: string | null;
  /** Files to read; null: those in `KUBECONFIG`, or `~/.kube/config`. */
  readonly kubeconfig?: readonly string[] | null;
  readonly env: Environment;
}

interface TlsOptions {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

const isLoopback = (host: string): boolean => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);

/** The agent for this TLS identity, through the proxy of the cluster's entry or of the environment. */
function agentFor(server: string, proxyUrl: string | undefined, tls: TlsOptions, env: Environment): Dispatcher {
  const connect = { ...CONNECT_OPTIONS, ...tls };
  const { protocol, hostname } = new URL(server);
  if (proxyUrl !== undefined && proxyUrl !== '') {
    if (/^socks5h?:/.test(proxyUrl)) return new Socks5ProxyAgent(proxyUrl, { ...AGENT_OPTIONS, requestTls: tls });
    if (/^https?:/.test(proxyUrl)) return new ProxyAgent({ ...AGENT_OPTIONS, uri: proxyUrl, requestTls: tls });
    throw new ConnectionError(`proxy-url ${proxyUrl} is not supported: http, https and socks5 are`);
  }
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const inherited = env[name.toLowerCase()] ?? env[name];
  if (inherited !== undefined && inherited !== '' && !isLoopback(hostname)) {
    return new EnvHttpProxyAgent({ ...AGENT_OPTIONS, connect, requestTls: tls });
  }
  return new Agent({ ...AGENT_OPTIONS, connect });
}

function fingerprint(tls: TlsOptions): string {
  const hash = createHash('sha256');
  for (const value of [tls.ca, tls.cert, tls.key, tls.servername, String(tls.rejectUnauthorized)]) {
    hash.update(value ?? '').update('\0');
  }
  return hash.digest('hex');
}

/**
 * KubeConfig refuses plain HTTP without `insecure-skip-tls-verify`, and sets no CA for a context without a user;
 * kubectl does neither. Both are corrected here, before KubeConfig is asked for credentials.
 */
function levelled(config: KubeConfig): KubeConfig {
  const clusters = config.clusters.map((each) =>
    each.server.startsWith('http:') ? { ...each, skipTLSVerify: true } : each,
  );
  const contexts = config.contexts.map((each) =>
    config.getUser(each.user) === null ? { ...each, user: 'anonymous' } : each,
  );
  const users = config.getUser('anonymous') === null ? [...config.users, { name: 'anonymous' }] : config.users;
  const result = new KubeConfig();
  result.loadFromOptions({ clusters, contexts, users, currentContext: config.currentContext });
  return result;
}

function transportOf(load: () => KubeConfig, env: Environment): Transport {
  let config = levelled(load());
  const server = config.getCurrentCluster()?.server ?? '';
  let refused = false;
  let agent: { readonly print: string; readonly dispatcher: Dispatcher } | null = null;
  const retired = new Set<Dispatcher>();

  const dispatcherFor = (tls: TlsOptions): Dispatcher => {
    const print = fingerprint(tls);
    if (agent?.print === print) return agent.dispatcher;
    if (agent !== null) {
      // A renewed client certificate: open watches keep the old agent, new requests use the new one.
      const old = agent.dispatcher;
      retired.add(old);
      void old
        .close()
        .catch(() => undefined)
        .then(() => retired.delete(old));
    }
    const dispatcher = agentFor(server, config.getCurrentCluster()?.proxyUrl, tls, env);
    agent = { print, dispatcher };
    return dispatcher;
  };

  return createTransport({
    server,
    through: config.getCurrentCluster()?.proxyUrl ?? null,
    async authenticate() {
      if (refused) {
        try {
          config = levelled(load());
          refused = false;
        } catch {
          // Half written during its renewal: the old certificate is used, and the file is read again for the next
          // request.
        }
      }
      const options: RequestOptions & TlsOptions = {};
      await config.applyToHTTPSOptions(options);
      const { ca, cert, key, servername, rejectUnauthorized } = options;
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(options.headers ?? {})) {
        if (typeof value === 'string') headers[name.toLowerCase()] = value.trim();
      }
      if (typeof options.auth === 'string')
        headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
      return {
        headers,
        dispatcher: dispatcherFor({
          ...(ca === undefined ? {} : { ca }),
          ...(cert === undefined ? {} : { cert }),
          ...(key === undefined ? {} : { key }),
          ...(servername === undefined ? {} : { servername }),
          ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
        }),
      };
    },
    renew() {
      refused = true;
    },
    async close() {
      const all = [...retired, ...(agent === null ? [] : [agent.dispatcher])];
      await Promise.all(all.map((each) => each.destroy()));
    },
  });
}

/** Connects by kubeconfig. Throws a one-line `ConnectionError` for an invalid configuration. Sends no request. */
export function connect(options: ConnectOptions): Connection {
  const paths = options.kubeconfig ?? findKubeconfig(options.env);
  const first = loadKubeconfig(paths);
  const context = chooseContext(first, options.context, paths);
  checkCurrent(first, paths, options.env);
  const cluster = first.getCurrentCluster()?.name ?? '';
  const transport = transportOf(() => {
    const config = loadKubeconfig(paths);
    chooseContext(config, context, paths);
    return config;
  }, options.env);
  const { name, region } = readClusterName(cluster);
  return { transport, context, clusterName: name, region };
}

/** Uses the pod's service account. Throws `ConnectionError` outside a cluster. */
export function connectInCluster(env: Environment): Connection {
  if ((env['KUBERNETES_SERVICE_HOST'] ?? '') === '') {
    throw new ConnectionError('in-cluster: KUBERNETES_SERVICE_HOST is not set, so this does not run in a pod');
  }
  const transport = transportOf(() => {
    const config = new KubeConfig();
    config.loadFromCluster();
    return config;
  }, env);
  return { transport, context: 'in-cluster', clusterName: null, region: null };
}
