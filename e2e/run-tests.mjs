// `npm test`: every gate in order, the first failure ends it. With --all (as in .ci/run) nothing may be skipped: the real
// kube-apiserver, Multus and the CNI plugins are built, moto is installed, and a missing browser is a failure.
// `npm test -- --only unit,browser` runs some of them.
import { spawnSync } from 'node:child_process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `ifscope needs Node 22.19 or later, this is ${process.versions.node}: run it as an npm script after "npm ci", which brings Node 24 along on Linux`,
  );
  process.exit(2);
}

const args = process.argv.slice(2);
const all = args.includes('--all');
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '').split(',') : null;

const run = (command, rest, env = {}) =>
  spawnSync(command, rest, { stdio: 'inherit', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env } })
    .status === 0;

/** What it compares with is built or installed by a file of the folder: with --all first, else it must be there already. */
const beside =
  (folder, maker = 'build.ts') =>
  () => {
    if (all) return run('npm', ['run', '--silent', `test:${folder}`]);
    const found = spawnSync('tsx', [`e2e/${folder}/${maker}`, '--check'], { encoding: 'utf8' });
    if (found.status !== 0) return found.stderr.trim();
    return run('vitest', ['run', '--config', `e2e/${folder}/vitest.config.ts`]);
  };

/** Each answers true, false, or a text: skipped, and why. */
const gates = [
  ['format', 'format', () => run('prettier', ['--check', '--log-level', 'warn', '.'])],
  ['lint', 'lint', () => run('eslint', ['.', '--max-warnings', '0'])],
  ['types', 'types', () => run('tsc', ['--noEmit'])],
  ['imports', 'dependency rule', () => run('tsx', ['e2e/check-imports.ts'])],
  ['dead', 'dead code', () => run('knip', [])],
  ['unit', 'unit, property, golden and simulator tests', () => run('vitest', ['run'])],
  ['bench', 'costs as ratios', () => run('tsx', ['bench/run.ts', 'quick'])],
  ['build', 'build', () => run('node', ['lib/cli/ifscope.mjs', 'build'])],
  ['package', 'package, installed and started', () => run('npm', ['run', '--silent', 'test:package'])],
  ['browser', 'browser tests', browser],
  ['apiserver', 'real kube-apiserver', beside('apiserver')],
  ['multus', 'annotations against the real Multus', beside('multus')],
  ['plugins', 'CNI configs against the real plugins', beside('plugins')],
  ['moto', 'EC2 source against moto', beside('moto', 'install.ts')],
];

async function browser() {
  const { findBrowser } = await import('./find-browser.mjs');
  const found = findBrowser();
  if ('missing' in found) return found.missing;
  return run('playwright', ['test', '--config', 'e2e/playwright.config.ts'], { IFSCOPE_CHROMIUM: found.path });
}

const summary = [];
let failed = 0;
for (const [key, name, gate] of gates) {
  if (only !== null && !only.includes(key)) continue;
  const started = performance.now();
  console.log(`\n── ${name}`);
  const result = await gate();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (result === true) summary.push(`✓ ${name} · ${seconds} s`);
  else if (typeof result === 'string' && !all) summary.push(`– ${name} skipped: ${result}`);
  else {
    summary.push(`✗ ${name}${typeof result === 'string' ? `: ${result}` : ''} · ${seconds} s`);
    failed++;
    break;
  }
}
const skipped = summary.filter((line) => line.startsWith('–')).length;
console.log(`\n${summary.join('\n')}\n`);
console.log(
  `gates: ${summary.length - skipped - failed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
);
process.exitCode = failed === 0 ? 0 : 1;
