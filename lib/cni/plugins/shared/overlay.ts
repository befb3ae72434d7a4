/**
 * Cluster networks that a pod may also request as additional networks: no host NIC in the config, which is not checked
 * (multus §2.2).
 */
import { readMtu, reading, type MainPlugin, type PluginContext, type PluginReading } from '../../base/plugin';
import type { ConfigReader } from '../../base/reader';

/** Creates the plugin of a cluster network. `words` describe it; `more.read` may refine the reading. */
export function overlay(
  type: string,
  words: string,
  more: {
    readonly aliases?: readonly string[];
    readonly read?: (config: ConfigReader, context: PluginContext) => Partial<PluginReading>;
  } = {},
): MainPlugin {
  return {
    kind: 'main',
    type,
    aliases: more.aliases ?? [],
    fields: 'any',
    read: (config, context) => {
      const mtu = typeof config.get('mtu') === 'number' ? readMtu(config) : null;
      return reading({
        parent: { kind: 'none', value: null },
        mtu,
        description: words,
        ...more.read?.(config, context),
      });
    },
  };
}
