/** Short node names: the part that all names share is shown once and left out of each name. */
import type { NodeRecord } from '../model/records';

/** The shared parts: names are PREFIX…SUFFIX. Either may be empty, but not both. */
export interface CommonName {
  readonly prefix: string;
  readonly suffix: string;
}

/** A shorter shared part is not worth a heading. */
const MIN_PREFIX = 4;

function sharedPrefix(names: readonly string[]): string {
  let prefix = names[0] ?? '';
  for (const name of names) {
    let i = 0;
    while (i < prefix.length && prefix[i] === name[i]) i++;
    prefix = prefix.slice(0, i);
  }
  return prefix;
}

/** The largest set of names with the same first part up to `-` or `.`. */
function largestFamily(names: readonly string[]): readonly string[] {
  const families = Map.groupBy(names, (name) => /^[^-.]*/.exec(name)?.[0] ?? '');
  let largest: readonly string[] = [];
  for (const family of families.values())
    if (family.length > largest.length || (family.length === largest.length && (family[0] ?? '') < (largest[0] ?? '')))
      largest = family;
  return largest;
}

function commonOf(names: readonly string[]): CommonName | null {
  const family = largestFamily(names);
  // A part that only a few names share does not represent the names of the nodes.
  if (family.length < 2 || 2 * family.length < names.length) return null;
  const shared = sharedPrefix(family);
  const cut = Math.max(shared.lastIndexOf('-'), shared.indexOf('.') >= 0 ? -1 : shared.lastIndexOf('.')) + 1;
  const first = family.reduce((least, name) => (name < least ? name : least));
  const dot = first.indexOf('.');
  const domain = dot < 0 ? '' : first.slice(dot);
  const suffix = domain !== '' && family.every((name) => name.endsWith(domain)) ? domain : '';
  const prefix = cut >= MIN_PREFIX && !shared.slice(0, cut).includes('.') ? shared.slice(0, cut) : '';
  return prefix === '' && suffix === '' ? null : { prefix, suffix };
}

/** The last result: every revision of the picture asks several times, and names rarely change. */
let last: { readonly names: readonly string[]; readonly common: CommonName | null } = { names: [], common: null };

/**
 * The parts that node names share, cut at a `-` or `.`; null when there is none worth a heading. The object changes only
 * with the names.
 */
export function commonName(nodes: Iterable<NodeRecord>): CommonName | null {
  const names: string[] = [];
  for (const node of nodes) if (node.computeType !== 'fargate') names.push(node.name);
  const isSame = names.length === last.names.length && names.every((name, index) => name === last.names[index]);
  if (!isSame) last = { names, common: commonOf(names) };
  return last.common;
}

/** A node's name without the shared part; `stripped`: whether the beginning was left out. */
export function shortName(
  name: string,
  common: CommonName | null,
): { readonly text: string; readonly stripped: boolean } {
  if (common === null) return { text: name, stripped: false };
  const stripped = common.prefix !== '' && name.startsWith(common.prefix);
  const from = stripped ? common.prefix.length : 0;
  const to = common.suffix !== '' && name.endsWith(common.suffix) ? name.length - common.suffix.length : name.length;
  return to <= from ? { text: name, stripped: false } : { text: name.slice(from, to), stripped };
}
