/** Network cards, and how many ENIs each still takes (vpc-cni §1.3, §8). */
import { cardId } from '../../model/ids';
import type { EniSlots, NetworkCardRecord } from '../../model/records';
import type { NodeContext } from '../context/context';
import type { EniView } from './enis';

export type CardSlots = EniSlots;

export interface Card {
  readonly record: NetworkCardRecord;
  readonly isManaged: boolean;
}

/** One ENI slot stays free on card 0 while a trunk is wanted and not attached yet (vpc-cni §6, hasRoomForEni). */
function reservedOn(context: NodeContext, card: number, views: readonly EniView[]): number {
  const wanted = context.settings?.config.podEni === true && context.limits?.trunkCompatible === true && card === 0;
  return wanted && !views.some(({ eni }) => eni.interfaceType === 'trunk') ? 1 : 0;
}

function slotsOf(
  context: NodeContext,
  card: number,
  maxEnis: number | null,
  isManaged: boolean,
  views: readonly EniView[],
): EniSlots {
  const maxEni = context.settings?.config.maxEni ?? null;
  const limit = maxEnis === null ? null : isManaged && maxEni !== null ? Math.min(maxEni, maxEnis) : maxEnis;
  if (!context.isListed) return { limit, used: null, unmanaged: null, reserved: null, free: null };
  const used = views.length;
  const reserved = reservedOn(context, card, views);
  return {
    limit,
    used,
    unmanaged:
      context.ipamd === 'unknown' ? null : views.filter(({ record }) => record.management.state !== 'managed').length,
    reserved,
    free: limit === null ? null : Math.max(0, limit - used - reserved),
  };
}

export function deriveCards(context: NodeContext, views: readonly EniView[]): readonly Card[] {
  if (context.instanceId === null || context.computeType === 'fargate') return [];
  return context.cards.map((index) => {
    const known = context.limits?.cards.find((card) => card.index === index);
    const maxEnis = known?.maxEnis ?? context.limits?.enisPerCard ?? null;
    const on = views.filter(({ record }) => record.card === index);
    const isManaged = context.managedCards.has(index);
    return {
      isManaged,
      record: {
        id: cardId(context.name, index),
        node: context.id,
        index,
        maxEnis,
        managed: context.ipamd === 'unknown' ? null : isManaged,
        performance: known?.performance ?? null,
        eniSlots: slotsOf(context, index, maxEnis, isManaged, on),
      },
    };
  });
}

/** The node's sum over its managed cards; over all cards where ipamd manages none (Auto Mode, another CNI). */
export function sumSlots(cards: readonly Card[]): EniSlots {
  const managed = cards.filter(({ isManaged }) => isManaged);
  const counted = managed.length > 0 ? managed : cards;
  const total = (field: keyof EniSlots): number | null => {
    let sum = 0;
    for (const { record } of counted) {
      const value = record.eniSlots[field];
      if (value === null) return null;
      sum += value;
    }
    return counted.length === 0 ? null : sum;
  };
  return {
    limit: total('limit'),
    used: total('used'),
    unmanaged: total('unmanaged'),
    reserved: total('reserved'),
    free: total('free'),
  };
}
