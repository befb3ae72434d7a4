/** A multiset of texts: a text is a member while it has been added more often than removed. */
export class MultiSet {
  readonly #counts = new Map<string, number>();

  /** Adds or removes one occurrence; returns whether the text became or ceased to be a member. */
  add(text: string, by: 1 | -1): boolean {
    const before = this.#counts.get(text) ?? 0;
    const after = before + by;
    if (after === 0) this.#counts.delete(text);
    else this.#counts.set(text, after);
    return before === 0 || after === 0;
  }

  clear(): void {
    this.#counts.clear();
  }

  members(): ReadonlySet<string> {
    return new Set(this.#counts.keys());
  }

  isLike(set: ReadonlySet<string>): boolean {
    return this.#counts.size === set.size && [...set].every((text) => this.#counts.has(text));
  }
}
