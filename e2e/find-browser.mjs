// Finds a Chromium for the browser tests, installs one, or reports why there is none. Order: IFSCOPE_CHROMIUM, Debian's
// Chromium, Google Chrome, Playwright's own; then installation by apt-get (as root on Debian) or by Playwright.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const known = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function installed() {
  const asked = process.env.IFSCOPE_CHROMIUM;
  if (asked) return existsSync(asked) ? { path: asked } : { missing: `IFSCOPE_CHROMIUM=${asked} does not exist` };
  const found = [...known, chromium.executablePath()].find((file) => existsSync(file));
  return found ? { path: found } : null;
}

/** `{ path }` of an executable, or `{ missing }` with the reason in words. */
export function findBrowser() {
  const found = installed();
  if (found) return found;
  const tried = [];
  const run = (command, args) => {
    console.log(`no Chromium found; trying: ${command} ${args.join(' ')}`);
    const { status } = spawnSync(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 600_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) tried.push(`${command} ${args.join(' ')} failed`);
    return status === 0;
  };
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    if (run('apt-get', ['update', '-qq'])) run('apt-get', ['install', '-y', '-qq', 'chromium']);
  }
  const debian = installed();
  if (debian) return debian;
  run('playwright', ['install', 'chromium']);
  return (
    installed() ?? { missing: `no Chromium: ${tried.join('; ')}. Install one, or set IFSCOPE_CHROMIUM to its path` }
  );
}
