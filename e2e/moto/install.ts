// Installs moto once, in a Python environment of its own outside the checkout; a second run finds it there.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const MOTO = '5.2.5';

const environment = (): string =>
  path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'ifscope', `moto-${MOTO}`);

/** The path of moto_server, or null when it is not installed. */
export function findMoto(): string | null {
  const server = path.join(environment(), 'bin', 'moto_server');
  return existsSync(server) ? server : null;
}

function install(): void {
  if (findMoto() !== null) return;
  const dir = environment();
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['python3', ['-m', 'venv', dir]],
    [path.join(dir, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', `moto[ec2,server]==${MOTO}`]],
  ];
  for (const [command, args] of steps) {
    if (spawnSync(command, args, { stdio: 'inherit' }).status === 0) continue;
    rmSync(dir, { recursive: true, force: true });
    console.error(`${command} ${args.join(' ')} failed: the tests against moto need Python 3 with venv and pip`);
    process.exit(1);
  }
}

if (process.argv[1] === import.meta.filename) {
  if (!process.argv.includes('--check')) install();
  const found = findMoto();
  if (found === null) {
    console.error('moto is not installed: npm run test:moto installs it (Python 3)');
    process.exit(1);
  }
  console.log(found);
}
