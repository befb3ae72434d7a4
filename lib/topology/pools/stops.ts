/** What prevents ipamd from changing a node's pools, whatever their targets are (vpc-cni §2.4). */
import type { Taint } from '../../model/records';
import type { NodeContext } from '../context/context';
import type { EniShape } from '../facts/parts';

const CORDON = 'node.kubernetes.io/unschedulable';

/** The inputs that decide whether ipamd may change a node's pools; false and null alike allow it. */
export interface Stops {
  readonly agent: 'none' | 'terminating' | 'running';
  readonly provisions: boolean | null;
  readonly imdsOnly: boolean | null;
  readonly manageNonSchedulable: boolean | null;
  readonly taints: readonly Taint[];
}

/** Null if ipamd may change the pools. */
export function stopOf({ agent, provisions, imdsOnly, manageNonSchedulable, taints }: Stops): string | null {
  if (agent === 'none') return 'no aws-node runs on the node';
  if (agent === 'terminating') return 'aws-node is terminating';
  if (provisions === false) {
    const variable = imdsOnly === true ? 'ENABLE_IMDS_ONLY_MODE' : 'DISABLE_NETWORK_RESOURCE_PROVISIONING';
    return `${variable} keeps ipamd from changing ENIs`;
  }
  // While cordoned, ipamd neither adds nor deletes ENIs, unless configured to (isENIAttachmentAllowed, tryFreeENI).
  const cordoned = taints.some(({ key, effect }) => key === CORDON && effect === 'NoSchedule');
  return cordoned && manageNonSchedulable !== true ? 'the node is cordoned' : null;
}

/** Why ipamd changes no pool of the node, in words; null if it may. */
export const stoppedBecause = ({ agent, settings, node }: NodeContext): string | null =>
  stopOf({
    agent: agent === null ? 'none' : agent.deleting ? 'terminating' : 'running',
    provisions: settings?.config.networkResourceProvisioning ?? null,
    imdsOnly: settings?.config.imdsOnly ?? null,
    manageNonSchedulable: settings?.config.manageNonSchedulable ?? null,
    taints: node?.taints ?? [],
  });

const BACK_OFF = 120_000;
const ERROR = /^awscni_aws_api_error_count\/.*\/(InsufficientCidrBlocks|InsufficientFreeAddressesInSubnet)$/;

/**
 * Why ipamd does not try to grow now; null if it does. It waits two minutes after the subnet had too few addresses, counted
 * from when the counter was read at the latest.
 */
export function backOffOf({ facts, name }: NodeContext): string | null {
  let last: { readonly error: string; readonly until: number } | null = null;
  for (const rise of facts.risesOn(name)) {
    const error = ERROR.exec(rise.name)?.[1];
    const until = Date.parse(rise.lastAt) + BACK_OFF;
    if (error === undefined || facts.isPast(until) || (last !== null && last.until >= until)) continue;
    last = { error, until };
  }
  return last === null ? null : `ipamd waits two minutes after ${last.error}`;
}

/** The time that an ENI must have been in the datastore before it may be deleted. Milliseconds. */
const SETTLED = 60_000;

/** The earliest time at which an ENI may be deleted, epoch milliseconds: the datastore is rebuilt when aws-node starts. */
export function settledAt({ agent }: NodeContext, { attachedAt }: Pick<EniShape, 'attachedAt'>): number | null {
  const since = [attachedAt, agent?.startedAt ?? null].flatMap((at) => (at === null ? [] : [Date.parse(at)]));
  return since.length === 0 ? null : Math.max(...since) + SETTLED;
}
