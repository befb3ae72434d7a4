/** Another instance's ENI, as a capture of the whole VPC holds it, is never said to be attached to nothing. */
import { expect, it } from 'vitest';
import type { EniRecord } from '../model/records';
import { managementSentence } from './sentences';

const eni = (instanceId: string | null) =>
  ({
    instanceId,
    management: { state: 'outside', rule: 'unattached', certainty: 'observed', observed: null },
  }) as EniRecord;

it('says which instance has the ENI, where one has it', () => {
  expect(managementSentence(eni('i-0bb'))).toBe('It is attached to i-0bb, which is no node of this cluster.');
  expect(managementSentence(eni(null))).toBe('It is attached to nothing, so no node’s VPC CNI looks at it.');
});
