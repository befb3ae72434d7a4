/**
 * ipamd's own view of a node's ENIs, from its list (`/v1/enis`, vpc-cni §4.2) or its metrics (§4.3): its ENIs and
 * addresses, and how many it has assigned, also to sandboxes that no longer exist. ipamd assigns addresses by these counts.
 */
import type { AwsNodeMetricsFact, IpamdEnisFact } from '../../model/facts';
import { parseCidr, type Cidr } from '../../model/ip';
import { byCodeUnit } from '../../model/order';
import type { NodeRecord } from '../../model/records';
import { arePodsKnown, type NodeContext } from '../context/context';
import { isPrimaryEni } from '../context/management';
import { isForLivePod } from './checkpoint';
import { MAX_COOLDOWN } from '../facts/histories';
import type { Derived } from '../links/interfaces';
import type { FactReader } from '../facts/reader';
import { createdAtOf, type EniShape } from '../facts/parts';

type Listed = IpamdEnisFact['enis'][number];

/** The addresses of an ENI in ipamd's list. */
export interface IpamdEniAddresses {
  readonly excluded: boolean;
  /** Single addresses, canonical. */
  readonly singles: ReadonlySet<string>;
  /** IPv4 prefixes. */
  readonly prefixes: readonly Cidr[];
  /** Addresses that are assigned. */
  readonly assigned: ReadonlySet<string>;
}

/** `absent`: ipamd's list does not have the ENI. Null: the list was not read, or was read before the ENI was attached. */
export type IpamdEntry = IpamdEniAddresses | 'absent' | null;

function readListed({ excluded, cidrs, addresses }: Listed): IpamdEniAddresses {
  const singles = new Set<string>();
  const prefixes: Cidr[] = [];
  for (const text of cidrs) {
    const cidr = parseCidr(text);
    if (cidr?.family !== 4) continue;
    if (cidr.prefixLength === 32) singles.add(text.slice(0, text.indexOf('/')));
    else prefixes.push(cidr);
  }
  return {
    excluded,
    singles,
    prefixes,
    assigned: new Set(addresses.filter(({ assigned }) => assigned).map(({ ip }) => ip)),
  };
}

/** The entry of an ENI in ipamd’s list (`/v1/enis`); null if the list was not read, or is older than the ENI. */
export function ipamdEntryOf({ ipamdEnis }: NodeContext, eni: EniShape): IpamdEntry {
  if (ipamdEnis === undefined || eni.interfaceType === 'branch') return null;
  const listed = ipamdEnis.enis.find(({ id }) => id === eni.id);
  if (listed !== undefined) return readListed(listed);
  const { readAt } = ipamdEnis;
  const isNewer = readAt !== null && eni.attachedAt !== null && Date.parse(eni.attachedAt) > Date.parse(readAt);
  return isNewer ? null : 'absent';
}

/** ipamd reconciles attached ENIs once a minute, and EC2 is polled at another time than ipamd. */
const RECONCILE_MS = 2 * 60_000;

/** Whether the ENI is being created, attached or detached: until ipamd reconciles, its list and EC2's may differ. */
export function isUnderWay(facts: FactReader, eni: EniShape): boolean {
  if (eni.attachmentStatus === 'attaching' || eni.attachmentStatus === 'detaching') return true;
  return [eni.attachedAt, createdAtOf(eni)].some((at) => at !== null && !facts.isPast(Date.parse(at) + RECONCILE_MS));
}

/** ENIs in ipamd's list that EC2 does not show on the instance, for whatever reason: ipamd counts them. */
export function listedElsewhere({ facts, ipamdEnis, enis }: NodeContext): readonly Listed[] {
  if (ipamdEnis === undefined || !facts.areNodeEnisKnown() || !enis.some(isPrimaryEni)) return [];
  const attached = new Set(enis.map(({ id }) => id));
  return ipamdEnis.enis.filter(({ id }) => !attached.has(id));
}

/**
 * ENIs in ipamd's list that EC2 does not show on the instance. None if EC2 does not show the primary ENI either: then its
 * response does not cover this node. ENIs that are being attached are left out: EC2 lists them without an instance until
 * then.
 */
export function strayEnisOf(context: NodeContext): NodeRecord['strayEnis'] {
  const { facts } = context;
  return listedElsewhere(context)
    .filter(({ id }) => {
      const eni = facts.eniShape(id);
      return eni === undefined || !isUnderWay(facts, eni);
    })
    .map((listed) => ({
      id: listed.id,
      card: listed.card,
      addresses: addressesIn(listed.cidrs),
      assigned: listed.addresses.filter(({ assigned }) => assigned).length,
    }))
    .sort((a, b) => byCodeUnit(a.id, b.id));
}

const NO_ENIS: NodeRecord['ipamdEnis'] = [];

/** ENIs in ipamd's list that EC2 does not show on the instance, or that EC2 was not asked for. */
export function ipamdEnisOf(context: NodeContext, derived: readonly Derived[]): NodeRecord['ipamdEnis'] {
  const { ipamdEnis, enis } = context;
  const attached = new Set(enis.map(({ id }) => id));
  const unlisted = (ipamdEnis?.enis ?? []).filter(({ id }) => !attached.has(id));
  if (unlisted.length === 0) return NO_ENIS;
  const ips = new Set(derived.flatMap(({ record }) => record.ips));
  const knowsPods = arePodsKnown(context);
  return unlisted
    .map(({ id, card, cidrs, addresses }) => {
      const assigned = addresses.filter((address) => address.assigned);
      return {
        id,
        card,
        ranges: [...cidrs],
        assigned: assigned
          .map((address) => ({
            ip: address.ip,
            pod:
              address.podNamespace === null || address.podName === null
                ? null
                : `${address.podNamespace}/${address.podName}`,
            held: knowsPods ? ips.has(address.ip) || isForLivePod(context, address, assigned) : null,
          }))
          .sort((a, b) => byCodeUnit(a.ip, b.ip)),
      };
    })
    .sort((a, b) => byCodeUnit(a.id, b.id));
}

const addressesIn = (cidrs: readonly string[]): number =>
  cidrs.reduce((sum, text) => {
    const cidr = parseCidr(text);
    return cidr?.family === 4 ? sum + Number(cidr.last - cidr.first + 1n) : sum;
  }, 0);

/** aws-node's metrics; null if they are out of date: older than the last change of the node's pods, or than aws-node itself. */
export function readingOf(context: NodeContext, derived: readonly Derived[]): AwsNodeMetricsFact | null {
  const metrics = context.facts.get('awsNodeMetrics', context.name);
  if (metrics === undefined) return null;
  const readAt = Date.parse(metrics.readAt);
  const isLater = (at: string | null | undefined): boolean => at != null && Date.parse(at) >= readAt;
  if (isLater(context.agent?.startedAt) || derived.some(({ pod }) => !pod.hostNetwork && isLater(pod.startedAt)))
    return null;
  // Releases are kept for this long only; whether one followed an older reading is not known.
  if (context.facts.isPast(readAt + MAX_COOLDOWN)) return null;
  for (const at of context.facts.releasesOn(context.name).values()) if (at >= readAt) return null;
  return metrics;
}
