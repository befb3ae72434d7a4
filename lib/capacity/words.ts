/** The texts of a what-if, for the page and the command. */
import { thousands } from '../model/counted';
import type { NodeRecord } from '../model/records';
import type { ViewSource } from '../view/view-source';
import { LIMIT_WORDS } from '../view/limit-words';
import { groupKeyOf } from '../view/node-groups';
import type { Changes } from './changes';
import type { FitLimit } from './fit';
import type { Limits } from './subnet-fit';
import type { Figure, Report, SubnetFigures, Totals } from './totals';

/** The text for an unknown figure. */
export const NOT_KNOWN = 'not known';
export const CALCULATING = 'calculating';

/** The known part of a sum, as a lower bound. */
export const figureWords = ({ value, unknown }: Figure): string =>
  value === null ? NOT_KNOWN : unknown === 0 ? thousands(value) : `≥ ${thousands(value)}`;

/** How many nodes lack an ENI. Known under the same conditions as the EC2 calls, because both need the simulation. */
export const lackWords = ({ lackEni, calls }: Totals): string =>
  figureWords({ value: calls.value === null ? null : lackEni, unknown: calls.unknown });

/** What limits the next pod, in words. */
export const FIT_LIMIT_WORDS: Readonly<Record<FitLimit, string>> = {
  ...LIMIT_WORDS,
  blocks: 'no free /28',
  drained: 'drained',
};

/** For example `max pods on 12, subnet on 3`; only the limit if it is the same for all nodes. */
export const limitWords = ({ limits }: Totals): string => wordsOf(limits);

function wordsOf(limits: Limits): string {
  const by = new Map<string, number>();
  for (const one of limits) by.set(FIT_LIMIT_WORDS[one.by], (by.get(FIT_LIMIT_WORDS[one.by]) ?? 0) + one.nodes);
  const [first, ...others] = [...by];
  if (first === undefined) return '';
  if (others.length === 0) return first[0];
  return [...by].map(([word, on]) => `${word} on ${thousands(on)}`).join(', ');
}

/** What limits the pods that get an address of a subnet: the subnet itself, or the nodes that take addresses from it. */
export function subnetLimitWords({ fit, free, limits }: Pick<SubnetFigures, 'fit' | 'free' | 'limits'>): string {
  if (fit === null || limits === null) return NOT_KNOWN;
  if (limits.length === 0) return 'not used for pods';
  return fit === 0 && free === 0 ? 'no free address' : wordsOf(limits);
}

const nodes = (many: number): string => (many === 1 ? '1 node' : `${thousands(many)} nodes`);
const pods = (many: number): string => (many === 1 ? '1 pod' : `${thousands(many)} pods`);

/** A remark on a what-if. */
export interface Remark {
  readonly severity: 'error' | 'warning' | 'info';
  readonly text: string;
  /** Record ids of the nodes that it is about, if they are listed. */
  readonly nodes: readonly string[];
}

/** The notable consequences, worst first, one sentence each. */
export function remarksOf({
  all: { before, after },
  displaced,
  homeless,
  unreckoned,
  closed,
  reasons,
}: Report): readonly Remark[] {
  const remarks: Remark[] = [];
  const remark = (severity: Remark['severity'], text: string, on: readonly string[] = []): void =>
    void remarks.push({ severity, text, nodes: on });
  if (homeless > 0)
    remark('error', `${thousands(homeless)} of the ${pods(displaced)} of the lost zone do not fit on the other nodes.`);
  else if (displaced > 0) remark('info', `The ${pods(displaced)} of the lost zone fit on the other nodes.`);
  if (after.waiting > 0) remark('error', `${pods(after.waiting)} would get no address.`);
  if (after.lackEni > 0)
    remark(
      after.lackEni > before.lackEni ? 'error' : 'warning',
      `${nodes(after.lackEni)} could not attach an ENI that ${after.lackEni === 1 ? 'its' : 'their'} targets require${before.lackEni > 0 ? ` (${thousands(before.lackEni)} cannot now)` : ''}.`,
    );
  for (const { reason, nodes: on } of reasons.slice(0, 3))
    remark('warning', `Below target on ${nodes(on.length)}: ${reason}.`, on);
  if (reasons.length > 3) remark('warning', `${reasons.length - 3} more reasons keep pools below their targets.`);
  if (closed.fit > 0)
    remark(
      'info',
      `${thousands(closed.fit)} of the pods that fit would be on ${nodes(closed.nodes.length)} that ${closed.nodes.length === 1 ? 'takes' : 'take'} no new pods now (${[...new Set(closed.nodes.map(({ why }) => why))].sort().join(', ')}).`,
      closed.nodes.map(({ id }) => id),
    );
  if (unreckoned > 0)
    remark(
      'info',
      `${nodes(unreckoned)} cannot be calculated: ${unreckoned === 1 ? 'its record is' : 'their records are'} incomplete. Sums marked ≥ leave ${unreckoned === 1 ? 'it' : 'them'} out.`,
    );
  return remarks;
}

