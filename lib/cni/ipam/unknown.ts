import { asTexts, ipamReading, type IpamPlugin } from './ipam';
import { parseIpRange } from './range';

/** Whatever is not listed. Where it names a `subnet` or `range` as others do, that much is shown. */
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
