/** Infers the kind of record for a query that names no kind. */
import { hasKey, kindsWith } from './facts/index';
import { KINDS, type Kind } from './facts/keys';
import type { Query, Term } from './query';

interface InferredKind {
  /** Null when no kind, or no single kind, has all keys. */
  readonly kind: Kind | null;
  /**
   * Whether the query selects records of every kind that has the keys, including interfaces, and what belongs to them.
   */
  readonly any: boolean;
  /** A key that no kind has together with the query's other keys. */
  readonly missing?: Term;
  /** A key that several kinds have. */
  readonly several?: { readonly term: Term; readonly kinds: readonly Kind[] };
}

const ABOUT_FINDINGS = new Set<string | null>(['finding', 'severity', 'rule']);

/**
 * The named kind; otherwise findings, for keys that only they have; otherwise interfaces, if they have every key;
 * otherwise the only kind that does.
 */
export function inferKind({ kind, terms }: Query): InferredKind {
  const keyed = terms.filter(({ key }) => key !== null);
  if (kind !== null) {
    const missing = keyed.find(({ key }) => key !== null && !hasKey(kind, key));
    return missing === undefined ? { kind, any: false } : { kind: null, any: false, missing };
  }
  if (keyed.length > 0 && terms.every(({ key, negated }) => !negated && ABOUT_FINDINGS.has(key)))
    return { kind: 'finding', any: false };
  let kinds: readonly Kind[] = KINDS;
  for (const term of keyed) {
    if (term.key === null) continue;
    const having = kindsWith(term.key);
    const left = kinds.filter((one) => having.includes(one));
    if (left.length === 0) return { kind: null, any: false, missing: term };
    kinds = left;
  }
  if (kinds.includes('interface')) return { kind: 'interface', any: true };
  const [only, ...others] = kinds;
  if (only !== undefined && others.length === 0) return { kind: only, any: false };
  const term = keyed.find(({ key }) => key !== null && !hasKey('interface', key));
  return { kind: null, any: false, ...(term === undefined ? {} : { several: { term, kinds } }) };
}
