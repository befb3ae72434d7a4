/** EC2's objects of one kind, immutable and sorted by id, with a short history, so that responses can lag as EC2's do. */
export interface Identified {
  readonly id: string;
}

interface Version<T> {
  readonly since: number;
  /** null: deleted. */
  readonly value: T | null;
}

/** Maximum lag of EC2's responses. */
export const MAX_LAG_MS = 60_000;

/** Objects by id, with their history for as long as EC2's responses may lag. */
export class Ledger<T extends Identified> {
  private readonly current = new Map<string, T>();
  private readonly past = new Map<string, Version<T>[]>();
  private ids: readonly string[] | null = null;
  private deletions = 0;

  constructor(private readonly now: () => number) {}

  get(id: string): T | undefined {
    return this.current.get(id);
  }

  get size(): number {
    return this.current.size;
  }

  values(): IterableIterator<T> {
    return this.current.values();
  }

  put(value: T): T {
    if (!this.current.has(value.id)) this.ids = null;
    this.remember(value.id, value);
    this.current.set(value.id, value);
    return value;
  }

  /** Changes some fields; does nothing for a deleted object. */
  patch(id: string, fields: Partial<T>): T | undefined {
    const value = this.current.get(id);
    return value === undefined ? undefined : this.put({ ...value, ...fields });
  }

  delete(id: string): void {
    if (!this.current.delete(id)) return;
    this.remember(id, null);
    this.ids = null;
    this.deletions += 1;
    if (this.deletions % 256 === 0) this.forgetDeleted();
  }

  private forgetDeleted(): void {
    const horizon = this.now() - MAX_LAG_MS;
    for (const [id, versions] of this.past) {
      const last = versions.at(-1);
      if (last !== undefined && last.value === null && last.since < horizon) this.past.delete(id);
    }
  }

  /** All objects as they were that many milliseconds ago, sorted by ID. */
  view(lagMs: number): T[] {
    if (lagMs <= 0) {
      this.ids ??= [...this.current.keys()].sort();
      return this.ids.flatMap((id) => this.current.get(id) ?? []);
    }
    const at = this.now() - Math.min(lagMs, MAX_LAG_MS);
    const all = [...new Set([...this.current.keys(), ...this.past.keys()])].sort();
    return all.flatMap((id) => this.asOf(id, at) ?? []);
  }

  private asOf(id: string, at: number): T | null {
    const versions = this.past.get(id);
    if (versions === undefined) return this.current.get(id) ?? null;
    return versions.findLast((version) => version.since <= at)?.value ?? null;
  }

  private remember(id: string, value: T | null): void {
    const now = this.now();
    const versions = this.past.get(id) ?? [];
    const settled = versions.findLastIndex((version) => version.since <= now - MAX_LAG_MS);
    if (settled > 0) versions.splice(0, settled);
    versions.push({ since: now, value });
    this.past.set(id, versions);
  }
}
