/** Shortens names of one list where they are equal, not where they differ. */
import { clippedMiddle, textWidth } from './text';

/** Number of leading parts that all texts share. */
function sharedStart(texts: readonly (readonly string[])[]): number {
  const [first = []] = texts;
  let end = 0;
  while (end < first.length && texts.every((text) => text[end] === first[end])) end++;
  return end;
}

/**
 * The name with its distinctive part whole, and as much of the shared part as fits; null when the distinctive part does
 * not fit.
 */
function cutShared(
  name: readonly string[],
  start: number,
  end: number,
  fits: (text: string) => boolean,
): string | null {
  const tail = name.length - end;
  const part = (from: number, to: number): string => name.slice(from, to).join('');
  for (let kept = start + end; kept >= 0; kept--) {
    const after = Math.min(end, Math.floor(kept / 2));
    const before = Math.min(start, kept - after);
    const text = `${part(0, before)}${before < start ? '…' : ''}${part(start, tail)}${after < end ? '…' : ''}${part(name.length - after, name.length)}`;
    if (fits(text)) return text;
  }
  return null;
}

/**
 * Each name within this width, by name; null where nothing fits. Names that clipping in the middle would make equal
 * keep their distinctive part instead.
 */
export function distinctNames(
  names: readonly string[],
  size: number,
  width: number,
): ReadonlyMap<string, string | null> {
  const cuts = new Map(names.map((name) => [name, clippedMiddle(name, size, width)]));
  const alike = new Map<string, string[]>();
  for (const [name, cut] of cuts) if (cut !== null) alike.set(cut, [...(alike.get(cut) ?? []), name]);
  for (const group of alike.values()) {
    if (group.length < 2) continue;
    const letters = group.map((name) => Array.from(name));
    const start = sharedStart(letters);
    const shortest = Math.min(...letters.map(({ length }) => length));
    const end = Math.min(sharedStart(letters.map((name) => name.toReversed())), shortest - start);
    group.forEach((name, index) => {
      const cut = cutShared(letters[index] ?? [], start, end, (text) => textWidth(text, size) <= width);
      if (cut !== null) cuts.set(name, cut);
    });
  }
  return cuts;
}
