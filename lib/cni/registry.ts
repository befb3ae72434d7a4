/** Plugin types by binary name. */
import * as list from './index';
import type { Plugin } from './base/plugin';

/** All known plugin types. */
export const PLUGINS: readonly Plugin[] = Object.values(list);

const BY_TYPE: ReadonlyMap<string, Plugin> = new Map(
  PLUGINS.flatMap((plugin) => [plugin.type, ...(plugin.aliases ?? [])].map((type) => [type, plugin] as const)),
);

/** The plugin with exactly this binary name (`IPVLAN` is another program); null for a type that is not listed. */
export const pluginOf = (type: string): Plugin | null => BY_TYPE.get(type) ?? null;
