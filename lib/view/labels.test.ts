import { describe, expect, test } from 'vitest';
import { anEni } from '../../e2e/testing/records';
import type { EniRecord } from '../model/records';
import { eniWord } from './labels';

describe('the management of an ENI in one word', () => {
  const word = (management: Partial<EniRecord['management']>, creator: EniRecord['creator']): string | null => {
    const eni = anEni('n', 'eni-1', { creator });
    return eniWord({ ...eni, management: { ...eni.management, ...management } });
  };
  test.each<[string, Partial<EniRecord['management']>, EniRecord['creator'], string | null]>([
    ['created by ipamd', { rule: 'instance-id-tag' }, 'ipamd', null],
    ['created by another party and tagged by ipamd', { rule: 'instance-id-tag' }, 'other', 'adopted'],
    ['not tagged yet', { rule: 'untagged-adopted', observed: null }, 'other', 'to be adopted'],
    ['included in ipamd’s metrics', { rule: 'untagged-adopted', observed: true }, 'other', 'adopted'],
    ['excluded', { rule: 'no-manage-tag' }, 'other', 'no_manage'],
  ])('%s', (_what, management, creator, wanted) => expect(word(management, creator)).toBe(wanted));
});
