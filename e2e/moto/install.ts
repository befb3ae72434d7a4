// Installs moto once, in a Python virtual environment outside the checkout; later runs reuse it.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { giveUp, keptAt, orMissing, runAsProgram, type Missing } from '../built';

const MOTO = '5.2.5';

const environment = keptAt(`moto-${MOTO}`);

/** The path of moto_server, or the reason when it is not installed. */
export const findMoto = (): string | Missing =>
  orMissing(
    path.join(environment, 'bin', 'moto_server'),
    'moto is not installed: npm run test:moto installs it (Python 3)',
  );

function install(): void {
  if (typeof findMoto() === 'string') return;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['python3', ['-m', 'venv', environment]],
    [
      path.join(environment, 'bin', 'pip'),
      ['install', '--quiet', '--disable-pip-version-check', `moto[ec2,server]==${MOTO}`],
    ],
  ];
  for (const [command, args] of steps) {
    if (spawnSync(command, args, { stdio: 'inherit' }).status === 0) continue;
    rmSync(environment, { recursive: true, force: true });
    giveUp(`${command} ${args.join(' ')} failed: the tests against moto need Python 3 with venv and pip`);
  }
}

if (process.argv[1] === import.meta.filename) runAsProgram(install, findMoto);
