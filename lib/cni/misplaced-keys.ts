/** Keys that stand at another level of a config than the one where they are read. */
import { hasField } from './base/fields';
import { COMMON_KEYS } from './base/plugin';
import type { ConfigReader } from './base/reader';
import { lettersOf, type Elsewhere } from './base/unread-keys';
import { IPAM_PLUGINS, ipamOf } from './ipam/registry';
import { PLUGINS } from './registry';

const ofPlugins = (letters: string, kind?: 'meta'): readonly string[] =>
  PLUGINS.flatMap(({ type, kind: own, fields }) =>
    fields !== 'any' && (kind ?? own) === own && hasField(fields, letters) ? [type] : [],
  );

/** A key beside "plugins" that its elements have. */
export const outsideOfPlugins: Elsewhere = (letters) =>
  COMMON_KEYS.some((key) => lettersOf(key) === letters) || ofPlugins(letters).length > 0
    ? 'it belongs in an element of "plugins"'
    : null;

/** A key of a plugin's config that its IPAM has, or a plugin that is added to a chain. */
export function outsideOfIpam(config: ConfigReader): Elsewhere {
  const type = config.object('ipam')?.text('type') ?? null;
  const candidates = type === null ? IPAM_PLUGINS : [ipamOf(type)];
  return (letters) => {
    if (letters === 'resourcename') return 'it belongs in the annotation k8s.v1.cni.cncf.io/resourceName';
    if (candidates.some(({ fields }) => fields !== 'any' && hasField(fields, letters))) return 'it belongs in "ipam"';
    const [chained, other] = ofPlugins(letters, 'meta');
    return chained === undefined || other !== undefined
      ? null
      : `${chained} reads it, as a further element of "plugins"`;
  };
}

/** A key inside "ipam" that the surrounding plugin has. */
export const insideIpam =
  (fields: Parameters<typeof hasField>[0] | 'any'): Elsewhere =>
  (letters) =>
    fields !== 'any' && hasField(fields, letters) ? 'it belongs beside "ipam"' : null;
