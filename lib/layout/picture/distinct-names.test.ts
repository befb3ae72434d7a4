import { describe, expect, it } from 'vitest';
import { textWidth } from './text';
import { distinctNames } from './distinct-names';

const SIZE = 12;

/** Names of one list, and a width at which clipping in the middle makes some of them equal. */
const LISTS: readonly (readonly [string, readonly string[], number])[] = [
  ['replicas of two owners', ['gateway-red-7c9d4f6b8-x', 'gateway-blue-7c9d4f6b8-x'], 100],
  [
    'names that differ in their middle',
    ['telemetry-collector-north-main', 'telemetry-collector-south-main', 'telemetry-collector-west-main'],
    110,
  ],
  ['one is the beginning of the other', ['a-rather-long-name-1-0', 'a-rather-long-name-11-0'], 80],
  ['replicas of one owner', ['upf-7c9d4f6b8f-x2kqp', 'upf-7c9d4f6b8f-w8r2q', 'upf-7c9d4f6b8f-zz1aa'], 80],
];

describe('names in a narrow space', () => {
  it.each(LISTS)('%s are distinct', (_, names, width) => {
    const shown = [...distinctNames(names, SIZE, width).values()];
    expect(new Set(shown).size).toBe(names.length);
    for (const text of shown) expect(textWidth(text ?? '', SIZE)).toBeLessThanOrEqual(width);
  });

  it('keeps names that fit unchanged, and returns null where nothing fits', () => {
    expect([...distinctNames(['amf-0', 'smf-0'], SIZE, 200).values()]).toEqual(['amf-0', 'smf-0']);
    expect([...distinctNames(['amf-0-long-name'], SIZE, 8).values()]).toEqual([null]);
  });

  it('keeps the distinguishing part, and truncates the shared part', () => {
    const [red] = distinctNames(['gateway-red-7c9d4f6b8-x', 'gateway-blue-7c9d4f6b8-x'], SIZE, 100).values();
    expect(red).toMatch(/re?d/);
  });
});
