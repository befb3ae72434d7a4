import { expect, it, vi } from 'vitest';
import { writeToStandardError } from './standard-error';

const written = vi.hoisted(() => ({ text: '', room: Infinity }));
vi.mock('node:fs', () => ({
  writeSync(_: number, bytes: Buffer, from: number) {
    if (written.room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const part = bytes.subarray(from, from + written.room);
    written.text += part.toString();
    written.room -= part.length;
    return part.length;
  },
}));

it('starts a new line after a truncated one', () => {
  writeToStandardError('before\n');
  written.room = 3;
  for (let n = 0; n < 2; n++) expect(() => writeToStandardError('cut off\n')).toThrow('no space left');
  written.room = Infinity;
  writeToStandardError('after\n');
  writeToStandardError('on\n');
  expect(written.text).toBe('before\ncut\nafter\non\n');
});
