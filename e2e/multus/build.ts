// Builds, once, the program that calls the real Multus, and prints its path.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildGo, goVersion, keptAt, keyOf, orMissing, runAsProgram, type Missing } from '../built';

// The Go version of the release (its images/Dockerfile): Go 1.26 accepts MAC addresses without separators, 1.25 does
// not.
const TOOLCHAIN = 'go1.25.8';
const source = path.join(import.meta.dirname, 'oracle');

/** The path of the program, built or not. */
function builtBinary(): string {
  const files = ['go.mod', 'go.sum', 'main.go', 'linkname.s'].map((file) => path.join(source, file));
  return keptAt(`multus-oracle-${keyOf(files, TOOLCHAIN)}`, 'oracle');
}

/** The program, or why it is missing. */
export const findOracle = (): string | Missing =>
  orMissing(builtBinary(), 'no Multus is built yet: npm run test:multus builds one (Go, about 2 minutes)');

function build(): void {
  const target = builtBinary();
  if (existsSync(target)) return;
  goVersion(`building Multus needs Go 1.21 or later on the PATH, which fetches ${TOOLCHAIN}`);
  console.log(`building Multus with ${TOOLCHAIN}; once, about 2 minutes on 2 cores`);
  buildGo(target, source, '-s -w', { CGO_ENABLED: '0', GOTOOLCHAIN: TOOLCHAIN });
}

if (process.argv[1] === import.meta.filename) runAsProgram(build, findOracle);
