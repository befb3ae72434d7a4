import { asTexts, ipamReading, type IpamPlugin } from './ipam';
import { parseIpRange } from './range';

/** Any type that is not listed. A `subnet` or `range` is shown if it has one. */
export const unknownIpam: IpamPlugin = {
  type: 'unknown',
  fields: 'any',
  read(config) {
    const named = ['subnet', 'range', 'cidr'].flatMap((key) => {
      const value = config.get(key);
      const range = typeof value === 'string' ? parseIpRange(value) : null;
      return range === null || typeof value !== 'string' ? [] : [{ range, value }];
    });
    return ipamReading({
      scope: 'external',
      ranges: named.length === 0 ? [] : asTexts(named.map(({ range }) => range)),
      description: `addresses by ${config.owner}, which keeps its own record`,
    });
  },
};
