import { describe, expect, it } from 'vitest';
import { harmless } from './harmless';

describe('harmless', () => {
  it.each([
    ['an escape sequence', 'a\u001b[2Jb', String.raw`a\u001b[2Jb`],
    ['a C1 control sequence', 'a\u009b2Jb', String.raw`a\u009b2Jb`],
    ['line ends', 'a\r\nb\u2028c', String.raw`a\u000d\u000ab\u2028c`],
    ['a right-to-left override', 'a\u202egnp.exe', String.raw`a\u202egnp.exe`],
    ['half a surrogate pair', 'a\ud800b', String.raw`a\ud800b`],
    ['a format character beyond the first plane', 'a\u{e0041}b', String.raw`a\ue0041b`],
    ['plain text', 'ns/pod · été 日本 🙂', 'ns/pod · été 日本 🙂'],
  ])('%s', (_, text, shown) => {
    expect(harmless(text)).toBe(shown);
  });
});