/** The assumptions behind the figures. */
export const assumptions = (changes: Changes): readonly string[] => [
  'After: ipamd has done everything that its settings require, node by node in the order of their names. For a node that no change affects, the figures are those of its records.',
  'Held: addresses for pods on ENIs, without primary addresses. Spare: held, but used by no pod. Pods that fit: by addresses and max pods; CPU, memory and placement rules are ignored.',
  'Free /28 blocks are an upper limit: addresses of others cannot be seen. Single addresses are taken from partly used blocks first.',
  `EC2 calls per hour: each pod with an address is replaced ${changes.churn === 1 ? 'once' : `${changes.churn} times`} per hour, one pod after the other. Attaching an ENI takes 5 calls (4 under custom networking), deleting one 3, any other step 1.`,
  ...(changes.prefixMode === null && changes.customNetworking === null
    ? []
    : [
        'Prefix mode and custom networking act on new nodes: each node is replaced by a new one of its type with the same pods. Max pods stays as it is unless you change it.',
      ]),
  ...(changes.customNetworking !== null && changes.customNetworking !== false && changes.customNetworking.length === 0
    ? ['The subnets of the ENIConfigs are not given, so room in subnets is ignored for new ENIs.']
    : []),
  ...(changes.taggedSubnets === null
    ? []
    : [
        'A subnet with the tag kubernetes.io/role/cni=1 is used for new ENIs of nodes in its zone and VPC whose ipamd looks for subnets (ENABLE_SUBNET_DISCOVERY, not under custom networking, since v1.18.0): the one with the most free addresses first.',
      ]),
  ...(changes.excludedSubnets === null
    ? []
    : [
        'A subnet with the tag kubernetes.io/role/cni=0 gives no more addresses to pods, even if it is the primary ENI’s; existing pods keep theirs. ipamd reads the tag since v1.22.0 if it looks for subnets (ENABLE_SUBNET_DISCOVERY), but not under custom networking, where the ENIConfigs name the subnets (custom-networking=SUBNET,SUBNET).',
      ]),
  ...(changes.loseZone === null
    ? []
    : [
        'A lost zone takes its nodes with it. Their pods go to the other nodes in proportion to the room there; those of DaemonSets do not.',
      ]),
  ...(changes.roll === null
    ? []
    : [
        'Roll: at its peak, the new nodes have the pods of the fullest old ones, which are cordoned and still hold their addresses.',
      ]),
];

/** The zones and node groups that a change may refer to, in order. */
export function namesIn(source: ViewSource): { readonly zones: readonly string[]; readonly groups: readonly string[] } {
  const zones = new Set<string>();
  const groups = new Set<string>();
  for (const node of source.records.nodes.values()) {
    if (node.gone) continue;
    if (node.zone !== null) zones.add(node.zone);
    const group = groupKeyOf(source, node, 'node-group');
    if (group !== '') groups.add(group);
  }
  return { zones: [...zones].sort(), groups: [...groups].sort() };
}

/** An unknown name, with the known ones; null if every name is known. */
export function unknownName(
  source: ViewSource,
  { loseZone, roll, customNetworking, taggedSubnets, excludedSubnets }: Changes,
): string | null {
  const { zones, groups } = namesIn(source);
  const wrong = (what: string, name: string, among: readonly string[], plural: string): string =>
    `${what}=${name}: ${among.length === 0 ? `there are no ${plural}` : `the ${plural} are ${among.slice(0, 12).join(', ')}${among.length > 12 ? ' …' : ''}`}`;
  if (loseZone !== null && !zones.includes(loseZone)) return wrong('lose-zone', loseZone, zones, 'zones of nodes');
  if (roll !== null && !groups.includes(roll)) return wrong('roll', roll, groups, 'node groups');
  const { subnets } = source.records;
  const unknown = (key: string, ids: readonly string[]): string | null => {
    const missing = ids.find((id) => !subnets.has(id));
    return missing === undefined ? null : wrong(key, missing, [...subnets.keys()].sort(), 'subnets that are known');
  };
  return (
    unknown('custom-networking', customNetworking === false ? [] : (customNetworking ?? [])) ??
    unknown('tag-subnets', taggedSubnets ?? []) ??
    unknown('exclude-subnets', excludedSubnets ?? [])
  );
}

/** The current settings, in words: one value, a range if nodes differ, or `not set`. */
export type CurrentValues = Readonly<
  Record<
    'WARM_ENI_TARGET' | 'WARM_IP_TARGET' | 'MINIMUM_IP_TARGET' | 'WARM_PREFIX_TARGET' | 'MAX_ENI' | 'max-pods',
    string
  >
>;

/** The current settings of all nodes, in words. */
export function currentValues({ records }: ViewSource): CurrentValues {
  const nodesThere = [...records.nodes.values()].filter(({ gone }) => !gone);
  const words = (of: (node: NodeRecord) => number | null | undefined): string => {
    const values = nodesThere.map(of).filter((value) => value !== undefined);
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return values.length === 0 ? NOT_KNOWN : 'not set';
    const [least, most] = [Math.min(...known), Math.max(...known)];
    return least === most ? thousands(least) : `${thousands(least)}–${thousands(most)}`;
  };
  return {
    WARM_ENI_TARGET: words(({ cni }) => cni?.warmEniTarget),
    WARM_IP_TARGET: words(({ cni }) => cni?.warmIpTarget),
    MINIMUM_IP_TARGET: words(({ cni }) => cni?.minimumIpTarget),
    WARM_PREFIX_TARGET: words(({ cni }) => cni?.warmPrefixTarget),
    MAX_ENI: words(({ cni }) => cni?.maxEni),
    'max-pods': words(({ maxPods }) => maxPods ?? undefined),
  };
}
