/**
 * The lines of a posted file as they were before somebody quoted them (`> ` before each line, as in an answer on GitHub
 * or by mail) or indented them (a code block, an item of a list). Their numbers stay the same.
 */
import { beginsAnswer, isBetween, isProse } from './lines';

/** The lines, and those before which a document ends because the quotation or the indentation changes. */
export interface PlainLines {
  readonly lines: readonly string[];
  readonly breaks: ReadonlySet<number>;
}

/** Answers contain no such unindented line. */
const QUOTED = /^>/;

/** Removes quotation marks, of several levels too. */
function unquote(lines: string[], breaks: Set<number>): void {
  for (let at = 0; at < lines.length; at++) {
    if (!QUOTED.test(lines[at] ?? '')) continue;
    let end = at;
    while (end < lines.length && QUOTED.test(lines[end] ?? '')) end++;
    const block = lines.slice(at, end).map((line) => line.replace(QUOTED, ''));
    // Some mail clients write no blank after the sign.
    const hasBlanks = block.every((line) => line === '' || line.startsWith(' ') || QUOTED.test(line));
    const inner = hasBlanks ? block.map((line) => line.replace(/^ /, '')) : block;
    const within = new Set<number>();
    unquote(inner, within);
    for (const [index, line] of inner.entries()) lines[at + index] = line;
    breaks.add(at).add(end);
    for (const index of within) breaks.add(at + index);
    at = end - 1;
  }
}

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/** A heading of a block, which looks like a key: `Pods:`. Answers have no blank line behind a key. */
const LABEL = /^[\w./-]+: *$/;

function isLabel(lines: readonly string[], at: number): boolean {
  if (!LABEL.test(lines[at] ?? '') || lines[at + 1]?.trim() !== '') return false;
  const next = lines.slice(at + 1, at + 5).find((line) => line.trim() !== '') ?? '';
  return /^[ \t]/.test(next) && beginsBlock(next.trimStart());
}

/** Whether an unindented line belongs to a YAML document. */
const isKeyLine = (line: string): boolean => !line.startsWith('#') && !isProse(line.replace(/^- +/, ''));

const beginsBlock = (line: string): boolean => beginsAnswer(line) || isBetween(line);

/**
 * Removes the indentation of blocks that begin like an answer, a command or a fence. Inside an answer that is not
 * indented, every line keeps its own.
 */
function outdent(lines: string[], breaks: Set<number>): void {
  let isInAnswer = false;
  /** The indentation that is removed; null outside of an indented block. */
  let removed: string | null = null;
  /** Whether an indented block may begin, because no line before belongs to other indented text. */
  let mayBegin = true;
  for (const [at, line] of lines.entries()) {
    if (breaks.has(at)) [isInAnswer, mayBegin, removed] = [false, true, null];
    if (!/\S/.test(line)) continue;
    const indent = indentOf(line);
    const bare = line.slice(indent.length);
    if (indent === '') {
      const isHeading = isLabel(lines, at);
      if (removed !== null || isHeading) breaks.add(at);
      // What is indented right below a key is its value.
      [mayBegin, removed] = [isHeading || !isKeyLine(line), null];
      if (beginsAnswer(line)) isInAnswer = true;
      else if (/^[}\]]/.test(line) || isBetween(line) || isProse(line) || isHeading) isInAnswer = false;
      continue;
    }
    if (isInAnswer) continue;
    if (removed !== null && !line.startsWith(removed)) {
      breaks.add(at);
      [mayBegin, removed] = [true, null];
    }
    if (removed === null && (mayBegin ? beginsBlock(bare) : isBetween(bare))) {
      removed = indent;
      breaks.add(at);
    }
    if (removed === null) mayBegin = isProse(bare);
    else lines[at] = line.slice(removed.length);
  }
}

/** Blanks that do not break, as pages contain them, in place of an indentation. */
const NO_BREAK = /^[ \t]*\u00a0[ \t\u00a0]*/gm;

/** Splits a file that is not one JSON value. */
export function plainLines(text: string): PlainLines {
  const plain = text.includes('\u00a0') ? text.replace(NO_BREAK, (blanks) => blanks.replaceAll('\u00a0', ' ')) : text;
  const lines = plain.split(/\r?\n/);
  const breaks = new Set<number>();
  unquote(lines, breaks);
  outdent(lines, breaks);
  return { lines, breaks };
}
