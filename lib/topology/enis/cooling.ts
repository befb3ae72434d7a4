/**
 * Which freed addresses ipamd may not hand out again yet, and whether that can be told at all (vpc-cni §2.1, §2.3).
 *
 * ipamd itself tells where its own list was read. Else the releases that were seen tell, and only once the pods have been
 * watched for a whole cooldown: before that an address may be cooling that was given back unseen. A multi-NIC pod gives back one on
 * every further card, too, of which nobody tells which it was (§3): how many cool there is known, and of no free one that it does not.
 */
import { PODS } from '../../model/source-ids';
import { MAX_COOLDOWN } from '../facts/histories';
import type { NodeContext } from '../context/context';
import { multiNicCards } from '../links/interfaces';

/** Which addresses of a node cannot be assigned again yet. */
export interface Cooling {
  readonly isCooling: (eni: string, ip: string) => boolean;
  /** By card: how many addresses cool that no API names. */
  readonly unnamed: ReadonlyMap<number, number>;
  /** No release can have been missed whose cooldown still runs. */
  readonly isKnown: () => boolean;
}

/** ipamd's own default, seconds. */
const DEFAULT_COOLDOWN_SECONDS = 30;

/** What cools on a node: from ipamd’s own list where it is read, else from releases that were seen. */
export function coolingOf(context: NodeContext): Cooling {
  const { facts, ipamdEnis } = context;
  const cooldownSeconds = context.settings?.config.cooldownSeconds;
  const span = (cooldownSeconds ?? DEFAULT_COOLDOWN_SECONDS) * 1000;
  if (ipamdEnis !== undefined) {
    const freed = new Map<string, number>();
    for (const eni of ipamdEnis.enis) {
      for (const { assigned, ip, unassignedAt } of eni.addresses) {
        if (!assigned && unassignedAt !== null) freed.set(`${eni.id} ${ip}`, Date.parse(unassignedAt));
      }
    }
    const isCooling: Cooling['isCooling'] = (eni, ip) => {
      const at = freed.get(`${eni} ${ip}`);
      return at !== undefined && !facts.isPast(at + span);
    };
    return { isKnown: () => cooldownSeconds !== null, isCooling, unnamed: new Map() };
  }
  const releases = facts.releasesOn(context.name);
  const startedAt = context.agent?.startedAt == null ? null : Date.parse(context.agent.startedAt);
  // A new aws-node has forgotten what was cooling: only assignments are kept over a restart (§2.4).
  const isForgotten = (at: number): boolean => startedAt !== null && at < startedAt;
  const cools = (at: number | undefined): boolean =>
    at !== undefined && !isForgotten(at) && !facts.isPast(at + Math.min(span, MAX_COOLDOWN));
  const unnamed = new Map<number, number>();
  const cards = [...context.managedCards].sort((a, b) => a - b);
  for (const { at, pod } of facts.endedMultiNicOn(context.name)) {
    if (!cools(at)) continue;
    for (const card of cards.slice(1, multiNicCards(context, pod))) unnamed.set(card, (unnamed.get(card) ?? 0) + 1);
  }
  const isKnown: Cooling['isKnown'] = () => {
    const { watchingSince } = facts;
    return cooldownSeconds !== null && watchingSince !== null && facts.hasAnsweredSince(PODS, watchingSince + span);
  };
  return { isCooling: (_eni, ip) => cools(releases.get(ip)), unnamed, isKnown };
}
