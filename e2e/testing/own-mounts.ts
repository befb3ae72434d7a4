/** Whether a process can have its own mount namespace, for tests that run as in a container. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Why it cannot here; null if it can. */
export function mountObstacle(): string | null {
  const { status, error, stderr } = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `no mounts of its own here: ${error?.message ?? stderr}`;
}

const SYS_ADMIN = 1n << 21n;

/** Whether this process has the capability for it, so that an obstacle is a fault of the machine's set-up. */
export function hasMountRight(): boolean {
  if (process.platform !== 'linux') return false;
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${effective}`) & SYS_ADMIN) !== 0n;
}
