/** IPAM plugin types by binary name. */
import * as list from './index';
import type { IpamPlugin } from './ipam';
import { unknownIpam } from './unknown';

/** All known IPAM plugin types. */
export const IPAM_PLUGINS: readonly IpamPlugin[] = Object.values(list);

const BY_TYPE: ReadonlyMap<string, IpamPlugin> = new Map(
  IPAM_PLUGINS.flatMap((plugin) => [plugin.type, ...(plugin.aliases ?? [])].map((type) => [type, plugin] as const)),
);

/** The IPAM plugin with this binary name, else `unknownIpam`. */
export const ipamOf = (type: string): IpamPlugin => BY_TYPE.get(type) ?? unknownIpam;
