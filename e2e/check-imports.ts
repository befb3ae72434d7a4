/** The `imports` gate: the dependency rule of `.dependency-cruiser.cjs`, and no circular dependency between folders. */
import { spawnSync } from 'node:child_process';
import { circlesBetweenFolders, type Module } from './folder-circles';

interface Cruise {
  readonly modules: readonly Module[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

const MAX_OUTPUT = 256 * 1024 * 1024;

const { stdout, stderr } = spawnSync(
  'depcruise',
  [
    'lib',
    'app',
    'pages',
    'components',
    'deploy',
    'e2e',
    'bench',
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ],
  { encoding: 'utf8', maxBuffer: MAX_OUTPUT },
);
if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${stderr}`);
const { modules, summary } = JSON.parse(stdout) as Cruise;

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
const circles = circlesBetweenFolders(modules);
for (const { folders, imports } of circles)
  console.error(`circle between folders: ${folders.join(', ')}\n  ${imports.join('\n  ')}`);
console.log(
  `${modules.length} modules, ${summary.violations.length} violations, ${circles.length} circles between folders`,
);
process.exitCode = summary.violations.length + circles.length === 0 ? 0 : 1;
