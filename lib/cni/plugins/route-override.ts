import { ROUTE, type Fields } from '../base/fields';
import type { MetaPlugin } from '../base/plugin';

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
};
