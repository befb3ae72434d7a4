// Completes package-lock.json after `npm install` from a registry that serves packages for a single platform: npm then
// omits the optional packages of other platforms from the lock file, and `npm ci` refuses it. Adds an entry (version,
// os, cpu) for each, as npm writes it if all are served, and requests missing integrity hashes from the registry.
//
//   node e2e/complete-lock.mjs
import { execFileSync } from 'node:child_process';
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
let completed = 0;
for (const [where, entry] of Object.entries(lock.packages)) {
  if (where === '' || entry.link === true || entry.integrity !== undefined) continue;
  const name = where.slice(where.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const asked = ['view', `${name}@${entry.version}`, 'dist.integrity'];
  const integrity = execFileSync('npm', asked, { encoding: 'utf8' }).trim();
  const { version, ...rest } = entry;
  lock.packages[where] = { version, integrity, ...rest };
  completed++;
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} optional packages of other platforms added, ${completed} entries completed`);
