import type { MetaPlugin } from '../base/plugin';

/** Routes by source address, so that replies leave through the interface on which the request arrived. */
export const sbr: MetaPlugin = {
  kind: 'meta',
  type: 'sbr',
  fields: { table: 'int' },
  read: (config) => {
    const table = config.whole('table');
    return `source-based routing${table === null ? '' : ` in table ${table}`}`;
  },
};
