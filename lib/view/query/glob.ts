/** Patterns in which `*` matches any characters. Matched without backtracking, so that every pattern is fast. */

/** Whether the pattern may begin or end at this index of the (lower-case) text. */
type MayStand = (text: string, at: number) => boolean;

/** The first index from `from` on at which `part` occurs and `isRight` accepts the position; -1 without one. */
function find(text: string, part: string, from: number, isRight: (at: number) => boolean): number {
  for (let at = from; at <= text.length; at++) {
    at = text.indexOf(part, at);
    if (at < 0 || isRight(at)) return at;
  }
  return -1;
}

/** A predicate for texts; case-insensitive. */
export function globTest(pattern: string, mayBegin: MayStand, mayEnd: MayStand): (text: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  return (given) => {
    const text = given.toLowerCase();
    if (last === undefined)
      return find(text, first, 0, (at) => mayBegin(text, at) && mayEnd(text, at + first.length)) >= 0;
    // The earliest match of each part leaves the most room for the following parts.
    let at = find(text, first, 0, (place) => mayBegin(text, place));
    if (at < 0) return false;
    at += first.length;
    for (const part of rest) {
      at = text.indexOf(part, at);
      if (at < 0) return false;
      at += part.length;
    }
    return find(text, last, at, (place) => mayEnd(text, place + last.length)) >= 0;
  };
}
