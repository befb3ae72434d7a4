import { describe, expect, test } from 'vitest';
import { clipped, clippedAddress, clippedMiddle, fitting, round, textWidth } from './text';

describe('text', () => {
  test('bold text is wider, monospaced text has equal steps', () => {
    expect(textWidth('assigned', 12, 650)).toBeGreaterThan(textWidth('assigned', 12));
    expect(textWidth('10.0.1.7', 10, 400, true)).toBeCloseTo(48);
  });
  test('an unknown script has a width above zero', () => expect(textWidth('節点', 10)).toBeGreaterThan(19));
  test.each([
    ['upf-7c9d4-x2kqp', 200, 'upf-7c9d4-x2kqp'],
    ['upf-7c9d4-x2kqp', 5, null],
  ])('%s in %d px is %s', (text, width, expected) => expect(clipped(text, 12, width)).toBe(expected));
  test('clipped text fits and ends in …, never in half a character', () => {
    for (let width = 20; width < 90; width++) {
      const cut = clipped('pod-🙂🙂🙂-x2kqp', 12, width);
      if (cut === null) continue;
      expect(textWidth(cut, 12)).toBeLessThanOrEqual(width);
      expect(cut).not.toMatch(/[\uD800-\uDBFF]…/);
    }
  });
  test('a name clipped in the middle fits and keeps its beginning and end', () => {
    const name = 'upf-a-tcmvwtlbd-6hx4g';
    for (let width = 30; width < 140; width++) {
      const cut = clippedMiddle(name, 12, width);
      if (cut === null || cut === name) continue;
      const [head = '', tail = ''] = cut.split('…');
      expect(textWidth(cut, 12)).toBeLessThanOrEqual(width);
      expect(name.startsWith(head) && name.endsWith(tail) && tail !== '').toBe(true);
    }
    expect(clippedMiddle(name, 12, 200)).toBe(name);
    expect(clippedMiddle(name, 12, 10)).toBeNull();
  });
  test.each([
    ['10.20.32.146', 90, '10.20.32.146'],
    ['10.20.32.146', 70, '….32.146'],
    ['10.20.32.146', 36, '….146'],
    ['10.20.32.146', 20, null],
    ['fd00:0:0:1::7', 40, '…::7'],
  ])('of the address %s in %d px, %s is left', (ip, width, expected) =>
    expect(clippedAddress(ip, 12, width)).toBe(expected),
  );
  test('the longest wording that fits is used', () => {
    const span = (text: string) => [{ text, tone: 'ink' as const }];
    expect(fitting([span('34 assigned'), span('34')], 12, 30)).toEqual(span('34'));
    expect(fitting([span('34 assigned')], 12, 10)).toBeNull();
  });
  test('numbers have two decimals and no negative zero', () => {
    expect(round(1.23456)).toBe(1.23);
    expect(Object.is(round(-0.001), 0)).toBe(true);
  });
});
