/** Which ENIConfig a node uses under custom networking (vpc-cni.md §7, name resolution order). */
import type { NodeRecord } from '../../model/records';
import { ENI_CONFIGS } from '../facts/source-ids';
import type { NodeContext } from './context';

/** Null without custom networking. `found` is null while the kind cannot be read. */
export function deriveEniConfig(context: NodeContext): NodeRecord['eniConfig'] {
  const { settings, node } = context;
  if (settings?.config.customNetworking !== true || node === undefined) return null;
  const hints = node.eniConfigHints;
  const name =
    hints['label:vpc.amazonaws.com/externalEniConfig'] ??
    hints[`annotation:${settings.eniConfigAnnotation}`] ??
    hints[`label:${settings.eniConfigLabel}`] ??
    'default';
  const config = context.facts.get('eniConfig', name);
  return {
    name,
    found: config !== undefined ? true : context.facts.isLive(ENI_CONFIGS) ? false : null,
    subnet: config?.subnet ?? null,
    securityGroups: config?.securityGroups ?? [],
  };
}
