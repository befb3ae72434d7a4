/**
 * The source of facts: the value of `--from`, or the default.
 *
 * The demo is the default only if there is no kubeconfig at all: it never replaces a configured cluster.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { Problem } from './problem';

/** The source of facts. `because`: why the demo was chosen. */
export type From =
  | { readonly kind: 'demo'; readonly because: string }
  | { readonly kind: 'in-cluster' }
  | { readonly kind: 'context'; readonly context: string }
  /** A folder, an archive of one, or a single file with API answers. */
  | { readonly kind: 'capture'; readonly folder: string }
  | { readonly kind: 'snapshot'; readonly file: string }
  /** Another ifscope. The URL has no trailing `/`. */
  | { readonly kind: 'ifscope'; readonly url: string };

/** A source with a cluster's API. */
export type ClusterFrom = Extract<From, { kind: 'demo' | 'in-cluster' | 'context' }>;
/** A live source, which may be collected in a thread. */
export type LiveFrom = ClusterFrom | Extract<From, { kind: 'ifscope' }>;

/** The surroundings of the process. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths are resolved against this folder. */
  readonly workingFolder: string;
}

/** npm scripts that start the command. npm runs them in the package's folder; `INIT_CWD` has the user's folder. */
const OWN_SCRIPTS = new Set(['ifscope', 'start', 'demo']);
/** The folder that relative paths are resolved against. */
export const workingFolderOf = (env: World['env'], cwd: string): string =>
  OWN_SCRIPTS.has(env.npm_lifecycle_event ?? '') ? (env.INIT_CWD ?? cwd) : cwd;

/** The surroundings of this process. */
export const processWorld = (): World => ({
  env: process.env,
  workingFolder: workingFolderOf(process.env, process.cwd()),
});

/** Loaded on demand, because the Kubernetes client takes a second to load. */
const kubeconfigReader = () => import('../sources/kubernetes/kubeconfig');
type Reader = Awaited<ReturnType<typeof kubeconfigReader>>;

/** Turns an error of the reader, which is already one line, into a `Problem`. */
function reading<T>(kind: Problem['kind'], reader: Reader, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof reader.ConnectionError)) throw error;
    throw new Problem(kind, `${error.message}; fix it, or use --from with another context, a file or demo`);
  }
}

/** The file that `--from -` reads. */
const STDIN = '/dev/stdin';

/** A folder is a capture; a file is identified by its content. Null when the path does not exist. */
function fromPath(text: string, world: World): From | null {
  const full = path.resolve(world.workingFolder, text);
  if (!existsSync(full)) return null;
  const stats = statSync(full);
  const isCapture = stats.isDirectory() || stats.isFIFO() || (stats.isFile() && !isSnapshotFile(full));
  return isCapture ? { kind: 'capture', folder: full } : { kind: 'snapshot', file: full };
}

/**
 * A snapshot begins with its schema. For JSON that is neither snapshot nor capture, the snapshot reader reports the
 * error.
 */
function isSnapshotFile(file: string): boolean {
  const head = headOf(file);
  if (/^\s*\{\s*"schema"/.test(head)) return true;
  return file.endsWith('.json') && /^\s*\{/.test(head) && !ANSWER.test(head);
}

/** Recognises an answer of Kubernetes, EC2 or ipamd by its first lines. */
const ANSWER =
  /"(kind|apiVersion|items|NetworkInterfaces?|NetworkInterfaceId|Reservations|Instances|InstanceId|InstanceTypes?|Subnets|SubnetId|Subnet\w*CidrReservations|ENIs|ENIIPPools|AssignedIPs)"\s*:/;

function headOf(file: string): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const head = Buffer.alloc(8192);
      return head.toString('utf8', 0, readSync(handle, head));
    } finally {
      closeSync(handle);
    }
  } catch {
    // The reader of the file will report why it cannot be read.
    return '';
  }
}

const looksLikePath = (text: string): boolean =>
  /^(\.{0,2}[/\\]|~|\.{1,2}$)|\.(json|ya?ml|zip|tar|tgz|tar\.gz)$|[/\\]$/i.test(text);

