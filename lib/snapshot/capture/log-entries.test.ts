/** Logs whose entries are JSON values: a single line, or the output of jq. */
import { describe, expect, it } from 'vitest';
import { readCaptureFile } from './file';

const entry = { level: 'error', ts: '2026-09-01T11:59:00.123Z', caller: 'ipamd/ipamd.go:1', msg: 'x' };
const LINE = JSON.stringify(entry);
const FORMATTED = JSON.stringify(entry, null, 2);

/** The types of what is found, and the text of the log. */
function read(content: string): readonly unknown[] {
  return readCaptureFile(content).map((one) => (one.type === 'log' ? one.text : one.type));
}

describe('a log', () => {
  it.each([
    ['of one line', LINE, [LINE]],
    ['of one line with a line break', `${LINE}\n`, [LINE]],
    ['that jq has formatted', `${FORMATTED}\n${FORMATTED}\n`, [`${LINE}\n${LINE}`]],
    ['as a JSON array', JSON.stringify([entry, entry]), [`${LINE}\n${LINE}`]],
    ['in a fence', `The log:\n\`\`\`\n${LINE}\n\`\`\`\n`, ['unreadable', LINE]],
    [
      'with the level first, without fences',
      '[ERROR] 2026-09-01T11:59:00.123Z x',
      ['[ERROR] 2026-09-01T11:59:00.123Z x'],
    ],
  ])('%s is read as a log', (_, content, found) => expect(read(content)).toEqual(found));

  it('is not taken for an answer, nor an answer for a log', () =>
    expect(read('{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"},"msg":"x"}')).toEqual(['kubernetes']));
});
