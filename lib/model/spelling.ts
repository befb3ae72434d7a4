/** Finds the known name that a misspelt one may mean. */

/** Edit distance between two short names; two swapped letters count as one edit. Stops beyond two. */
export function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
          isSwapped ? (before[j - 2] ?? 2) + 1 : 3,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 3;
}

/** The closest known name: one edit away, or two in a long name. Null without one. Ignores case. */
export function similarName(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = name.length < 6 ? 1 : 2;
  for (const candidate of known) {
    const apart = distance(name.toLowerCase(), candidate.toLowerCase());
    if (apart < least || (apart === least && best === null)) [best, least] = [candidate, apart];
  }
  return best;
}