/** Another ifscope. Tokens in the URL are refused, because the URL is shown and logged. */
function fromUrl(text: string): From {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null) throw new Problem('usage', `--from ${text}: not an address`);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Problem(
      'usage',
      `--from ${url.origin}${url.pathname}: give the address alone, as scheme, host and path; a token goes into IFSCOPE_FROM_TOKEN`,
    );
  return { kind: 'ifscope', url: url.href.replace(/\/+$/, '') };
}

async function fromName(text: string, world: World): Promise<From> {
  if (/^https?:\/\//i.test(text)) return fromUrl(text);
  if (text === '-') return { kind: 'capture', folder: STDIN };
  if (looksLikePath(text)) {
    const found = fromPath(text, world);
    if (found !== null) return found;
    throw new Problem(
      'usage',
      `--from ${text}: no such file or folder; give a capture, a snapshot file, a kubeconfig context, the address of another ifscope, in-cluster or demo`,
    );
  }
  // A bare name may be both a context and a path. The context wins; the path can be written with `./`.
  const reader = await kubeconfigReader();
  const files = reader.findKubeconfig(world.env);
  let known = 'there is no kubeconfig';
  if (files.length > 0) {
    const found = fromPath(text, world);
    let contexts: readonly string[] = [];
    try {
      contexts = reader.loadKubeconfig(files).contexts.map(({ name }) => name);
    } catch (error) {
      if (found !== null) return found;
      return reading('runtime', reader, () => {
        throw error;
      });
    }
    if (contexts.includes(text)) {
      reading('usage', reader, () => reader.chooseContext(reader.loadKubeconfig(files), text, files));
      return { kind: 'context', context: text };
    }
    known = contexts.length === 0 ? 'the kubeconfig has none' : `there are: ${contexts.slice(0, 12).join(', ')}`;
  }
  const found = fromPath(text, world);
  if (found !== null) return found;
  throw new Problem(
    'usage',
    `--from ${text}: unknown context (${known}), and no such file or folder; demo and in-cluster are the other choices`,
  );
}

async function fromDefault(world: World): Promise<From> {
  const reader = await kubeconfigReader();
  const configuration = reader.findConfiguration(world.env);
  switch (configuration.kind) {
    case 'in-cluster':
      return { kind: 'in-cluster' };
    case 'none':
      return { kind: 'demo', because: 'there is no kubeconfig' };
    case 'kubeconfig': {
      const { paths } = configuration;
      const config = reading('runtime', reader, () => reader.loadKubeconfig(paths));
      return { kind: 'context', context: reading('usage', reader, () => reader.chooseContext(config, null, paths)) };
    }
  }
}

/** Reads `--from`; `undefined` or an empty text means the default. Throws a `Problem`. */
export async function resolveFrom(text: string | undefined, world: World = processWorld()): Promise<From> {
  switch (text ?? '') {
    case '':
      return fromDefault(world);
    case 'demo':
      return { kind: 'demo', because: 'as requested' };
    case 'in-cluster':
      if ((await kubeconfigReader()).findConfiguration(world.env).kind !== 'in-cluster')
        throw new Problem(
          'usage',
          '--from in-cluster: there is no service account here; run it in a pod, or name a kubeconfig context',
        );
      return { kind: 'in-cluster' };
    default:
      return fromName(text ?? '', world);
  }
}

/** The text that `resolveFrom` turns back into `from`, independent of the working folder. */
export function formatFrom(from: From): string {
  switch (from.kind) {
    case 'demo':
    case 'in-cluster':
      return from.kind;
    case 'context':
      return from.context;
    case 'capture':
      return from.folder;
    case 'snapshot':
      return from.file;
    case 'ifscope':
      return from.url;
  }
}

/** A short description of the source for the user. */
export function describeFrom(from: From): string {
  switch (from.kind) {
    case 'demo':
      return `demo cluster (${from.because})`;
    case 'in-cluster':
      return 'the cluster it runs in';
    case 'context':
      return `the cluster of context ${from.context}`;
    case 'capture':
      return `capture ${from.folder}`;
    case 'snapshot':
      return `snapshot ${from.file}`;
    case 'ifscope':
      return `the ifscope at ${from.url}`;
  }
}
