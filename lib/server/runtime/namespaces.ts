/** Parses `--namespaces`: the namespaces of the cluster to read. */
import { Problem } from './problem';

/** A limit, because each namespace has its own watches. */
const MAX_NAMESPACES = 20;

/** Null: all namespaces. Throws a `Problem`. */
export function readNamespaces(env: Readonly<Record<string, string | undefined>>): readonly string[] | null {
  const names = [...new Set((env.IFSCOPE_NAMESPACES ?? '').split(/[\s,]+/).filter((name) => name !== ''))];
  for (const name of names)
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
      throw new Problem('usage', `--namespaces ${name}: not the name of a namespace, such as kube-system`);
  if (names.length > MAX_NAMESPACES)
    throw new Problem(
      'usage',
      `--namespaces: ${names.length} are too many; give at most ${MAX_NAMESPACES}, or leave it out to read all`,
    );
  return names.length === 0 ? null : names;
}
