// Random JSON and near-JSON, generated as text so that keys can repeat, numbers keep their form and errors are few. The
// same seed yields the same texts.

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Errors that any text may contain. */
export const NUMBERS =
  '0|-0|1|80|-1|1.0|1e2|1E400|-1e999|1e-400|65536|9223372036854775807|9223372036854775808|-9223372036854775808|-9223372036854775809|' +
  '123456789012345678901234567890|0.1|1.50|2147483648';
const ODD = Array.from('[]{}",:/@ \t\n\r\u0000\u0001\u007f\u0080\u00a0\u2028\ufeff\ufffd“”\'\\-.x0ſ😀é');
export const NAMES =
  'a|b|c|net-1|macvlan-conf|x1|1|0a|a-b-c|A|Net|a.b|a_b|-a|a-|ns/a|a/b/c|a@b|ä|名|%d|%s%!|null|true|eth0|' +
  'aaaaaaaaaaaaaaa|aaaaaaaaaaaaaaaa|' +
  `${'a'.repeat(64)}|`;

/** Pools of texts are one string, with `|` between them. */
export class TextMaker {
  readonly #roll: () => number;

  constructor(
    seed: number,
    /** Keys that may occur anywhere. */
    readonly keys: string,
  ) {
    this.#roll = dice(seed);
  }

  chance(p: number): boolean {
    return this.#roll() < p;
  }

  below(n: number): number {
    return Math.floor(this.#roll() * n);
  }

  pick(pool: string): string {
    const parts = pool.split('|');
    return parts[this.below(parts.length)] ?? '';
  }

  repeat(most: number, make: () => string): string[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  /** A string as JSON writes it, with some of its characters escaped. */
  quoted(text: string): string {
    let out = '"';
    for (const character of text) {
      const code = character.charCodeAt(0);
      if (this.chance(0.03)) out += `\\u${code.toString(16).padStart(4, '0')}`;
      else if (character === '"' || character === '\\') out += `\\${character}`;
      else if (code < 32 && this.chance(0.8)) out += `\\u${code.toString(16).padStart(4, '0')}`;
      else out += character;
    }
    if (this.chance(0.01)) {
      out += this.pick('\\ud800|\\ud83d\\ude00|\\udc00\\ud800|\\u00e4|\\/|\\b|\\x|\\u12|\u0001');
    }
    return `${out}"`;
  }

  list(make: () => string): string {
    return `[${this.repeat(3, make).join(this.chance(0.98) ? ',' : this.pick(', |;| '))}]`;
  }

  /** Any value, nested at most this deep. */
  anything(depth: number): string {
    const kind = this.below(depth > 0 ? 9 : 6);
    if (kind === 0) return 'null';
    if (kind === 1) return this.pick('true|false');
    if (kind === 2) return this.pick(NUMBERS);
    if (kind < 5) return this.quoted(this.pick(NAMES));
    if (kind === 5) return this.pick('[]|{}|""');
    if (kind < 8) return this.list(() => this.anything(depth - 1));
    return this.object(() => [this.pick(this.keys), this.anything(depth - 1)]);
  }

  object(member: () => readonly [string, string], most = 6): string {
    const members = this.repeat(most, () => {
      const [key, value] = member();
      return `${this.quoted(this.#spelt(key))}${this.blank()}:${this.blank()}${value}`;
    });
    return `{${this.blank()}${members.join(',')}${this.blank()}}`;
  }

  blank(): string {
    return this.chance(0.1) ? this.pick(' |\n|\t|\r\n') : '';
  }

  /** A variant spelling of a key: Go matches any case, the long s and the Kelvin sign. */
  #spelt(key: string): string {
    if (this.chance(0.85)) return key;
    const ways = [
      () => key.toUpperCase(),
      () => key.replaceAll('s', 'ſ'),
      () => key.replaceAll('k', '\u212a'),
      () => `${key} `,
      () => key.replaceAll('-', '_'),
      () => key.charAt(0).toUpperCase() + key.slice(1),
      () => key.replace('i', 'İ'),
    ];
    return ways[this.below(ways.length)]?.() ?? key;
  }

  /** The text with one or two errors. */
  mutated(text: string): string {
    let out = Array.from(text);
    for (let i = 1 + this.below(2); i > 0; i--) {
      const at = this.below(out.length + 1);
      const odd = ODD[this.below(ODD.length)] ?? '';
      const ways = [
        () => out.toSpliced(at, 1),
        () => out.toSpliced(at, 0, odd),
        () => out.toSpliced(at, 1, odd),
        () => out.slice(0, at),
        () => [...out.slice(0, at), ...out.slice(Math.max(0, at - 5))],
        () => out.toSpliced(at, 0, this.chance(0.5) ? ' // x' : '/* x */'),
      ];
      out = ways[this.below(ways.length)]?.() ?? out;
    }
    return out.join('');
  }
}
