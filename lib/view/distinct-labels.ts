/** Shortens long labels where they are equal, so that they stay distinct. */

function sharedLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  return at;
}

/**
 * Returns the labels in the same order. If a label is longer than `max` characters and another one begins with the same
 * `max` characters, `…` replaces the parts at its beginning that both share: as few as necessary, and none without which
 * it could be another label.
 */
export const distinctLabels = (labels: readonly string[], max: number): readonly string[] =>
  labels.map((label, index) => {
    if (label.length <= max) return label;
    const shared = Math.max(0, ...labels.map((other, at) => (at === index ? 0 : sharedLength(label, other))));
    if (shared < max) return label;
    const parts = [...label.slice(0, shared).matchAll(/[-._/]/g)].map((separator) => separator.index + 1);
    const from = parts.find((at) => label.length - at < max) ?? parts.at(-1) ?? shared;
    const isDistinct = (at: number): boolean =>
      !labels.some((other, place) => place !== index && other.endsWith(label.slice(at)));
    const cut = [from, ...parts.filter((at) => at < from).toReversed()].find(isDistinct);
    return cut === undefined ? label : `…${label.slice(cut)}`;
  });
