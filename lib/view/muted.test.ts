import { describe, expect, it } from 'vitest';
import { formatMute, muteFor, mutesOf, readMute, withMute, withoutMute } from './muted';

const FINDING = { id: 'f:max-pods-too-high/node:a', rule: 'max-pods-too-high' };

describe('mutes', () => {
  it.each([
    ['max-pods-too-high=known since April', { key: 'max-pods-too-high', reason: 'known since April' }],
    ['f:a/node:b=x = y', { key: 'f:a/node:b', reason: 'x = y' }],
    ['rule= ', null],
    ['rule', null],
    ['=why', null],
    ['', null],
  ])('%s is parsed', (text, mute) => {
    expect(readMute(text)).toEqual(mute);
    if (mute !== null) expect(readMute(formatMute(mute))).toEqual(mute);
  });

  it('apply to a finding by its id, otherwise by its rule', () => {
    const mutes = mutesOf(['max-pods-too-high=all', `${FINDING.id}=one`, 'other=x', 'max-pods-too-high=again']);
    expect(muteFor(mutes, FINDING)?.reason).toBe('one');
    expect(muteFor(mutes, { ...FINDING, id: 'f:x' })?.reason).toBe('again');
    expect(muteFor(mutes, { id: 'f:y', rule: 'another' })).toBeUndefined();
  });

  it('are added and removed one by one', () => {
    const one = withMute(['a=x'], { key: 'b', reason: ' y ' });
    expect(one).toEqual(['a=x', 'b=y']);
    expect(withMute(one, { key: 'a', reason: 'z' })).toEqual(['b=y', 'a=z']);
    expect(withoutMute(one, 'a')).toEqual(['b=y']);
  });
});
