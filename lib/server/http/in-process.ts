/**
 * Request headers that parts of this process use among themselves. They contain a secret, so no client can forge them.
 * Next loads modules of `lib` several times in one process, hence `globalThis`.
 */
import { randomBytes } from 'node:crypto';
import { equalSecrets } from './equal-secrets';

const SLOT = Symbol.for('ifscope.in-process-secret');
type Global = { [SLOT]?: string };

const secret = (): string => ((globalThis as Global)[SLOT] ??= randomBytes(24).toString('hex'));

/** A header value that `unsealed` accepts in this process only. */
export const sealed = (value: unknown): string =>
  `${secret()}.${Buffer.from(JSON.stringify(value)).toString('base64url')}`;

/** The value that was sealed; undefined for anything else. */
export function unsealed(header: string | null): unknown {
  const [given, value] = (header ?? '').split('.');
  if (given === undefined || value === undefined || !equalSecrets(given, secret())) return undefined;
  return JSON.parse(Buffer.from(value, 'base64url').toString());
}
