import { expect, it } from 'vitest';
import { StaleUnits } from './stale-units';
import { FAMILIES, type Family } from './units';

const family = (name: string): Family => {
  const found = FAMILIES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no family is named ${name}`);
  return found;
};

function orderOf(added: readonly (readonly [name: string, key: string])[]): readonly string[] {
  const units = new StaleUnits((pod) => (pod.startsWith('?') ? null : pod.slice(-1)));
  for (const [name, key] of added) units.add(family(name), key);
  const order: string[] = [];
  for (let unit = units.take(); unit !== null; unit = units.take()) order.push(`${unit[0].name} ${unit[1]}`);
  return order;
}

it.each([
  [
    'derives a node right after its pods, and the other units after all pods',
    [
      ['nodes', 'c'],
      ['nodes', 'a'],
      ['nodes', 'b'],
      ['pods', '1a'],
      ['pods', '2b'],
      ['pods', '3a'],
    ],
    ['pods 1a', 'pods 3a', 'nodes a', 'pods 2b', 'nodes b', 'nodes c'],
  ],
  [
    'does not derive a node that is not stale',
    [
      ['pods', '1a'],
      ['subnets', 's'],
      ['pods', '2b'],
      ['nodes', 'b'],
    ],
    ['pods 1a', 'pods 2b', 'nodes b', 'subnets s'],
  ],
  [
    'derives pods without a node',
    [
      ['pods', '?1'],
      ['nodes', 'a'],
    ],
    ['pods ?1', 'nodes a'],
  ],
] as const)('%s', (_what, added, wanted) => expect(orderOf(added)).toEqual(wanted));
