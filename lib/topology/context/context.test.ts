import { expect, it } from 'vitest';
import { engineOf, get, instance, INSTANCE, node, upsert } from '../../../e2e/testing/facts';

it('the instance type from EC2 takes precedence over the label, which is set at registration', () => {
  const engine = engineOf([
    upsert('node', node('n1', { instanceType: 'm5.large' })),
    upsert('instance', instance(INSTANCE, { instanceType: 'm5.xlarge' })),
  ]);
  const { instanceType, eniSlots } = get(engine, 'nodes', 'node:n1');
  expect({ instanceType, limit: eniSlots.limit }).toEqual({ instanceType: 'm5.xlarge', limit: 4 });
});
