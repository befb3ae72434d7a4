// `npm test`: runs every gate and stops at the first failure. With --all (as in .ci/run) nothing may be skipped: the
// real kube-apiserver, Multus and the CNI plugins are built, moto is installed, and a missing browser is a failure. With
// CI=true, so is a skipped part of a gate that this machine can run.
// `npm test -- --only unit,browser` runs only some.
//
// Gates against real servers mostly wait, so they run concurrently with those that compute. Gates that measure time or
// drive a browser run afterwards, alone.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { skippedParts } from './skipped-parts.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `ifscope needs Node 22.19 or later, this is ${process.versions.node}: run it as an npm script after "npm ci", which brings Node 24 along on Linux`,
  );
  process.exit(2);
}

const args = process.argv.slice(2);
const all = args.includes('--all');
const isCi = process.env.CI === 'true';
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '').split(',') : null;

/** Tests within the gates record here what they skip, and why (`e2e/testing/skipped.ts`). */
const notes = mkdtempSync(path.join(tmpdir(), 'ifscope-tests-'));
const SKIPPED = path.join(notes, 'skipped');

/**
 * Runs a command to its end; resolves to true if it succeeded. With `log`, its output is collected there instead of
 * shown.
 */
const run = (command, rest, { env = {}, log = null } = {}) =>
  new Promise((resolve) => {
    const child = spawn(command, rest, {
      stdio: ['inherit', log === null ? 'inherit' : 'pipe', log === null ? 'inherit' : 'pipe'],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', IFSCOPE_SKIPPED: SKIPPED, ...env },
    });
    child.stdout?.on('data', (chunk) => log.push(chunk));
    child.stderr?.on('data', (chunk) => log.push(chunk));
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('close', (code) => resolve(code === 0));
  });

/**
 * A gate that compares with a program, which a file in the gate's folder builds or installs: with --all first,
 * otherwise it must already exist.
 */
const beside =
  (folder, maker = 'build.ts') =>
  (log) => {
    if (all) return run('npm', ['run', '--silent', `test:${folder}`], { log });
    const found = spawnSync('tsx', [`e2e/${folder}/${maker}`, '--check'], { encoding: 'utf8' });
    if (found.status !== 0) return found.stderr.trim();
    return run('vitest', ['run', '--config', `e2e/${folder}/vitest.config.ts`], { log });
  };

/** Whether this run has built the package. */
let isPackaged = false;
const packaged = async () => (isPackaged = await run('npm', ['run', '--silent', 'test:package']));

/** A machine may have everything except Debian's tools and the packages for two architectures. */
const image = async (log) => {
  if (all) {
    const { status, stderr, error } = spawnSync('tsx', ['e2e/image/build.ts'], { encoding: 'utf8', timeout: 360_000 });
    const why = /^\w*Error: .*/m.exec(stderr)?.[0] ?? error?.message ?? stderr.trim();
    // 3: this machine lacks the tools (`e2e/image/build.ts`).
    if (status !== 0) return isCi && status !== 3 ? why : { lacking: why };
  }
  if (isPackaged) return run('vitest', ['run', '--config', 'e2e/image/vitest.config.ts'], { log });
  return beside('image')(log);
};

/**
 * Each gate resolves to true, to false, or to a text: the reason why it was skipped. With --all that is a failure,
 * unless the machine is `lacking` something.
 */
const computing = [
  ['format', 'format', () => run('prettier', ['--check', '--log-level', 'warn', '.'])],
  ['types', 'types', () => run('tsc', ['--noEmit'])],
  ['lint', 'lint', () => run('eslint', ['.', '--max-warnings', '0'])],
  ['imports', 'dependency rule', () => run('tsx', ['e2e/check-imports.ts'])],
  ['dead', 'dead code', () => run('knip', [])],
  ['unit', 'unit, property, golden and simulator tests', () => run('vitest', ['run'])],
];
const servers = [
  ['apiserver', 'real kube-apiserver', beside('apiserver')],
  ['helm', 'chart, alerts and metrics by Helm and promtool', beside('helm')],
  ['multus', 'annotations against the real Multus', beside('multus')],
  ['plugins', 'CNI configs against the real plugins', beside('plugins')],
  ['moto', 'EC2 source against moto', beside('moto', 'install.ts')],
];
const alone = [
  ['bench', 'costs as ratios', () => run('tsx', ['bench/run.ts', 'quick'])],
  ['build', 'build', () => run('node', ['lib/cli/ifscope.mjs', 'build'])],
  ['package', 'package, installed and started', packaged],
  ['image', 'image, built and run', image],
  ['browser', 'browser tests', browser],
];

async function browser() {
  const { findBrowser } = await import('./find-browser.mjs');
  const found = findBrowser();
  if ('missing' in found) return found.missing;
  return run('playwright', ['test', '--config', 'e2e/playwright.config.ts'], {
    env: { IFSCOPE_CHROMIUM: found.path },
  });
}

const summary = [];
let failed = 0;

/**
 * Runs gates one after the other until one fails, in this lane or the other. If `quiet`, each prints its output once it
 * has ended.
 */
async function lane(gates, { quiet = false } = {}) {
  for (const [key, name, gate] of gates) {
    if (failed > 0) return;
    if (only !== null && !only.includes(key)) continue;
    const started = performance.now();
    if (!quiet) console.log(`\n── ${name}`);
    const log = [];
    const result = await gate(quiet ? log : null);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (quiet) process.stdout.write(`\n── ${name} · ${seconds} s\n${Buffer.concat(log).toString()}`);
    if (result === true) summary.push(`✓ ${name} · ${seconds} s`);
    else if (typeof result === 'string' && !all) summary.push(`– ${name} skipped: ${result}`);
    else if (typeof result === 'object') summary.push(`– ${name} skipped: ${result.lacking}`);
    else {
      summary.push(`✗ ${name}${typeof result === 'string' ? `: ${result}` : ''} · ${seconds} s`);
      failed++;
    }
  }
}

const began = performance.now();
await Promise.all([lane(computing), lane(servers, { quiet: true })]);
await lane(alone);

const without = skippedParts(existsSync(SKIPPED) ? readFileSync(SKIPPED, 'utf8') : '', isCi);
rmSync(notes, { recursive: true });
summary.push(...without.map(({ line }) => line));
const due = without.filter((part) => part.failed).length;

const skipped = summary.filter((line) => line.startsWith('–')).length;
console.log(`\n${summary.join('\n')}\n\n${((performance.now() - began) / 60_000).toFixed(1)} minutes`);
console.log(
  `gates: ${summary.length - without.length - skipped - failed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}${without.length > 0 ? `; ${without.length} parts of gates skipped` : ''}${due > 0 ? `, ${due} of which this machine can run: a failure in CI` : ''}`,
);
process.exitCode = failed + due === 0 ? 0 : 1;
