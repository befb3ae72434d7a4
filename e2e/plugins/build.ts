// Builds, once, the real CNI plugins, each with a small file of ours (`probes/`) beside its own code, and prints their
// folder. Their code is not stored here: Go downloads the modules.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { goVersion, keptAt, keyOf, orMissing, runAsProgram, type Missing } from '../built';

const modules = path.join(import.meta.dirname, 'modules');
const probes = path.join(import.meta.dirname, 'probes');

interface Source {
  readonly module: string;
  /** Probe → the folder of its `package main` in the module. */
  readonly programs: Readonly<Record<string, string>>;
}

const within = (folder: string, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, `plugins/${folder}/${name}`]));

const SOURCES: readonly Source[] = [
  {
    module: 'github.com/containernetworking/plugins',
    programs: {
      ...within('main', ['bridge', 'dummy', 'host-device', 'ipvlan', 'loopback', 'macvlan', 'ptp', 'tap', 'vlan']),
      ...within('meta', ['bandwidth', 'firewall', 'portmap', 'sbr', 'tuning', 'vrf']),
      ...within('ipam', ['dhcp', 'host-local', 'static']),
    },
  },
  { module: 'github.com/k8snetworkplumbingwg/ovs-cni', programs: { ovs: 'cmd/plugin' } },
  { module: 'github.com/k8snetworkplumbingwg/whereabouts', programs: { whereabouts: 'cmd' } },
];

export const PROBES = SOURCES.flatMap(({ programs }) => Object.keys(programs));

/** The folder of the programs, built or not. */
function programsFolder(): string {
  const own = globSync('**/*.go', { cwd: probes }).sort();
  const key = keyOf([
    path.join(modules, 'go.mod'),
    path.join(modules, 'go.sum'),
    import.meta.filename,
    ...own.map((name) => path.join(probes, name)),
  ]);
  return keptAt(`cni-plugins-${key}`);
}

export const findPrograms = (): string | Missing =>
  orMissing(
    programsFolder(),
    'the CNI plugins are not built yet: npm run test:plugins builds them (Go 1.25 or later, about 2 minutes)',
  );

function go(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync('go', args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    // Ignores any Go workspace: builds exactly what the module pins.
    env: { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off', CGO_ENABLED: '0' },
  });
  if (status === 0) return stdout;
  throw new Error(`go ${args.join(' ')}: ${error?.message ?? stderr}`);
}

function build(): void {
  const target = programsFolder();
  if (existsSync(target)) return;
  const version = goVersion('building the CNI plugins needs Go 1.25 or later on the PATH');
  const work = `${target}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(path.join(work, 'bin'), { recursive: true });
  console.log(`building ${PROBES.length} CNI plugins with ${version}; once, about 2 minutes on 2 cores`);
  try {
    for (const { module, programs } of SOURCES) buildModule(work, module, programs);
    renameSync(path.join(work, 'bin'), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A writable copy of the module pinned in `modules/go.mod`, with our files added. */
function buildModule(work: string, module: string, programs: Source['programs']): void {
  const version = new RegExp(`^\\s*${module} (\\S+)$`, 'm').exec(
    readFileSync(path.join(modules, 'go.mod'), 'utf8'),
  )?.[1];
  if (version === undefined) throw new Error(`modules/go.mod names no version of ${module}`);
  const { Dir, Sum } = JSON.parse(go(['mod', 'download', '-json', `${module}@${version}`], modules)) as {
    Dir: string;
    Sum: string;
  };
  if (!readFileSync(path.join(modules, 'go.sum'), 'utf8').includes(`${module} ${version} ${Sum}\n`)) {
    throw new Error(`${module}@${version} is not what modules/go.sum says`);
  }
  const copy = path.join(work, path.basename(module));
  cpSync(Dir, copy, { recursive: true, mode: 0 });
  for (const file of globSync('**', { cwd: copy })) chmodSync(path.join(copy, file), 0o755);
  chmodSync(copy, 0o755);
  // A module's archive contains only a list of names of it.
  rmSync(path.join(copy, 'vendor'), { recursive: true, force: true });
  for (const [name, folder] of Object.entries(programs)) {
    cpSync(path.join(probes, 'serve.go'), path.join(copy, folder, 'ifscope_serve.go'));
    cpSync(path.join(probes, name, 'probe.go'), path.join(copy, folder, 'ifscope_probe.go'));
    const inside = path.join(probes, name, 'plugin', 'probe.go');
    if (existsSync(inside)) cpSync(inside, path.join(copy, 'pkg', 'plugin', 'ifscope_probe.go'));
    go(['build', '-trimpath', '-ldflags', '-s -w', '-o', path.join(work, 'bin', name), `./${folder}`], copy);
  }
}

if (process.argv[1] === import.meta.filename) runAsProgram(build, findPrograms);
