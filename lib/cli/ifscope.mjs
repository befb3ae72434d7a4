#!/usr/bin/env node
// The command's entry point, in plain JavaScript, so that it can report an error on a Node version that cannot load the
// rest.
import { existsSync } from 'node:fs';

/** The published package contains the command compiled; a checkout compiles it when loading. */
const built = new URL('./built/main.mjs', import.meta.url);
const isInstalled = existsSync(built);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  const remedy = isInstalled
    ? 'install Node 24 (https://nodejs.org)'
    : 'run it as an npm script (npm start, npm run --silent ifscope -- …), which uses the Node 24 that "npm ci" brings along on Linux, or install Node 24';
  console.error(`ifscope: needs Node 22.19 or later, this is ${process.versions.node}: ${remedy}`);
  process.exit(2);
}

async function load() {
  if (isInstalled) return import(built);
  try {
    const { register } = await import('tsx/esm/api');
    register();
  } catch (error) {
    console.error(
      `ifscope: its packages are not installed (${error.code ?? error.message}): run "npm ci --include=dev" in its folder first`,
    );
    process.exit(1);
  }
  return import('./main.ts');
}
const { main } = await load();
process.exitCode = await main(process.argv.slice(2));
