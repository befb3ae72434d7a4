import type { MetaPlugin } from '../plugin';

/** Changes the routes that the plugins before it made. */
export const routeOverride: MetaPlugin = {
  kind: 'meta',
  type: 'route-override',
  keys: ['flushroutes', 'flushgateway', 'delroutes', 'addroutes', 'skipcheck'],
  read: (config) => {
    config.objects('addroutes');
    config.objects('delroutes');
    return config.flag('flushroutes') || config.flag('flushgateway') ? 'routes removed' : 'routes changed';
  },
};
