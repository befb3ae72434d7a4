/** The VPC CNI settings of a node's record: those of its aws-node, and what follows from EC2 and the DaemonSet. */
import type { CniConfig } from '../../model/records';
import { isAtLeast } from '../../model/version';
import type { NodeContext } from '../context/context';
import { isPrimaryEni } from '../context/management';
import { goBoolean, readSettings } from '../context/settings';
import { awsNodeDaemonSet } from '../facts/cluster';

/** Since 1.16.3, aws-node starts on a node without an IPv6 address, and its pods have no IPv6 egress (#2754). */
const startsWithoutIpv6 = (version: string | null): boolean => isAtLeast(version, [1, 16, 3]);

const V6_EGRESS = 'ENABLE_V6_EGRESS';

/** The node's primary ENI if EC2 shows that it has no IPv6 address, which IPv6 egress needs; else null. */
function withoutIpv6({ facts, settings, agent, enis }: NodeContext): string | null {
  const env = (agent?.awsNode ?? facts.ask(awsNodeDaemonSet))?.env;
  if (goBoolean(env?.[V6_EGRESS], false) !== true || settings?.config.mode === 'ipv6') return null;
  // Before 1.13.0, the variable has no effect at all.
  if (!isAtLeast(settings?.version ?? null, [1, 13, 0]) || !facts.areNodeEnisKnown()) return null;
  const primary = enis.find(isPrimaryEni);
  const full = primary === undefined ? undefined : facts.get('eni', primary.id);
  return full?.ipv6Addresses.length === 0 ? full.id : null;
}

/** Why a new aws-node pod would exit at startup although the running one did not. */
function refusedNext({ facts, agent, limits }: NodeContext, refused: readonly string[]): readonly string[] {
  const daemonSet = agent?.awsNode == null ? null : facts.ask(awsNodeDaemonSet);
  if (daemonSet === null) return [];
  return readSettings(daemonSet, limits).config.refused.filter((reason) => !refused.includes(reason));
}

/**
 * Null without ipamd. Nodes with the same settings share the object unless a node has something of its own to report.
 */
export function cniConfigOf(context: NodeContext): CniConfig | null {
  const config = context.settings?.config ?? null;
  if (config === null) return null;
  const next = refusedNext(context, config.refused);
  const primary = withoutIpv6(context);
  if (next.length === 0 && primary === null) return config;
  const starts = startsWithoutIpv6(context.settings?.version ?? null);
  const reason = `the primary ENI ${primary ?? ''} has no IPv6 address`;
  return {
    ...config,
    refusedNext: next,
    ...(primary === null
      ? {}
      : starts
        ? {
            ignored: [
              ...config.ignored,
              { name: V6_EGRESS, value: 'true', reason: `${reason}, so pods get no IPv6 egress` },
            ].sort((a, b) => (a.name < b.name ? -1 : 1)),
          }
        : {
            refused: [
              ...config.refused,
              `${V6_EGRESS} is on, and ${reason} (aws-node starts without one since v1.16.3)`,
            ],
          }),
  };
}
