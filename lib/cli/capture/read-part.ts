/**
 * What a reader reads of a value, and nothing else: the reader runs over a recording view of the value, and the part that
 * it touched is kept.
 *
 * So a capture holds exactly what the normalisers read of each API object, by construction: no other annotation, no
 * argument, no variable but those that are kept anyway, and reading the part again gives the same fact.
 */

class Touched {
  readonly #parts = new Map<string, Touched>();

  part(key: string): Touched {
    let part = this.#parts.get(key);
    if (part === undefined) this.#parts.set(key, (part = new Touched()));
    return part;
  }
  get(key: string): Touched | undefined {
    return this.#parts.get(key);
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function view(target: object, touched: Touched): object {
  const touch = (key: string | symbol): Touched | null =>
    typeof key === 'string' && Object.hasOwn(target, key) ? touched.part(key) : null;
  return new Proxy(target, {
    get(_, key): unknown {
      const value: unknown = Reflect.get(target, key);
      const part = touch(key);
      return part !== null && isObject(value) ? view(value, part) : value;
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

function partOf(value: unknown, touched: Touched): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value)) {
    // Positions and, where it was asked for, the length are facts too: what was passed over leaves an empty place.
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

/** The part of a JSON value that all of `readers` together read. What a reader throws is its own business and ignored. */
export function readPart(value: unknown, readers: readonly ((value: unknown) => unknown)[]): unknown {
  if (!isObject(value)) return value;
  const touched = new Touched();
  for (const read of readers) {
    try {
      read(view(value, touched));
    } catch {
      // The source that feeds the same reader says what it could not read.
    }
  }
  return partOf(value, touched);
}
