/** DeviceClass (resource.k8s.io): the drivers in its CEL selectors; opaque configuration is dropped. */
import { fields, items, text } from '../read/guards';
import { normaliser } from './object';

/** `drivers` are found in the CEL expressions by pattern; a selector that does not name its driver literally adds none. */
export const normaliseDeviceClass = normaliser<'deviceClass'>(({ spec }) => {
  const drivers = new Set<string>();
  for (const selector of items(spec['selectors'])) {
    const expression = text(fields(fields(selector)['cel'])['expression'])?.slice(0, MAX_EXPRESSION_LENGTH) ?? '';
    for (const [, driver] of expression.matchAll(DRIVER)) if (driver !== undefined) drivers.add(driver);
  }
  return { drivers: [...drivers].sort(), extendedResource: text(spec['extendedResourceName']) };
});

const DRIVER = /device\.driver\s{0,8}==\s{0,8}["']([\w.-]{1,253})["']/g;

/** The API server's limit for an expression, in characters. */
const MAX_EXPRESSION_LENGTH = 10 * 1024;
