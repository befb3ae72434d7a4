import { expect, it } from 'vitest';
import { Wire } from './wire';

function read(text: string): string {
  const bytes = Buffer.from(text);
  // A length of up to 16,383 bytes.
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return new Wire(Buffer.concat([Buffer.from(length), bytes])).text();
}

// The UTF-8 bytes of each text are, byte by byte, the characters of the next.
const ALIKE = [
  'é',
  'Ã©',
  '\u00c3\u0083\u00c2\u00a9',
  '',
  ' ',
  'pod',
  'pods',
  'x'.repeat(64),
  'x'.repeat(65),
  'ü'.repeat(40),
];

it('reads a text correctly, whatever texts came before', () => {
  // More texts than the cache has slots, so that every slot is used by several.
  const many = Array.from({ length: 40_000 }, (_, index) => `node-${index}.example`);
  for (const text of [...ALIKE, ...many, ...ALIKE, ...many.slice(0, 100), ...ALIKE]) expect(read(text)).toBe(text);
});
