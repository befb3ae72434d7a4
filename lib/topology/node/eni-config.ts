/** The custom resources of one node: its ENIConfig (vpc-cni §7) and its CNINode (§6). */
import { CNI_NODES, ENI_CONFIGS } from '../../model/source-ids';
import type { NodeRecord } from '../../model/records';
import { isEniConfigAnnotation } from '../../model/facts';
import { byCodeUnit } from '../../model/order';
import type { NodeContext } from '../context/context';
import { isSubnetGone } from '../enis/subnet-choice';
import type { Settings } from '../context/settings';

const NO_PROBLEMS: readonly string[] = [];

interface Named {
  readonly name: string;
  readonly source: string;
}

const EXTERNAL = 'vpc.amazonaws.com/externalEniConfig';

/** The ENIConfig's name, in ipamd's order of resolution; null if a key with higher precedence is not known. */
function nameOf(hints: Readonly<Record<string, string>>, settings: Settings): Named | null {
  const external = hints[`label:${EXTERNAL}`];
  if (external !== undefined) return { name: external, source: `label ${EXTERNAL}` };
  const { eniConfigAnnotation: annotation, eniConfigLabel: label } = settings;
  if (annotation === null) return null;
  const annotated = hints[`annotation:${annotation}`];
  if (annotated !== undefined) return { name: annotated, source: `annotation ${annotation}` };
  // Only annotations known to hold ENIConfig names are read, so whether another one is set is not known.
  if (!isEniConfigAnnotation(annotation)) return null;
  if (label === null) return null;
  const labelled = hints[`label:${label}`];
  return labelled === undefined
    ? { name: 'default', source: `no annotation ${annotation} and no label ${label}` }
    : { name: labelled, source: `label ${label}` };
}

/** The name of the node's ENIConfig. Null without custom networking, and if a key with higher precedence is not known. */
function namedBy({ settings, node }: NodeContext): Named | null {
  if (settings?.config.customNetworking !== true || node === undefined) return null;
  return nameOf(node.eniConfigHints, settings);
}

/** What names the node's ENIConfig. */
export const eniConfigSource = (context: NodeContext): string | null => namedBy(context)?.source ?? null;

/**
 * The node's ENIConfig, in ipamd's order of resolution. Null without custom networking. `found` is null while ENIConfigs
 * cannot be read.
 */
export function deriveEniConfig(context: NodeContext): NodeRecord['eniConfig'] {
  const { settings, node } = context;
  if (settings?.config.customNetworking !== true || node === undefined) return null;
  const name = namedBy(context)?.name ?? null;
  if (name === null) return { name, found: null, subnet: null, securityGroups: [] };
  const config = context.facts.get('eniConfig', name);
  return {
    name,
    found: config !== undefined ? true : context.facts.answers(ENI_CONFIGS) ? false : null,
    subnet: config?.subnet ?? null,
    securityGroups: config?.securityGroups ?? [],
  };
}

/** The problems of the ENIConfig that the node uses. */
export function eniConfigProblems(context: NodeContext, used: NodeRecord['eniConfig']): readonly string[] {
  const problems =
    (used?.name == null ? undefined : context.facts.get('eniConfig', used.name)?.problems) ?? NO_PROBLEMS;
  return used?.subnet == null || !isSubnetGone(context.facts, context.enis, used.subnet)
    ? problems
    : [...problems, `EC2 does not list its subnet ${used.subnet} among those of the VPC`];
}

const UNREAD: NodeRecord['cniNode'] = { found: null, features: null };
const NOT_THERE: NodeRecord['cniNode'] = { found: false, features: null };

/** The node’s CNINode; `found` is null while CNINodes are not read. */
export function deriveCniNode(context: NodeContext): NodeRecord['cniNode'] {
  const cniNode = context.facts.get('cniNode', context.name);
  if (cniNode === undefined) return context.facts.answers(CNI_NODES) ? NOT_THERE : UNREAD;
  return { found: true, features: [...new Set(cniNode.features.map(({ name }) => name))].sort(byCodeUnit) };
}
