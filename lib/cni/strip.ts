/**
 * Removes unused values from JSON texts of the cluster (a NAD's config, annotations): a value is kept only if the reading
 * changes without it. So there is no list of fields that could be incomplete, and the stripped text reads the same as the
 * original by construction. Removed values may be secrets: a kubeconfig, a token, a plugin's arguments.
 */
import { GoNumber, GoObject, parseGoTree, type GoValue } from './go/json';

/** A text without its unused values. */
export interface Stripped {
  readonly text: string;
  /** Paths of removed values: `plugins[0].kubernetes.kubeconfig`. Keys of an object that is read are kept. */
  readonly dropped: readonly string[];
  /**
   * Whether the text had too many values to try each one: the last ones were removed without a check, so the result may
   * read differently.
   */
  readonly isCut: boolean;
}

/** Budget for all trial readings of one text, in characters: sufficient for thousands of values in a text of some kilobytes. */
const MAX_TRIAL_CHARACTERS = 4 << 20;

type Node =
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly values: Node[] }
  | { readonly kind: 'list'; readonly values: Node[] }
  | { readonly kind: 'leaf'; readonly text: string };

const EMPTY_OBJECT: Node = { kind: 'leaf', text: '{}' };
const EMPTY_LIST: Node = { kind: 'leaf', text: '[]' };

/** Nesting limit; no real config is half as deep. */
const MAX_DEPTH = 64;
/** Replaces a text that cannot be stripped; not JSON either. */
const NOTHING = '?';

function nodeOf(value: GoValue, depth = 0): Node {
  if (depth > MAX_DEPTH) return value instanceof GoObject ? EMPTY_OBJECT : EMPTY_LIST;
  if (value instanceof GoObject)
    return { kind: 'object', keys: value.keys, values: value.values.map((one) => nodeOf(one, depth + 1)) };
  if (value instanceof GoNumber) return { kind: 'leaf', text: value.text };
  if (Array.isArray(value))
    return { kind: 'list', values: (value as readonly GoValue[]).map((one) => nodeOf(one, depth + 1)) };
  return { kind: 'leaf', text: JSON.stringify(value) };
}

function write(node: Node): string {
  if (node.kind === 'leaf') return node.text;
  if (node.kind === 'list') return `[${node.values.map(write).join(',')}]`;
  return `{${node.keys.map((key, index) => `${JSON.stringify(key)}:${write(node.values[index] ?? EMPTY_OBJECT)}`).join(',')}}`;
}

/** Substitutes for a value that preserve its type, the most harmless first. */
function substitutes(node: Node): readonly Node[] {
  if (node.kind === 'object') return node.keys.length === 0 ? [] : [EMPTY_OBJECT];
  if (node.kind === 'list') return node.values.length === 0 ? [] : [EMPTY_LIST];
  // For some texts, it matters that they are not empty.
  if (node.text.startsWith('"'))
    return ['""', '"-"'].filter((one) => one !== node.text).map((text) => ({ kind: 'leaf', text }));
  return /^-?\d/.test(node.text) && node.text !== '0' ? [{ kind: 'leaf', text: '0' }] : [];
}

const isHarmless = (node: Node): boolean =>
  node.kind === 'leaf' && /^(""|"-"|0|true|false|null|\{\}|\[\])$/.test(node.text);

/** `isSame`: whether a candidate reads the same as the original text. Never throws. */
export function stripJson(text: string, isSame: (candidate: string) => boolean): Stripped {
  const tree = parseGoTree(text);
  if ('error' in tree) return stripBroken(text, isSame);
  const whole = [nodeOf(tree.value)];
  const current = (): string => whole.map(write).join('');
  const dropped: string[] = [];
  let left = MAX_TRIAL_CHARACTERS;
  let isCut = false;
  const strip = (values: Node[], index: number, path: string): void => {
    const node = values[index];
    if (node === undefined || isHarmless(node)) return;
    for (const substitute of substitutes(node)) {
      values[index] = substitute;
      left -= text.length;
      isCut ||= left < 0;
      if (left >= 0 && !isSame(current())) continue;
      dropped.push(path === '' ? 'everything' : path);
      return;
    }
    values[index] = node;
    descend(node, path);
  };
  const descend = (node: Node, path: string): void => {
    if (node.kind === 'list') for (const index of node.values.keys()) strip(node.values, index, `${path}[${index}]`);
    if (node.kind === 'object')
      for (const [index, key] of node.keys.entries()) strip(node.values, index, path === '' ? key : `${path}.${key}`);
  };
  if (!isSame(current())) return { text: NOTHING, dropped: ['everything'], isCut: true };
  strip(whole, 0, '');
  return { text: current(), dropped, isCut };
}

/** Strips a text that is not JSON, word by word. */
function stripBroken(text: string, isSame: (candidate: string) => boolean): Stripped {
  // Such a text is read up to its first error, so the rest is removed at once.
  let kept = shortest(text, isSame);
  let isAny = kept.length < text.length;
  let left = MAX_TRIAL_CHARACTERS;
  for (const { 0: word, index } of [...kept.matchAll(/[^\s"'{}[\]:,]+/g)].reverse()) {
    left -= kept.length;
    const without = kept.slice(0, index) + kept.slice(index + word.length);
    if (left < 0) return { text: NOTHING, dropped: ['everything'], isCut: true };
    if (!isSame(without)) continue;
    kept = without;
    isAny = true;
  }
  return { text: kept, dropped: isAny ? ['words of a text that is no JSON'] : [], isCut: false };
}

/** The shortest prefix that reads the same; the original text if that is not certain. */
function shortest(text: string, isSame: (candidate: string) => boolean): string {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSame(text.slice(0, middle))) high = middle;
    else low = middle + 1;
  }
  return isSame(text.slice(0, high)) ? text.slice(0, high) : text;
}
