// Completes package-lock.json after `npm install` behind a registry that serves packages for one platform only: npm then leaves
// the other platforms' optional packages out of the lock, and `npm ci` refuses it. Adds an entry (version, os, cpu) for each, as
// npm writes them where all are served; without an integrity, which only the package itself could tell.
//
//   node e2e/complete-lock.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const added = [];
for (const [where, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const places = [];
    for (let at = where; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      places.push(`${at === '' ? '' : `${at}/`}node_modules/${name}`);
      if (at === '' || !at.includes('/node_modules/')) {
        places.push(`node_modules/${name}`);
        break;
      }
    }
    if (places.some((place) => place in lock.packages)) continue;
    const words = name.split(/[-/]/);
    const os = OS.filter((word) => words.includes(word));
    const cpu = CPU.filter((word) => words.includes(word));
    if (os.length + cpu.length === 0) continue;
    const nested = where.startsWith('node_modules/') && lock.packages[`node_modules/${name}`] !== undefined;
    lock.packages[nested ? `${where}/node_modules/${name}` : `node_modules/${name}`] = {
      version: range.replace(/^[\^~]/, ''),
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(entry.dev === true ? { dev: true } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} optional packages of other platforms added`);
