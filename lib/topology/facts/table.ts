/**
 * Facts of one kind, by the scope under which they came in and then by key, so that a relist of one scope replaces only
 * what came in under it (a Deployment and a StatefulSet may have the same key).
 */
export class FactTable<F> {
  readonly #scopes = new Map<string, Map<string, F>>();

  /** The fact under this key, of whichever scope. */
  get(key: string): F | undefined {
    for (const facts of this.#scopes.values()) {
      const fact = facts.get(key);
      if (fact !== undefined) return fact;
    }
    return undefined;
  }

  in(scope: string, key: string): F | undefined {
    return this.#scopes.get(scope)?.get(key);
  }

  /** Keys that stand under a scope now. */
  keysIn(scope: string): readonly string[] {
    return [...(this.#scopes.get(scope)?.keys() ?? [])];
  }

  set(scope: string, key: string, fact: F): void {
    let facts = this.#scopes.get(scope);
    if (facts === undefined) {
      facts = new Map<string, F>();
      this.#scopes.set(scope, facts);
    }
    facts.set(key, fact);
  }

  delete(scope: string, key: string): void {
    this.#scopes.get(scope)?.delete(key);
  }

  *entries(): IterableIterator<readonly [key: string, fact: F]> {
    for (const facts of this.#scopes.values()) yield* facts;
  }

  *values(): IterableIterator<F> {
    for (const facts of this.#scopes.values()) yield* facts.values();
  }

  get size(): number {
    let size = 0;
    for (const facts of this.#scopes.values()) size += facts.size;
    return size;
  }
}
