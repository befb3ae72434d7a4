/** Plugin types by the name of their binary. */
import * as list from './index';
import type { Plugin } from './base/plugin';

export const PLUGINS: readonly Plugin[] = Object.values(list);

const BY_TYPE: ReadonlyMap<string, Plugin> = new Map(
  PLUGINS.flatMap((plugin) => [plugin.type, ...(plugin.aliases ?? [])].map((type) => [type, plugin] as const)),
);

/** Exactly the name of the binary: `IPVLAN` is another program. Null for a type that is not listed. */
export const pluginOf = (type: string): Plugin | null => BY_TYPE.get(type) ?? null;
