/**
 * Gives names small integers, so that an edge is two numbers instead of two strings. A name is a key within a space: a
 * fact's kind and its key, or a family of units and the unit's subject. Released numbers are reused.
 */
export type Name = readonly [space: string, key: string];

/** The table of names and their numbers. */
export class Names {
  readonly #spaces = new Map<string, Map<string, number>>();
  /** By number: space and key. */
  readonly #spaceOf: string[] = [''];
  readonly #keyOf: string[] = [''];
  readonly #free: number[] = [];

  /** The highest number ever assigned; the lowest is 1. */
  get highest(): number {
    return this.#keyOf.length - 1;
  }

  /** The number of a name; undefined if it has none. */
  find(space: string, key: string): number | undefined {
    return this.#spaces.get(space)?.get(key);
  }

  /** The number of a name; assigns one if it has none. */
  numberOf(space: string, key: string): number {
    let keys = this.#spaces.get(space);
    if (keys === undefined) this.#spaces.set(space, (keys = new Map<string, number>()));
    const known = keys.get(key);
    if (known !== undefined) return known;
    const number = this.#free.pop() ?? this.#keyOf.length;
    this.#spaceOf[number] = space;
    this.#keyOf[number] = key;
    keys.set(key, number);
    return number;
  }

  spaceOf(number: number): string {
    return this.#spaceOf[number] ?? '';
  }

  keyOf(number: number): string {
    return this.#keyOf[number] ?? '';
  }

  /** Frees a number for reuse. Does nothing for one that is not in use. */
  release(number: number): void {
    if (this.#spaces.get(this.spaceOf(number))?.delete(this.keyOf(number)) !== true) return;
    this.#spaceOf[number] = '';
    this.#keyOf[number] = '';
    this.#free.push(number);
  }
}
