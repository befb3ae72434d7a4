import { expect, it } from 'vitest';
import { internStringMap } from './intern';

it('shares equal maps, and distinguishes maps whose joined texts are equal', () => {
  expect(internStringMap({ a: '1', b: '2' })).toBe(internStringMap({ a: '1', b: '2' }));
  expect(internStringMap({ a: '1:b1:2' })).not.toEqual(internStringMap({ a: '1', b: '2' }));
  expect(internStringMap({ ab: 'c' })).toEqual({ ab: 'c' });
  expect(internStringMap({ a: 'bc' })).toEqual({ a: 'bc' });
});

it('keeps only strings, and only the selected keys', () => {
  expect(internStringMap({ a: 1, b: 'x', c: null, d: ['y'] })).toEqual({ b: 'x' });
  expect(internStringMap({ a: 'x', b: 'y' }, (key) => key === 'b')).toEqual({ b: 'y' });
  expect(internStringMap(['x'])).toEqual({});
});

it('keeps a key like __proto__ as a key', () => {
  const map = internStringMap(JSON.parse('{"__proto__":"x","constructor":"y"}'));
  expect(Object.entries(map)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});
