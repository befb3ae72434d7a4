import { describe, expect, it } from 'vitest';
import type { SourceRecord } from '../model/records';
import { aSource } from '../../e2e/testing/records';
import { absenceWords, isLimited, unnamedHolder } from './rights-words';

describe('a visitor with limited rights', () => {
  it.each<[string, SourceRecord[], boolean]>([
    ['no such source: everyone sees everything', [], false],
    ['nothing is hidden', [aSource('ifscope/rights', 'live')], false],
    ['pods are hidden', [aSource('ifscope/rights', 'denied')], true],
    ['permissions cannot be reviewed', [aSource('ifscope/rights', 'failing')], true],
    ['another source is denied', [aSource('kubernetes/pods', 'denied')], false],
  ])('%s', (_, sources, limited) => {
    expect(isLimited(new Map(sources.map((one) => [one.id, one])))).toBe(limited);
  });

  it('does not reveal which of the two applies', () => {
    expect(absenceWords(true, false)).toContain('or you may not see it');
    expect(absenceWords(false, false)).not.toContain('may not');
    expect(unnamedHolder(true)).toContain('may not see');
  });
});

it('a record that a file lacks does not come later', () => {
  expect(absenceWords(false, true)).toBe('The file does not contain it.');
  expect(absenceWords(false, false)).toContain('appears here if it is created');
});
