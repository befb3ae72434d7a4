/**
 * Texts that repeat on many nodes (namespaces, owners, sentences) are stored once, in a list shared by all chunks of a
 * keyframe; chunks refer to them by position. A text is added to the list when a second chunk contains it; until then
 * it stays in its chunk. The list only grows, so references stay valid.
 */
import type { ObjectShape, Shape } from '../../model/schema/shape';
import { decodeNumbers, decodeTexts, encodeNumbers, encodeTexts } from './scalars';
import type { Numbers, Texts } from './scalars';
import { remembered } from '../../model/remembered';

/** Positions in the shared list from 0, or -1, -2 … for the chunk's own texts. */
export type SharedTexts = readonly [places: Numbers, own?: Texts, ownCount?: number];

/** Maximum number of remembered texts that only one chunk contains; forgetting them costs only bytes. */
const MAX_ONCE = 100_000;

/** The shared list while chunks are encoded. */
export class SharedWords {
  readonly #places = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #once = new Map<string, number>();
  #chunk = 0;

  /** The texts by position; grows while chunks are encoded. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  /** Call before each chunk. */
  nextChunk(): void {
    this.#chunk++;
    if (this.#once.size > MAX_ONCE) this.#once.clear();
  }

  /** The position of a text; null while only this chunk contains it. */
  placeOf(text: string): number | null {
    const place = this.#places.get(text);
    if (place !== undefined) return place;
    const seen = this.#once.get(text);
    if (seen === undefined) this.#once.set(text, this.#chunk);
    if (seen === undefined || seen === this.#chunk) return null;
    this.#once.delete(text);
    this.#places.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }
}

/** Encodes texts by position in `words`; texts new to it stay in the column. */
export function encodeShared(values: readonly string[], words: SharedWords): SharedTexts {
  const own: string[] = [];
  const placeOf = remembered((value: string) => words.placeOf(value) ?? -own.push(value));
  const column = encodeNumbers(values.map((value) => placeOf(value)));
  return own.length === 0 ? [column] : [column, encodeTexts(own), own.length];
}

/** The inverse of `encodeShared`; `words` must contain at least the texts that it had at encoding. */
export function decodeShared([places, own, count]: SharedTexts, rows: number, words: readonly string[]): string[] {
  const texts = own === undefined ? [] : decodeTexts(own, count ?? 0);
  return decodeNumbers(places, rows).map((place) => (place < 0 ? texts[-1 - place] : words[place]) ?? '');
}

/** The shape with the texts at these paths (`owner.name`) marked as shared. Lists and nullables are passed through. */
export function sharing<S extends ObjectShape>(shape: S, paths: readonly string[]): S {
  return paths.reduce<Shape>((shared, path) => shareAt(shared, path.split('.')), shape) as S;
}

function shareAt(shape: Shape, path: readonly string[]): Shape {
  if (shape.kind === 'nullable' || shape.kind === 'list' || shape.kind === 'map')
    return { ...shape, of: shareAt(shape.of, path) };
  const [first, ...rest] = path;
  if (first === undefined && shape.kind === 'text') return { ...shape, shared: true };
  if (shape.kind !== 'object' || !shape.fields.some(([name]) => name === first))
    throw new Error(`no text stands at ${path.join('.')}`);
  return { ...shape, fields: shape.fields.map(([name, of]) => [name, name === first ? shareAt(of, rest) : of]) };
}
