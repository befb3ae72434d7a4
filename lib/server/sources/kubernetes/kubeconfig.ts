/**
 * Reads kubeconfig files as kubectl does: `KUBECONFIG` may name several, missing ones are skipped, and the first file
 * that defines a name wins. Every error is one line for the user: the value, what is wrong with it, and the
 * alternatives.
 */
import { accessSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { KubeConfig, type Context } from '@kubernetes/client-node';
import { oneLine } from '../reason';
import { asKubectl, problemOfCluster, problemOfUser } from './credentials';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Its message is one line and is shown to the user unchanged. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

const exists = (path: string): boolean => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
};

/** The location of the configuration, without reading it. `none`: no cluster is configured on this machine. */
export type Configuration =
  | { readonly kind: 'in-cluster' }
  | { readonly kind: 'kubeconfig'; readonly paths: readonly string[] }
  | { readonly kind: 'none' };

/** The files in `KUBECONFIG`, existing or not; otherwise `~/.kube/config` if it exists. */
export function findKubeconfig(env: Environment): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (named.length > 0) return named;
  const home = env['HOME'] ?? env['USERPROFILE'];
  const path = home === undefined ? null : join(home, '.kube', 'config');
  return path !== null && exists(path) ? [path] : [];
}

/** The service account takes precedence over a kubeconfig. */
export function findConfiguration(env: Environment): Configuration {
  if ((env['KUBERNETES_SERVICE_HOST'] ?? '') !== '' && exists(SERVICE_ACCOUNT_TOKEN)) return { kind: 'in-cluster' };
  const paths = findKubeconfig(env);
  return paths.length > 0 ? { kind: 'kubeconfig', paths } : { kind: 'none' };
}

const why = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a directory';
  return oneLine(error instanceof Error ? error.message : String(error));
};

function readOne(path: string): KubeConfig {
  const config = new KubeConfig();
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConnectionError(`kubeconfig ${path} cannot be read: ${why(error)}`);
  }
  try {
    config.loadFromString(asKubectl(text, dirname(path)));
    config.makePathsAbsolute(dirname(path));
  } catch (error) {
    throw new ConnectionError(`kubeconfig ${path} is not valid: ${why(error)}`);
  }
  return config;
}

const mergeNamed = <T extends { readonly name: string }>(lists: readonly (readonly T[])[]): T[] => {
  const merged = new Map<string, T>();
  for (const each of lists.flat()) if (!merged.has(each.name)) merged.set(each.name, each);
  return [...merged.values()];
};

/** All files as one configuration. Throws `ConnectionError`. */
export function loadKubeconfig(paths: readonly string[]): KubeConfig {
  const readable = paths.length > 1 ? paths.filter(exists) : paths;
  if (readable.length === 0) {
    throw new ConnectionError(
      paths.length === 0
        ? 'no kubeconfig found: set KUBECONFIG or create ~/.kube/config'
        : `kubeconfig ${paths.join(delimiter)}: no such file`,
    );
  }
  const configs = readable.map(readOne);
  const merged = new KubeConfig();
  merged.loadFromOptions({
    clusters: mergeNamed(configs.map((config) => config.clusters)),
    users: mergeNamed(configs.map((config) => config.users)),
    contexts: mergeNamed(configs.map((config) => config.contexts)),
    currentContext: configs.map((config) => config.currentContext as string | undefined).find(Boolean) ?? '',
  });
  return merged;
}

const quoteAll = (contexts: readonly Context[]): string =>
  contexts.length === 0 ? 'there are none' : `there are: ${contexts.map(({ name }) => name).join(', ')}`;

/** Makes `name` the current context; null: the configured one. Throws `ConnectionError`. */
export function chooseContext(config: KubeConfig, name: string | null, paths: readonly string[]): string {
  const wanted = name ?? config.currentContext;
  const where = paths.join(delimiter);
  if (wanted === '')
    throw new ConnectionError(`kubeconfig ${where} has no current context; ${quoteAll(config.contexts)}`);
  const context = config.contexts.find((each) => each.name === wanted);
  if (context === undefined) {
    throw new ConnectionError(
      `unknown context ${JSON.stringify(wanted)} in kubeconfig ${where}; ${quoteAll(config.contexts)}`,
    );
  }
  const cluster = config.getCluster(context.cluster);
  if (cluster === null) {
    throw new ConnectionError(
      `context ${JSON.stringify(wanted)} names cluster ${JSON.stringify(context.cluster)}, which kubeconfig ${where} does not have`,
    );
  }
  if (!/^https?:$/.test(URL.parse(cluster.server)?.protocol ?? '')) {
    throw new ConnectionError(
      `cluster ${JSON.stringify(context.cluster)} in kubeconfig ${where} has server ${JSON.stringify(cluster.server)}, which is not an http or https URL`,
    );
  }
  config.setCurrentContext(wanted);
  return wanted;
}

/** Throws `ConnectionError` if the current context cannot be used, whatever its server answers. */
export function checkCurrent(config: KubeConfig, paths: readonly string[], env: Environment): void {
  const where = paths.join(delimiter);
  const context = config.getContextObject(config.currentContext);
  const { cluster: clusterName = '', user: userName = '' } = context ?? {};
  const cluster = config.getCluster(clusterName);
  const user = config.getUser(userName);
  if (userName !== '' && user === null)
    throw new ConnectionError(
      `context ${JSON.stringify(config.currentContext)} names user ${JSON.stringify(userName)}, which kubeconfig ${where} does not have`,
    );
  const [of, name, problem] = [
    ['cluster', clusterName, cluster === null ? null : problemOfCluster(cluster)] as const,
    ['user', userName, user === null ? null : problemOfUser(user, env)] as const,
  ].find(([, , found]) => found !== null) ?? ['', '', null];
  if (problem !== null) throw new ConnectionError(`${of} ${JSON.stringify(name)} in kubeconfig ${where} ${problem}`);
}

/** `arn:aws:eks:REGION:ACCOUNT:cluster/NAME` (aws eks update-kubeconfig) and `NAME.REGION.eksctl.io` (eksctl). */
export function readClusterName(cluster: string): { readonly name: string; readonly region: string | null } {
  const arn = /^arn:[\w-]+:eks:([\w-]+):\d*:cluster\/(.+)$/.exec(cluster);
  if (arn !== null) return { name: arn[2] ?? cluster, region: arn[1] ?? null };
  const eksctl = /^(.+)\.([a-z]{2}(?:-[a-z]+)+-\d+)\.eksctl\.io$/.exec(cluster);
  if (eksctl !== null) return { name: eksctl[1] ?? cluster, region: eksctl[2] ?? null };
  return { name: cluster, region: null };
}
