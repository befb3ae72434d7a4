import { ROUTE, type Fields } from '../base/fields';
import type { MetaPlugin } from '../base/plugin';
import { isDefaultRoute, readRoutes } from '../ipam/ipam';

const ECMP_ROUTE = { dst: 'range', gws: ['address'] } as const satisfies Fields;

/** Changes the routes of the preceding plugins. */
export const routeOverride: MetaPlugin = {
  kind: 'meta',
  type: 'route-override',
  fields: {
    flushroutes: 'bool',
    flushgateway: 'bool',
    delroutes: [ROUTE],
    addroutes: [ROUTE],
    delecmproutes: [ECMP_ROUTE],
    addecmproutes: [ECMP_ROUTE],
    skipcheck: 'bool',
  },
  read: (config) => {
    return config.flag('flushroutes') || config.flag('flushgateway') ? 'routes removed' : 'routes changed';
  },
  // The plugin's own order: it removes first, and adds last.
  routesAfter: (config, before) => {
    const removed = new Set(readRoutes(config, 'delroutes').map(({ dst }) => dst));
    const kept = config.flag('flushroutes')
      ? []
      : before.filter((route) => !(config.flag('flushgateway') && isDefaultRoute(route)) && !removed.has(route.dst));
    return [...kept, ...readRoutes(config, 'addroutes')];
  },
};
