/**
 * Maps several hundred thousand record ids to their location without storing the ids: 64 bits of an id's hash lead to
 * two numbers, in 14 bytes per entry. At a million ids, the chance that any two share a hash is negligible.
 */

/** The two halves of an id's hash (cyrb53). */
export type Hash = readonly [high: number, low: number];

/** The hash of an id; its high half is never 0. */
export function hashOf(id: string): Hash {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  // A high half of 0 marks an empty slot.
  return [a >>> 0 || 1, b >>> 0];
}

const FIRST_SLOTS = 1024;
/** Maximum load factor; beyond it, searching gets slow. */
const FULL = 0.7;

/** A hash table with open addressing. */
export class IdTable {
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  #node = new Uint32Array(FIRST_SLOTS);
  #mark = new Uint16Array(FIRST_SLOTS);
  #size = 0;
  /** Number of entries by node number. */
  #counts: number[] = [];

  get size(): number {
    return this.#size;
  }

  /** The node's number; undefined for an unknown id. */
  nodeOf(hash: Hash): number | undefined {
    const slot = this.#find(hash);
    return this.#high[slot] === 0 ? undefined : this.#node[slot];
  }

  /** The second number of an entry; undefined for an unknown id. */
  markOf(hash: Hash): number | undefined {
    const slot = this.#find(hash);
    return this.#high[slot] === 0 ? undefined : this.#mark[slot];
  }

  /** The number of entries of a node. */
  countOf(node: number): number {
    return this.#counts[node] ?? 0;
  }

  set(hash: Hash, node: number, mark: number): void {
    if (this.#size + 1 > this.#high.length * FULL) this.#grow();
    const slot = this.#find(hash);
    if (this.#high[slot] === 0) this.#size++;
    else this.#count(slot, -1);
    this.#high[slot] = hash[0];
    this.#low[slot] = hash[1];
    this.#node[slot] = node;
    this.#mark[slot] = mark;
    this.#count(slot, 1);
  }

  /** Removes an entry and closes the gap, so that no search ends too early. */
  delete(hash: Hash): void {
    const mask = this.#high.length - 1;
    let gap = this.#find(hash);
    if (this.#high[gap] === 0) return;
    this.#size--;
    this.#count(gap, -1);
    for (let slot = (gap + 1) & mask; this.#high[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (this.#low[slot] ?? 0) & mask;
      // It may move into the gap only if its home does not lie between the gap and itself.
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      this.#move(slot, gap);
      gap = slot;
    }
    this.#high[gap] = 0;
  }

  #count(slot: number, by: 1 | -1): void {
    const node = this.#node[slot] ?? 0;
    this.#counts[node] = this.countOf(node) + by;
  }

  #find([high, low]: Hash): number {
    const mask = this.#high.length - 1;
    let slot = low & mask;
    while (this.#high[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low)) slot = (slot + 1) & mask;
    return slot;
  }

  #move(from: number, to: number): void {
    for (const column of [this.#high, this.#low, this.#node, this.#mark]) column[to] = column[from] ?? 0;
  }

  #grow(): void {
    const [high, low, node, mark] = [this.#high, this.#low, this.#node, this.#mark];
    const slots = high.length * 2;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#node = new Uint32Array(slots);
    this.#mark = new Uint16Array(slots);
    this.#size = 0;
    this.#counts = [];
    for (let slot = 0; slot < high.length; slot++)
      if (high[slot] !== 0) this.set([high[slot] ?? 0, low[slot] ?? 0], node[slot] ?? 0, mark[slot] ?? 0);
  }
}
