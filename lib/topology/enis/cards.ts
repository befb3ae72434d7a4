/** Network cards, and how many more ENIs each can take (vpc-cni §1.3, §8). */
import { cardId } from '../../model/ids';
import type { EniSlots, NetworkCardRecord } from '../../model/records';
import { reaches } from '../../model/version';
import type { NodeContext } from '../context/context';
import { countsOtherCards } from '../context/settings';
import { listedElsewhere } from './ipamd-list';
import type { EniView } from './view';

/** The ENI limit of a card, and the ENIs attached to it. */
export type CardSlots = EniSlots;

/** A network card and whether ipamd manages it. */
export interface Card {
  readonly record: NetworkCardRecord;
  readonly isManaged: boolean;
}

/** The first version that reserves a slot for a trunk only if the instance type supports one. */
const ASKS_FOR_TRUNKS = [1, 20, 4] as const;

/** One ENI slot of card 0 stays reserved while a trunk is enabled and not attached yet (vpc-cni §6, hasRoomForEni). */
function reservedOn({ settings, limits }: NodeContext, card: number, views: readonly EniView[]): number | null {
  if (settings === null || settings.config.podEni === false || card !== 0) return 0;
  if (views.some(({ eni }) => eni.interfaceType === 'trunk')) return 0;
  // For a type without trunk support, the version decides.
  const checksType = limits?.trunkCompatible === true ? false : reaches(settings.version, ASKS_FOR_TRUNKS);
  if (checksType === true) return 0;
  return settings.config.podEni === null || checksType === null ? null : 1;
}

/** How many ENIs of the other cards ipamd counts against the limit of card 0. */
function countedElsewhere({ settings }: NodeContext, card: number, views: readonly EniView[]): number {
  if (card !== 0 || settings === null || !countsOtherCards(settings.version)) return 0;
  return views.filter(({ record }) => (record.card ?? 0) > 0).length;
}

interface OnCard {
  readonly card: number;
  readonly maxEnis: number | null;
  readonly isManaged: boolean;
  readonly views: readonly EniView[];
  readonly elsewhere: number;
}

function slotsOf(context: NodeContext, { card, maxEnis, isManaged, views, elsewhere }: OnCard): EniSlots {
  const maxEni = context.settings?.config.maxEni ?? null;
  const limit =
    maxEnis === null || (isManaged && context.settings?.maxEniUnknown === true)
      ? null
      : isManaged && maxEni !== null
        ? Math.min(maxEni, maxEnis)
        : maxEnis;
  if (!context.isListed) return { limit, used: null, unmanaged: null, reserved: null, free: null };
  const used = views.length;
  const reserved = reservedOn(context, card, views);
  // ipamd counts the ENIs that its datastore lists as attached.
  const strays = listedElsewhere(context).filter((stray) => stray.card === card).length;
  return {
    limit,
    used,
    unmanaged: views.some(({ record }) => record.management.state === 'unknown')
      ? null
      : views.filter(({ record }) => record.management.state !== 'managed').length,
    reserved,
    free: limit === null || reserved === null ? null : Math.max(0, limit - used - strays - reserved - elsewhere),
  };
}

/** The network cards of a node by index; none on Fargate and outside EC2. */
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
        managed:
          context.ipamd === 'unknown' || (index > 0 && context.settings?.config.multiNic === null) ? null : isManaged,
        performance: known?.performance ?? null,
        eniSlots: slotsOf(context, {
          card: index,
          maxEnis,
          isManaged,
          views: on,
          elsewhere: countedElsewhere(context, index, views),
        }),
      },
    };
  });
}

/** The sum over the node's managed cards; over all cards if ipamd manages none (Auto Mode, another CNI). */
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
