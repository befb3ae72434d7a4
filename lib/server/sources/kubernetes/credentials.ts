/**
 * A kubeconfig's credentials: read as kubectl reads them where `@kubernetes/client-node` differs, and checked before
 * the first request, so that the error names a missing file or plugin and its remedy.
 */
import { X509Certificate } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Cluster, User } from '@kubernetes/client-node';
import { fields } from '../../../normalise/read/guards';
import { parse } from 'yaml';

type Raw = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A user's entry with what only kubectl supports: `tokenFile`, and plugins beside the kubeconfig. */
function userAsKubectl(user: Raw, folder: string): Raw {
  const { tokenFile, exec, ...rest } = user;
  const command = text(fields(exec)['command']);
  const isBeside = command.includes('/') && !path.isAbsolute(command);
  return {
    ...rest,
    ...(exec === undefined
      ? {}
      : { exec: isBeside ? { ...fields(exec), command: path.resolve(folder, command) } : exec }),
    // The client's own form of a token that is read from a file repeatedly.
    ...(text(tokenFile) === ''
      ? {}
      : { 'auth-provider': { name: 'tokenFile', config: { tokenFile: path.resolve(folder, text(tokenFile)) } } }),
  };
}

/** The text of a kubeconfig in `folder`, in a form that the client reads as kubectl reads the text. */
export function asKubectl(kubeconfig: string, folder: string): string {
  const whole: unknown = parse(kubeconfig);
  const { users } = fields(whole);
  if (!Array.isArray(users)) return kubeconfig;
  const read = users.map((each: unknown) => ({
    ...fields(each),
    user: userAsKubectl(fields(fields(each)['user']), folder),
  }));
  return JSON.stringify({ ...fields(whole), users: read });
}

interface Held {
  readonly file?: string | undefined;
  readonly data?: string | undefined;
}

/** The bytes of a file or of base64; null if there is neither. Throws the error of the file. */
function bytesOf(what: string, { file, data }: Held): Buffer | null {
  if (data !== undefined && data !== '') return Buffer.from(data, 'base64');
  if (file === undefined || file === '') return null;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`names the ${what} ${file}, which cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

const reasonOf = (error: unknown): string => {
  const code = text(fields(error)['code']);
  return code === 'ENOENT' ? 'no such file' : code === 'EACCES' ? 'permission denied' : code;
};

/** Whether the operating system can start this command. */
function isThere(command: string, env: Readonly<Record<string, string | undefined>>): boolean {
  const places = command.includes('/') ? [''] : (env['PATH'] ?? '').split(path.delimiter);
  return places.some((place) => {
    try {
      accessSync(path.join(place, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const pluginEnv = (exec: Raw): Record<string, string> =>
  Object.fromEntries(
    (Array.isArray(exec['env']) ? exec['env'] : []).map((each: unknown) => [
      text(fields(each)['name']),
      text(fields(each)['value']),
    ]),
  );

function pluginProblem(exec: Raw, env: Readonly<Record<string, string | undefined>>): string | null {
  const command = text(exec['command']);
  if (command === '') return 'names a credential plugin without a command';
  // On Windows, the file's extension decides.
  if (process.platform === 'win32' || isThere(command, { ...env, ...pluginEnv(exec) })) return null;
  const where = command.includes('/') ? 'is not there or may not be executed' : 'is not on the PATH';
  return `gets credentials from the plugin ${command}, which ${where}: install it, or run this where kubectl works`;
}

function certificateProblem({ certFile, certData, keyFile, keyData }: User): string | null {
  const cert = bytesOf('client-certificate', { file: certFile, data: certData });
  const key = bytesOf('client-key', { file: keyFile, data: keyData });
  if (cert === null && key === null) return null;
  if (cert === null) return 'has a client-key without a client-certificate';
  if (key === null) return 'has a client-certificate without a client-key';
  try {
    createSecureContext({ cert, key });
  } catch {
    return 'has a client-certificate and a client-key that do not belong together or are no PEM';
  }
  const until = new Date(new X509Certificate(cert).validTo);
  if (until.getTime() > Date.now()) return null;
  return `has a client certificate that expired on ${until.toISOString().slice(0, 10)}: get a new kubeconfig from whoever issued it`;
}

function tokenProblem({ authProvider }: User): string | null {
  const { name, config } = fields(authProvider);
  const file = text(fields(config)['tokenFile']);
  if (file !== '') {
    const token = bytesOf('tokenFile', { file });
    return token?.toString().trim() === '' ? `has the tokenFile ${file}, which is empty` : null;
  }
  // Others are those that client-go still supports.
  if (name !== 'gcp' && name !== 'azure') return null;
  return `uses the auth-provider ${name}, which kubectl has not had since 1.26: have the cloud's command write a new kubeconfig, with a plugin (exec)`;
}

/** The error in a user's credentials, as the rest of a sentence about the user; null if no error is found. */
export function problemOfUser(user: User, env: Readonly<Record<string, string | undefined>>): string | null {
  try {
    if (user.exec !== undefined && user.exec !== null) return pluginProblem(fields(user.exec), env);
    return certificateProblem(user) ?? tokenProblem(user);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The error in a cluster's entry, likewise. */
export function problemOfCluster({ caFile, caData, skipTLSVerify, proxyUrl }: Cluster): string | null {
  if (proxyUrl !== undefined && proxyUrl !== '' && !/^(https?|socks5h?):\/\//.test(proxyUrl))
    return `has the proxy-url ${proxyUrl}: give an http, https or socks5 URL`;
  if (skipTLSVerify) return null;
  try {
    const ca = bytesOf('certificate-authority', { file: caFile, data: caData });
    return ca === null || ca.includes('-----BEGIN CERTIFICATE-----')
      ? null
      : 'has a certificate-authority that contains no certificate in PEM';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
