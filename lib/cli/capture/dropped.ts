/** Reduces texts in objects (annotations, configs) to the parts that are read, and lists what a capture leaves out. */
import { isObject, type Fields } from '../../model/is-object';
import { stripJson } from '../../cni/strip';
import { byCodeUnit } from '../../model/order';

type Reader = (value: unknown) => unknown;

const factsOf = (object: unknown, readers: readonly Reader[]): string =>
  JSON.stringify(
    readers.map((read) => {
      try {
        return read(object);
      } catch {
        return null;
      }
    }),
  );

/**
 * The same object with every JSON text in annotations and spec stripped; the facts stay the same. `object`: the result
 * of `readPart`.
 */
export function stripTexts(
  object: unknown,
  readers: readonly Reader[],
): { readonly value: unknown; readonly dropped: readonly string[] } {
  const dropped: string[] = [];
  let value = object;
  const strip = (path: readonly string[], text: string): void => {
    if (!/^\s*[[{]/.test(text)) return;
    const facts = factsOf(value, readers);
    const before = value;
    const stripped = stripJson(text, (candidate) => factsOf(replaced(before, path, candidate), readers) === facts);
    value = replaced(before, path, stripped.text);
    for (const one of stripped.dropped) dropped.push(`${path.join('.')}: ${one.replace(/\[\d+\]/g, '[]')}`);
  };
  const visit = (node: unknown, path: readonly string[]): void => {
    if (typeof node === 'string') strip(path, node);
    else if (isObject(node)) for (const [key, one] of Object.entries(node)) visit(one, [...path, key]);
  };
  if (isObject(object)) {
    if (isObject(object['metadata'])) visit(object['metadata']['annotations'], ['metadata', 'annotations']);
    visit(object['spec'], ['spec']);
  }
  return { value, dropped };
}

/** The object with another text at this path. */
function replaced(node: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) return text;
  return isObject(node) ? { ...node, [key]: replaced(node[key], rest, text) } : node;
}

const annotationsOf = (object: unknown): Fields => {
  const metadata = isObject(object) ? object['metadata'] : null;
  const annotations = isObject(metadata) ? metadata['annotations'] : null;
  return isObject(annotations) ? annotations : {};
};

/** Counts, by file, the left-out annotations and text values and the number of objects concerned. */
export class Dropped {
  readonly #files = new Map<string, Map<string, number>>();

  /** `object`: from the server; `part`: the kept part; `values`: dropped from its texts. */
  add(file: string, object: unknown, part: unknown, values: readonly string[]): void {
    const kept = annotationsOf(part);
    const annotations = Object.entries(annotationsOf(object)).flatMap(([key, value]) =>
      value !== '' && (kept[key] === undefined || kept[key] === '') ? [`metadata.annotations.${key}`] : [],
    );
    for (const one of [...annotations, ...new Set(values)]) {
      const counts = this.#files.get(file) ?? new Map<string, number>();
      this.#files.set(file, counts.set(one, (counts.get(one) ?? 0) + 1));
    }
  }

  list(): Fields {
    return Object.fromEntries(
      [...this.#files]
        .sort(([a], [b]) => byCodeUnit(a, b))
        .map(([file, counts]) => [file, Object.fromEntries([...counts].sort(([a], [b]) => byCodeUnit(a, b)))]),
    );
  }
}
