/**
 * Request headers for use inside this process. They contain a secret, so clients cannot forge them. Next loads modules
 * of `lib` several times in one process, so the secret is kept on `globalThis`.
 */
import { randomBytes } from 'node:crypto';
import { equalSecrets } from './equal-secrets';

const SLOT = Symbol.for('ifscope.in-process-secret');
type Global = { [SLOT]?: string };

const secret = (): string => ((globalThis as Global)[SLOT] ??= randomBytes(24).toString('hex'));

/** A header value that only `unsealed` in this process accepts. */
export const sealed = (value: unknown): string =>
  `${secret()}.${Buffer.from(JSON.stringify(value)).toString('base64url')}`;

/** The sealed value; undefined for any other header. */
export function unsealed(header: string | null): unknown {
  const [given, value] = (header ?? '').split('.');
  if (given === undefined || value === undefined || !equalSecrets(given, secret())) return undefined;
  return JSON.parse(Buffer.from(value, 'base64url').toString());
}
