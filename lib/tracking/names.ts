/**
 * Small integers for names, so that an edge is two numbers and not two texts. A name is a text in a space: a fact's kind and
 * its key, a family of units and what the unit stands for. A number that is released is given out again.
 */
export type Name = readonly [space: string, key: string];

export class Names {
  readonly #spaces = new Map<string, Map<string, number>>();
  /** By number. */
  readonly #spaceOf: string[] = [''];
  readonly #keyOf: string[] = [''];
  readonly #free: number[] = [];

  /** Numbers given out lie between 1 and this. */
  get highest(): number {
    return this.#keyOf.length - 1;
  }

  /** Undefined for a name without a number. */
  find(space: string, key: string): number | undefined {
    return this.#spaces.get(space)?.get(key);
  }

  /** The number of a name, which gets one if it has none. */
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

  /** Does nothing for a number that is not given out. */
  release(number: number): void {
    if (this.#spaces.get(this.spaceOf(number))?.delete(this.keyOf(number)) !== true) return;
    this.#spaceOf[number] = '';
    this.#keyOf[number] = '';
    this.#free.push(number);
  }
}
