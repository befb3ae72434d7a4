/** Patterns in which `*` stands for any characters. Compared without going back, so that no pattern takes long. */

/** Whether the pattern may begin, or end, at this place of the (lower-case) text. */
type MayStand = (text: string, at: number) => boolean;

/** The first place from `from` on where `part` stands and `isRight` holds for it; -1 without one. */
function find(text: string, part: string, from: number, isRight: (at: number) => boolean): number {
  for (let at = from; at <= text.length; at++) {
    at = text.indexOf(part, at);
    if (at < 0 || isRight(at)) return at;
  }
  return -1;
}

/** A test of texts; case does not count. */
export function globTest(pattern: string, mayBegin: MayStand, mayEnd: MayStand): (text: string) => boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  return (given) => {
    const text = given.toLowerCase();
    if (last === undefined)
      return find(text, first, 0, (at) => mayBegin(text, at) && mayEnd(text, at + first.length)) >= 0;
    // The earliest place of each part leaves the most room for those behind it.
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
