/**
 * Reduces a value to the parts that a reader reads: the reader runs on a proxy that records its accesses.
 *
 * So, by construction, a capture contains exactly what the normalisers read of each API object, without other
 * annotations, arguments and variables, and reading it again gives the same facts.
 */
import { keptFor } from '../../model/remembered';

class Touched {
  /** Whether its value was read, not only its existence. */
  isRead = false;
  readonly #parts = new Map<string, Touched>();

  part(key: string): Touched {
    return keptFor(this.#parts, key, () => new Touched());
  }
  get(key: string): Touched | undefined {
    return this.#parts.get(key);
  }
}

/** Unlike `isObject`, this includes lists. */
const hasParts = (value: unknown): value is object => typeof value === 'object' && value !== null;

function view(target: object, touched: Touched): object {
  const touch = (key: string | symbol): Touched | null =>
    typeof key === 'string' && Object.hasOwn(target, key) ? touched.part(key) : null;
  return new Proxy(target, {
    get(_, key): unknown {
      const value: unknown = Reflect.get(target, key);
      const part = touch(key);
      if (part !== null) part.isRead = true;
      return part !== null && hasParts(value) ? view(value, part) : value;
    },
    has(_, key) {
      touch(key);
      return Reflect.has(target, key);
    },
    ownKeys() {
      const keys = Reflect.ownKeys(target);
      for (const key of keys) touch(key);
      return keys;
    },
    getOwnPropertyDescriptor(_, key) {
      touch(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
}

/** Replaces a value of which only the key was read. */
const unread = (value: unknown): unknown => {
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  if (!hasParts(value)) return value;
  return Array.isArray(value) ? [] : {};
};

function partOf(value: unknown, touched: Touched): unknown {
  if (!touched.isRead) return unread(value);
  if (!hasParts(value)) return value;
  if (Array.isArray(value)) {
    // Positions, and the length if it was read, are information too: skipped items become null.
    const items = value.map((item: unknown, index) => {
      const part = touched.get(String(index));
      return part === undefined ? null : partOf(item, part);
    });
    if (touched.get('length') !== undefined) return items;
    return items.slice(0, 1 + items.findLastIndex((_, index) => touched.get(String(index)) !== undefined));
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
      const part = touched.get(key);
      return part === undefined ? [] : [[key, partOf(item, part)]];
    }),
  );
}

/** The parts of a JSON value that `readers` read together. Their exceptions are ignored. */
export function readPart(value: unknown, readers: readonly ((value: unknown) => unknown)[]): unknown {
  if (!hasParts(value)) return value;
  const touched = new Touched();
  touched.isRead = true;
  for (const read of readers) {
    try {
      read(view(value, touched));
    } catch {
      // The source with the same reader reports what it cannot read.
    }
  }
  return partOf(value, touched);
}
