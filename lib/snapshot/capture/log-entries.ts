/** Entries of a JSON log that are valid JSON values themselves: a log of one line, or one that `jq` has formatted. */
import { objectOrNull, text } from '../../normalise/read/guards';

/** A value of a file, and the line on which it begins. */
interface Placed {
  readonly line: number;
  readonly value: unknown;
}

/** Whether it is an entry of a structured log; API answers have no such fields. */
function isEntry(value: unknown): boolean {
  const entry = objectOrNull(value);
  if (entry === null || text(entry['level']) === null || text(entry['msg']) === null) return false;
  const at = entry['ts'] ?? entry['time'];
  return typeof at === 'string' || typeof at === 'number';
}

/** The entries that a value consists of; null for any other value. */
function entriesOf(value: unknown): readonly unknown[] | null {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.length > 0 && all.every(isEntry) ? all : null;
}

/** Separates the log entries of a file from its answers. `log` has one entry per line; null without entries. */
export function withoutLogEntries<T extends Placed>(
  documents: readonly T[],
): { readonly documents: readonly T[]; readonly log: { readonly line: number; readonly text: string } | null } {
  const entries: string[] = [];
  const starts: number[] = [];
  const rest = documents.filter(({ line, value }) => {
    const found = entriesOf(value);
    if (found === null) return true;
    starts.push(line);
    entries.push(...found.map((entry) => JSON.stringify(entry)));
    return false;
  });
  const [first] = starts;
  return { documents: rest, log: first === undefined ? null : { line: first, text: entries.join('\n') } };
}
