import { expect, it } from 'vitest';
import { otherEni } from '../../e2e/testing/findings';
import { otherEniWords } from './other-enis';

it('an ENI of no known service is outside this cluster, or unattached', () => {
  expect(otherEniWords(otherEni('eni-0a', { description: 'mine' }))).toBe('an ENI outside this cluster');
  expect(otherEniWords(otherEni('eni-0a', { status: 'available' }))).toBe('an unattached ENI');
});
