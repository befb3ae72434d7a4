import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoJson } from './json';

// Messages as Go 1.26 prints them for these texts.
const MESSAGES: readonly (readonly [string, string])[] = [
  ['', 'unexpected end of JSON input'],
  ['["a', 'unexpected end of JSON input'],
  ['{"a":', 'unexpected end of JSON input'],
  ['[1,]', "invalid character ']' looking for beginning of value"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
  ['{,}', "invalid character ',' looking for beginning of object key string"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['[1 2]', "invalid character '2' after array element"],
  ['[01]', "invalid character '1' after array element"],
  ['[] x', "invalid character 'x' after top-level value"],
  ['“x”', "invalid character 'â' looking for beginning of value"],
  ['[\u00a0]', "invalid character 'Â' looking for beginning of value"],
  ['[\u007f]', "invalid character '\\x7f' looking for beginning of value"],
  ['\ufeff[]', "invalid character 'ï' looking for beginning of value"],
  ['[\ud83d\ude00]', "invalid character 'ð' looking for beginning of value"],
  ['[tru]', "invalid character ']' in literal true (expecting 'e')"],
  ['tru', "invalid character ' ' in literal true (expecting 'e')"],
  ['[nulx]', "invalid character 'x' in literal null (expecting 'l')"],
  ['["\\x"]', "invalid character 'x' in string escape code"],
  ['["\\u12x"]', "invalid character 'x' in \\u hexadecimal character escape"],
  ['["a\nb"]', "invalid character '\\n' in string literal"],
  ['-', "invalid character ' ' in numeric literal"],
  ['[-x]', "invalid character 'x' in numeric literal"],
  ['[1.]', "invalid character ']' after decimal point in numeric literal"],
  ['[1e+]', "invalid character ']' in exponent of numeric literal"],
];

describe('parseGoJson', () => {
  it.each(MESSAGES)('%j: %s', (text, error) => expect(parseGoJson(text)).toEqual({ error }));

  it('accepts JSON that Go accepts', () => {
    expect(parseGoJson(' \n\t[1, {"a": null}]\r\n')).toEqual({ value: [1, { a: null }] });
  });

  it('reads a lone surrogate as the replacement character, and a pair as its character', () => {
    const text = String.raw`["\ud83d\ude00", "\ud83d", "\ude00\ud83d", "\\ud83d", "\u0041"]`;
    expect(parseGoJson(text)).toEqual({ value: ['😀', '\ufffd', '\ufffd\ufffd', String.raw`\ud83d`, 'A'] });
    expect(parseGoJson('"\ud83d"')).toEqual({ value: '\ufffd' });
  });

  it('treats __proto__ like any other key', () => {
    const read = parseGoJson('{"__proto__": {"polluted": true}}');
    expect('value' in read && Object.keys(read.value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('has the same nesting limit as Go', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseGoJson(nested(10_000))).toHaveProperty('value');
    expect(parseGoJson(nested(10_001))).toEqual({ error: "invalid character '[' exceeded max depth" });
    expect(parseGoJson('{"a":'.repeat(10_001))).toEqual({ error: "invalid character '{' exceeded max depth" });
    // Many brackets side by side are not nested.
    expect(parseGoJson(`[${Array.from({ length: 20_000 }, () => '[]').join(',')}]`)).toHaveProperty('value');
  });

  it('returns an error for every text that JSON.parse rejects, and a value for all others', () => {
    const pieces = fc.constantFrom(
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '1',
      '-',
      '.',
      'e',
      'true',
      'nul',
      'a',
      ' ',
      '\n',
      '“',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        let parsed = true;
        try {
          JSON.parse(text);
        } catch {
          parsed = false;
        }
        const read = parseGoJson(text);
        expect('value' in read).toBe(parsed);
        if ('error' in read) expect(read.error).toMatch(/^(invalid character '.+' |unexpected end of JSON input$)/u);
      }),
      { seed: 11, numRuns: 3000 },
    );
  });
});
