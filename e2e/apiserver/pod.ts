/**
 * A pod's service account as mounted by the kubelet, for a process on this machine: in a mount namespace of its own, at
 * the fixed path.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const FILES = ['token', 'ca.crt', 'namespace'] as const;

const MOUNT = [
  'set -e',
  'mount -t tmpfs tmpfs /run',
  'mkdir -p /run/secrets/kubernetes.io/serviceaccount',
  'mount --bind -o ro "$SERVICE_ACCOUNT" /run/secrets/kubernetes.io/serviceaccount',
  'unset SERVICE_ACCOUNT',
  'exec "$@"',
].join('\n');

export interface MountedAccount {
  /** A command prefix that runs the rest where the account is mounted, with `env`. */
  readonly within: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Replaces all files at once, as the kubelet does: `..data` is a link to a folder and is pointed at another one. */
  write(token: string): void;
  remove(): void;
}

export function mountAccount(ca: string): MountedAccount {
  const folder = mkdtempSync(path.join(tmpdir(), 'ifscope-account-'));
  let version = 0;
  for (const name of FILES) symlinkSync(path.join('..data', name), path.join(folder, name));
  return {
    within: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', MOUNT, 'sh'],
    env: { SERVICE_ACCOUNT: folder },
    write(token) {
      version++;
      const content = { token, 'ca.crt': ca, namespace: 'ifscope' };
      const data = `..${version}`;
      mkdirSync(path.join(folder, data));
      for (const name of FILES) writeFileSync(path.join(folder, data, name), content[name]);
      symlinkSync(data, path.join(folder, '..data_tmp'));
      renameSync(path.join(folder, '..data_tmp'), path.join(folder, '..data'));
      if (version > 1) rmSync(path.join(folder, `..${version - 1}`), { recursive: true });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
