/**
 * Facts of one kind, by scope and then by key, so that a relist of one scope replaces only that scope's facts. If
 * several scopes have the same key, the first scope by name counts, whatever the arrival order.
 */
import { byCodeUnit } from '../../model/order';

/** The facts of one kind by key; where several scopes have a key, the first scope by name counts. */
export class FactTable<F> {
  /** In the order of the scopes' names. */
  #scopes = new Map<string, Map<string, F>>();

  get(key: string): F | undefined {
    for (const facts of this.#scopes.values()) {
      const fact = facts.get(key);
      if (fact !== undefined) return fact;
    }
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  in(scope: string, key: string): F | undefined {
    return this.#scopes.get(scope)?.get(key);
  }

  /** Whether the fact of another scope counts instead of this scope's. */
  isShadowed(scope: string, key: string): boolean {
    for (const [name, facts] of this.#scopes) {
      if (name === scope) return false;
      if (name < scope && facts.has(key)) return true;
    }
    return false;
  }

  keysIn(scope: string): readonly string[] {
    return [...(this.#scopes.get(scope)?.keys() ?? [])];
  }

  set(scope: string, key: string, fact: F): void {
    let facts = this.#scopes.get(scope);
    if (facts === undefined) {
      facts = new Map<string, F>();
      this.#scopes = new Map([...this.#scopes, [scope, facts] as const].sort(([a], [b]) => byCodeUnit(a, b)));
    }
    facts.set(key, fact);
  }

  delete(scope: string, key: string): void {
    this.#scopes.get(scope)?.delete(key);
  }

  /** Each key once, with the fact that counts. */
  *entries(): IterableIterator<readonly [key: string, fact: F]> {
    for (const [scope, facts] of this.#scopes) {
      for (const [key, fact] of facts) if (!this.isShadowed(scope, key)) yield [key, fact];
    }
  }
}
