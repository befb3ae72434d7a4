import { expect, it } from 'vitest';
import { normaliseNodeNetworkState } from './node-network-state';

it('a bond is down if all its ports are; a bridge without ports still connects the pods of its node', () => {
  const bond = (name: string, ...port: string[]): object => ({
    name,
    type: 'bond',
    state: 'up',
    mtu: 9000,
    'link-aggregation': { port },
  });
  const interfaces = [
    bond('bond1', 'p1', 'p2'),
    bond('bond2', 'p1', 'p3'),
    bond('bond3', 'p1', 'not-listed'),
    { name: 'bond1.5', type: 'vlan', state: 'up', vlan: { 'base-iface': 'bond1' } },
    { name: 'br1', type: 'linux-bridge', state: 'up', bridge: { port: [{ name: 'p1' }] } },
    ...['p1', 'p2', 'p3'].map((name) => ({ name, type: 'ethernet', state: name === 'p3' ? 'up' : 'down' })),
  ];
  const status = { currentState: { interfaces } };
  const links = normaliseNodeNetworkState({ metadata: { name: 'node-a' }, status })?.fact.links ?? [];
  expect(links.filter(({ up }) => up === false).map(({ name }) => name)).toEqual(['bond1', 'bond1.5', 'p1', 'p2']);
  expect(links[1]).toMatchObject({ mtu: 9000, over: ['p1', 'p3'] });
  expect(links[4]).toMatchObject({ mtu: null, over: ['p1'] });
});
