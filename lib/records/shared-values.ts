/**
 * One object for equal values: 165,000 pods have a few thousand distinct nodes, owners and sets of labels, and parsing
 * JSON creates each of them again. Values handed out stay valid, and nobody may change them.
 */

/** Values and characters per generation. A value that was not asked for during a whole generation is forgotten. */
const MAX_VALUES = 16_384;
const MAX_CHARACTERS = 4 * 2 ** 20;

/** The first value with each content. */
class FirstValues {
  #recent = new Map<string, unknown>();
  #previous = new Map<string, unknown>();
  #characters = 0;

  of(content: string, value: unknown): unknown {
    const recent = this.#recent.get(content);
    if (recent !== undefined) return recent;
    const first = this.#previous.get(content) ?? value;
    if (this.#recent.size >= MAX_VALUES || this.#characters >= MAX_CHARACTERS) {
      this.#previous = this.#recent;
      this.#recent = new Map();
      this.#characters = 0;
    }
    this.#characters += content.length;
    this.#recent.set(content, first);
    return first;
  }
}

/** Shares texts, and objects and lists that are equal as JSON, with their keys in the same order. */
export class SharedValues {
  readonly #texts = new FirstValues();
  readonly #objects = new FirstValues();

  /** The first value that equalled this one. */
  of<T>(value: T): T {
    if (typeof value === 'string') return this.#texts.of(value, value) as T;
    if (typeof value !== 'object' || value === null) return value;
    return this.#objects.of(JSON.stringify(value), value) as T;
  }
}
