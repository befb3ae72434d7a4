/** Circular dependencies between folders: sets of folders that reach each other through the imports of their files. */
import path from 'node:path';

export interface Module {
  /** Path from the root of the repository. */
  readonly source: string;
  readonly dependencies: readonly { readonly resolved: string }[];
}

const OURS = /^(lib|app|components|e2e|bench)\//;
/** A test is beside the code that it tests, and may import anything. */
const TEST = /\.(test|spec)\.tsx?$/;

/**
 * For each folder, the folders that its files import, each with one import as an example. Subfolders are separate
 * folders.
 */
function importsByFolder(modules: readonly Module[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const folders = new Map<string, Map<string, string>>();
  for (const { source, dependencies } of modules) {
    if (!OURS.test(source) || TEST.test(source)) continue;
    const from = path.dirname(source);
    for (const { resolved } of dependencies) {
      const to = path.dirname(resolved);
      if (!OURS.test(resolved) || to === from) continue;
      const imports = folders.get(from) ?? new Map<string, string>();
      folders.set(from, imports.set(to, `${source} imports ${resolved}`));
    }
  }
  return folders;
}

function reachableFrom(folder: string, folders: ReadonlyMap<string, ReadonlyMap<string, string>>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const to of folders.get(next)?.keys() ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}

export interface Circle {
  /** In alphabetical order. */
  readonly folders: readonly string[];
  /** An import for each pair of folders in it, in words. */
  readonly imports: readonly string[];
}

export function circlesBetweenFolders(modules: readonly Module[]): readonly Circle[] {
  const folders = importsByFolder(modules);
  const reach = new Map([...folders.keys()].map((folder) => [folder, reachableFrom(folder, folders)]));
  const circles = new Map<string, Circle>();
  for (const [folder, reached] of reach) {
    const members = [...reached].filter((other) => reach.get(other)?.has(folder) === true).sort();
    if (members.length < 2) continue;
    const imports = members.flatMap((from) =>
      [...(folders.get(from) ?? [])].flatMap(([to, example]) => (members.includes(to) ? [example] : [])),
    );
    circles.set(members.join(' '), { folders: members, imports });
  }
  return [...circles.values()];
}
