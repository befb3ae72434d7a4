import { describe, expect, test } from 'vitest';
import { anEni } from '../../e2e/testing/records';
import type { EniRecord } from '../model/records';
import { eniWord } from './labels';

describe('the one word of an ENI', () => {
  const word = (management: Partial<EniRecord['management']>, creator: EniRecord['creator']): string | null => {
    const eni = anEni('n', 'eni-1', { creator });
    return eniWord({ ...eni, management: { ...eni.management, ...management } });
  };
  test.each<[string, Partial<EniRecord['management']>, EniRecord['creator'], string | null]>([
    ['ipamd made it', { rule: 'instance-id-tag' }, 'ipamd', null],
    ['somebody made it and ipamd has tagged it', { rule: 'instance-id-tag' }, 'other', 'adopted'],
    ['nobody has tagged it yet', { rule: 'untagged-adopted', observed: null }, 'other', 'to be adopted'],
    ['ipamd’s metrics include it', { rule: 'untagged-adopted', observed: true }, 'other', 'adopted'],
    ['it is kept out', { rule: 'no-manage-tag' }, 'other', 'no_manage'],
  ])('%s', (_what, management, creator, wanted) => expect(word(management, creator)).toBe(wanted));
});
