/** Records whose names try to break out of a command, and a shell that only prints what it was asked to run. */
import { execFileSync } from 'node:child_process';
import type { world } from './findings';

type Records = Parameters<typeof world>[0];

/** Without slash and percent sign, which have a meaning in ids. */
const HOSTILE = `x'";touch pwned;$(shutdown)\`id\`|&><*?{a,b}!#~\\ y`;

/** The names that tests give to namespaces, pods, nodes, networks and ENIs. */
const NAMES = /\b(core|p1|w1|n1|ipvlan-a|eu-west-1a|eni-[a-z]|eni-[0-9a-f]{17}|subnet-[a-z])\b/g;

/** The same records, with hostile names wherever a name occurs. */
export function withHostileNames(records: Records): { readonly records: Records; readonly hostile: string } {
  const text = JSON.stringify(HOSTILE).slice(1, -1);
  const changed = JSON.stringify(records).replaceAll(NAMES, (name) => `${name}${text}`);
  return { records: JSON.parse(changed) as Records, hostile: HOSTILE };
}

/** Stand-ins for the programs, which print one argument per line; nothing else can be run. */
const SHELL = `PATH=/nonexistent
kubectl() { printf '%s\\n' kubectl "$@"; }
aws() { printf '%s\\n' aws "$@"; }
`;

/** What is wrong with a command, in words: it fails, prints something else, or splits a hostile name. */
export function runCommand(command: string, hostile: string): readonly string[] {
  let out: string;
  try {
    out = execFileSync('/bin/sh', ['-u', '-c', SHELL + command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    return [`fails: ${command}: ${error instanceof Error ? error.message : String(error)}`];
  }
  const [tool = '', ...args] = out.trimEnd().split('\n');
  const torn = args.filter((arg) => /pwned|shutdown/.test(arg) && !arg.includes(hostile));
  return [
    ...(tool === 'kubectl' || tool === 'aws' ? [] : [`runs ${tool}: ${command}`]),
    ...torn.map((arg) => `tears a name apart: ${arg}`),
  ];
}
