/**
 * Which freed addresses ipamd may not hand out again yet, and whether that can be told at all (vpc-cni.md §2.1, §2.3).
 *
 * ipamd itself tells where its own list was read. Else the releases that were seen tell, and only once the pods have been
 * watched for a whole cooldown: before that an address may be cooling that was given back unseen. A multi-NIC pod gives back one on
 * every further card, too, of which nobody tells which it was (§3): how many cool there is known, and of no free one that it does not.
 */
import { PODS } from '../facts/source-ids';
import type { NodeContext } from '../context/context';
import { multiNicCards } from '../links/interfaces';

export interface Cooling {
  /** Epoch milliseconds; null for an address that does not cool. */
  readonly until: (eni: string, ip: string) => number | null;
  /** By card: until when each of those cools that no API names, epoch milliseconds. */
  readonly unnamed: ReadonlyMap<number, readonly number[]>;
  /** No release can have been missed whose cooldown still runs. */
  readonly known: boolean;
  /** Epoch milliseconds until which the pods must have been watched for `known` to come true; null where it is, or will not. */
  readonly knownAt: number | null;
}

/** ipamd's own default, seconds. */
const USUAL = 30;

/** `multusHere`: as `multiNicCards` takes it. */
export function coolingOf(context: NodeContext, multusHere: boolean): Cooling {
  const { facts, now } = context;
  const span = (context.settings?.config.cooldownSeconds ?? USUAL) * 1000;
  const running = (at: number | undefined): number | null => (at !== undefined && at + span > now ? at + span : null);
  if (context.ipamdEnis !== undefined) {
    const freed = new Map<string, number>();
    for (const eni of context.ipamdEnis.enis) {
      for (const { assigned, ip, unassignedAt } of eni.addresses) {
        if (!assigned && unassignedAt !== null) freed.set(`${eni.id} ${ip}`, Date.parse(unassignedAt));
      }
    }
    const until: Cooling['until'] = (eni, ip) => running(freed.get(`${eni} ${ip}`));
    return { known: true, knownAt: null, until, unnamed: new Map() };
  }
  const releases = facts.releases.get(context.name);
  const startedAt = context.agent?.startedAt == null ? null : Date.parse(context.agent.startedAt);
  // A new aws-node has forgotten what was cooling: only assignments are kept over a restart (§2.4).
  const isForgotten = (at: number): boolean => startedAt !== null && at < startedAt;
  const until: Cooling['until'] = (_eni, ip) => {
    const at = releases?.get(ip)?.at;
    return at === undefined || isForgotten(at) ? null : running(at);
  };
  const unnamed = new Map<number, number[]>();
  const cards = [...context.managedCards].sort((a, b) => a - b);
  for (const { at, pod } of facts.endedMultiNic.get(context.name) ?? []) {
    const end = isForgotten(at) ? null : running(at);
    if (end === null) continue;
    for (const card of cards.slice(1, multiNicCards(context, pod, multusHere)))
      unnamed.set(card, [...(unnamed.get(card) ?? []), end]);
  }
  const knownAt = facts.watchingSince === null ? null : facts.watchingSince + span;
  const known = knownAt !== null && facts.watchedUntil() >= knownAt;
  return { until, unnamed, known, knownAt: known || !facts.isKnown(PODS) ? null : knownAt };
}
