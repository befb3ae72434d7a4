import { expect, it } from 'vitest';
import { readNetworkConfig } from '../config';

it.each([
  [{ flushroutes: true }, []],
  [{ flushgateway: true }, ['10.9.0.0/16 by 10.0.0.2']],
  [{ delroutes: [{ dst: '10.9.0.0/16' }] }, ['0.0.0.0/0 by null']],
  [{ flushroutes: true, addroutes: [{ dst: '0.0.0.0/0', gw: '10.0.0.9' }] }, ['0.0.0.0/0 by 10.0.0.9']],
  [{ addroutes: [{ dst: '10.8.0.0/16' }] }, ['0.0.0.0/0 by null', '10.9.0.0/16 by 10.0.0.2', '10.8.0.0/16 by null']],
])('route-override changes the routes: %j', (meta, routes) => {
  const ipam = {
    type: 'host-local',
    subnet: '10.0.0.0/24',
    routes: [{ dst: '0.0.0.0/0' }, { dst: '10.9.0.0/16', gw: '10.0.0.2' }],
  };
  const plugins = [
    { type: 'macvlan', master: 'eth1', ipam },
    { type: 'route-override', ...meta },
  ];
  const config = readNetworkConfig(JSON.stringify({ cniVersion: '0.3.1', name: 'n', plugins }), null);
  expect(config.ipam?.routes.map(({ dst, gw }) => `${dst} by ${String(gw)}`)).toEqual(routes);
  expect(config.hasDefaultRoute).toBe(routes.some((route) => route.startsWith('0.0.0.0/0')));
});
