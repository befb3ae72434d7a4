/**
 * Which released addresses ipamd may not assign again yet, and whether that is known at all (vpc-cni §2.1, §2.3).
 *
 * ipamd's own list shows it where it was read. Otherwise it follows from the releases that ifscope has seen, once the pods
 * have been watched for a whole cooldown: an address released before that may be cooling unseen. A multi-NIC pod also
 * releases one address on every further card, and no API reports which (§3): the number of cooling addresses is known
 * there, but not which of the free ones they are.
 */
import { PODS } from '../../model/source-ids';
import { MAX_COOLDOWN } from '../facts/histories';
import type { NodeContext } from '../context/context';
import { multiNicCards } from '../links/interfaces';

/** The addresses of a node that cannot be assigned again yet. */
export interface Cooling {
  readonly isCooling: (eni: string, ip: string) => boolean;
  /** By card: the number of cooling addresses that no API reports. */
  readonly unnamed: ReadonlyMap<number, number>;
  /** Whether no release with a running cooldown can have been missed. */
  readonly isKnown: () => boolean;
  /** The earliest time at which they will be known, in epoch milliseconds; null if it cannot be determined. */
  readonly knownAt: () => number | null;
}

/** ipamd's default. */
const DEFAULT_COOLDOWN_SECONDS = 30;

/** The cooling addresses of a node: from ipamd’s own list if it is read, else from the releases that were seen. */
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
    return { isKnown: () => cooldownSeconds !== null, knownAt: () => null, isCooling, unnamed: new Map() };
  }
  const releases = facts.releasesOn(context.name);
  const startedAt = context.agent?.startedAt == null ? null : Date.parse(context.agent.startedAt);
  // A restarted aws-node starts without cooldowns: only assignments survive a restart (§2.4).
  const isForgotten = (at: number): boolean => startedAt !== null && at < startedAt;
  const isReleaseCooling = (at: number | undefined): boolean =>
    at !== undefined && !isForgotten(at) && !facts.isPast(at + Math.min(span, MAX_COOLDOWN));
  const unnamed = new Map<number, number>();
  const cards = [...context.managedCards].sort((a, b) => a - b);
  for (const { at, pod } of facts.endedMultiNicOn(context.name)) {
    if (!isReleaseCooling(at)) continue;
    for (const card of cards.slice(1, multiNicCards(context, pod))) unnamed.set(card, (unnamed.get(card) ?? 0) + 1);
  }
  const knownAt: Cooling['knownAt'] = () => {
    const { watchingSince } = facts;
    return cooldownSeconds === null || watchingSince === null || !facts.answers(PODS) ? null : watchingSince + span;
  };
  const isKnown: Cooling['isKnown'] = () => {
    const at = knownAt();
    return at !== null && facts.hasAnsweredSince(PODS, at);
  };
  return { isCooling: (_eni, ip) => isReleaseCooling(releases.get(ip)), unnamed, isKnown, knownAt };
}
