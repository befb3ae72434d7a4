// `npm test`: every gate in order, one line each, the first failure ends it.
import { spawnSync } from 'node:child_process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `ifscope needs Node 22.19 or later, this is ${process.versions.node}: run it as an npm script after "npm ci", which brings Node 24 along on Linux`,
  );
  process.exit(2);
}

const steps = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'eslint', ['.', '--max-warnings', '0']],
  ['types', 'tsc', ['--noEmit']],
  [
    'dependency rule',
    'depcruise',
    ['lib', 'app', 'components', '--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
  ],
  ['unit, property and simulator tests', 'vitest', ['run']],
];

for (const [name, command, args] of steps) {
  const started = Date.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: process.env });
  if (status !== 0) {
    console.error(`✗ ${name} failed (${command} ${args.join(' ')})`);
    process.exit(1);
  }
  console.log(`✓ ${name} · ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
