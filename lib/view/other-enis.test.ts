import { expect, it } from 'vitest';
import { otherEni } from '../../e2e/testing/findings';
import { otherEniWords } from './other-enis';

it('an ENI of nobody known is somebody else’s, or attached to nothing', () => {
  expect(otherEniWords(otherEni('eni-0a', { description: 'mine' }))).toBe('an ENI of somebody else');
  expect(otherEniWords(otherEni('eni-0a', { status: 'available' }))).toBe('an ENI that is attached to nothing');
});
