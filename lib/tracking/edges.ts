/**
 * The read graph in both directions, between numbers. An edge is a row of five integers in two linked lists, its
 * reader's and its key's: 20 bytes, where a pair of sets took 140. Adding or dropping an edge takes constant time,
 * however many readers a key has.
 */
const NONE = 0;
const FIRST_SIZE = 1024;

/** The read edges of all units. Numbers come from `Names`; 0 is no number. */
export class Edges {
  #key = new Int32Array(FIRST_SIZE);
  #reader = new Int32Array(FIRST_SIZE);
  /** The reader's next edge; in a free row, the next free row. */
  #nextOfReader = new Int32Array(FIRST_SIZE);
  #nextOfKey = new Int32Array(FIRST_SIZE);
  #previousOfKey = new Int32Array(FIRST_SIZE);
  /** First edge by number. */
  #firstOfReader = new Int32Array(FIRST_SIZE);
  #firstOfKey = new Int32Array(FIRST_SIZE);
  /** Rows used so far; row 0 means none. */
  #used = 1;
  #free = NONE;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return 4 * (5 * this.#key.length + 2 * this.#firstOfKey.length);
  }

  hasReaders(key: number): boolean {
    return (this.#firstOfKey[key] ?? NONE) !== NONE;
  }

  hasKeys(reader: number): boolean {
    return (this.#firstOfReader[reader] ?? NONE) !== NONE;
  }

  /** Visits the key's readers. `visit` must not change them. */
  eachReader(key: number, visit: (reader: number) => void): void {
    for (let row = this.#firstOfKey[key] ?? NONE; row !== NONE; row = this.#at(this.#nextOfKey, row))
      visit(this.#at(this.#reader, row));
  }

  keysOf(reader: number): readonly number[] {
    const keys: number[] = [];
    for (let row = this.#firstOfReader[reader] ?? NONE; row !== NONE; row = this.#at(this.#nextOfReader, row))
      keys.push(this.#at(this.#key, row));
    return keys;
  }

  /** Whether the reader's latest run read exactly these keys, in this order. */
  are(reader: number, keys: readonly number[]): boolean {
    let row = this.#firstOfReader[reader] ?? NONE;
    for (const key of keys) {
      if (row === NONE || this.#key[row] !== key) return false;
      row = this.#at(this.#nextOfReader, row);
    }
    return row === NONE;
  }

  /** Replaces the reader's keys. `keys` holds each key once; `highest` is the highest number in use. */
  replace(reader: number, keys: readonly number[], highest: number): void {
    if (highest >= this.#firstOfKey.length) {
      const size = Math.max(highest + 1, 2 * this.#firstOfKey.length);
      this.#firstOfReader = grown(this.#firstOfReader, size);
      this.#firstOfKey = grown(this.#firstOfKey, size);
    }
    for (let row = this.#at(this.#firstOfReader, reader); row !== NONE;) row = this.#drop(row);
    this.#firstOfReader[reader] = NONE;
    for (let at = keys.length - 1; at >= 0; at--) this.#add(reader, keys[at] ?? NONE);
  }

  #at(column: Int32Array, row: number): number {
    return column[row] ?? NONE;
  }

  #add(reader: number, key: number): void {
    let row = this.#free;
    if (row === NONE) {
      row = this.#used++;
      if (row === this.#key.length) this.#grow();
    } else this.#free = this.#at(this.#nextOfReader, row);
    const next = this.#at(this.#firstOfKey, key);
    this.#key[row] = key;
    this.#reader[row] = reader;
    this.#nextOfReader[row] = this.#at(this.#firstOfReader, reader);
    this.#nextOfKey[row] = next;
    this.#previousOfKey[row] = NONE;
    if (next !== NONE) this.#previousOfKey[next] = row;
    this.#firstOfReader[reader] = row;
    this.#firstOfKey[key] = row;
    this.#size++;
  }

  /** Unlinks an edge from its key's list and returns the reader's next edge. */
  #drop(row: number): number {
    const [next, previous] = [this.#at(this.#nextOfKey, row), this.#at(this.#previousOfKey, row)];
    if (previous === NONE) this.#firstOfKey[this.#at(this.#key, row)] = next;
    else this.#nextOfKey[previous] = next;
    if (next !== NONE) this.#previousOfKey[next] = previous;
    const after = this.#at(this.#nextOfReader, row);
    this.#nextOfReader[row] = this.#free;
    this.#free = row;
    this.#size--;
    return after;
  }

  #grow(): void {
    // Grows by half: at a million edges, doubling would leave 20 MB unused.
    const size = Math.ceil(this.#key.length * 1.5);
    this.#key = grown(this.#key, size);
    this.#reader = grown(this.#reader, size);
    this.#nextOfReader = grown(this.#nextOfReader, size);
    this.#nextOfKey = grown(this.#nextOfKey, size);
    this.#previousOfKey = grown(this.#previousOfKey, size);
  }
}

function grown(column: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(column);
  return larger;
}
