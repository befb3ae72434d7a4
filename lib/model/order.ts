/** Locale-independent orders, so that the same data yields the same file and the same picture everywhere. */

/** By UTF-16 code unit: the order of files. */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Natural order: `ip-10-0-1-9` before `ip-10-0-1-17`. Ties (leading zeros) fall back to code unit order. */
export function byNaturalName(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    if (isDigit(x) && isDigit(y)) {
      let p = i;
      let q = j;
      while (p < a.length && isDigit(a.charCodeAt(p))) p++;
      while (q < b.length && isDigit(b.charCodeAt(q))) q++;
      const left = a.slice(i, p).replace(/^0+(?=\d)/, '');
      const right = b.slice(j, q).replace(/^0+(?=\d)/, '');
      if (left.length !== right.length) return left.length - right.length;
      if (left !== right) return left < right ? -1 : 1;
      i = p;
      j = q;
    } else {
      if (x !== y) return x - y;
      i++;
      j++;
    }
  }
  return a.length - i - (b.length - j) || byCodeUnit(a, b);
}
