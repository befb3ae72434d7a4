/**
 * Which slots have just changed, and what they looked like before: from the ENI records of the last look, since the
 * replica holds only what is. 150 ms of fading; with reduced motion nothing fades, and the ring stays for two seconds.
 */
import type { EniRecord, InterfaceRecord } from '../../lib/model/records';
import type { Rack } from '../../lib/layout/rack/rack';
import type { Flash } from '../../lib/layout/scene/flash';
import { changedSlots, type SlotItem } from '../../lib/layout/places/slots';
import { CLUSTER_NETWORK } from '../../lib/model/ids';
import type { ViewSource } from '../../lib/view/view-source';
import { placesOf, addressPlaces } from '../../lib/layout/places/find';

const FADE_MS = 150;
const STILL_MS = 2000;
/** A change of more records than this is a new picture, not an event to point at. */
const MANY = 500;

export interface Flashes {
  /** Looks at the records after a change; `changed` null: everything may be new, and nothing flashes. */
  see(source: ViewSource, changed: ReadonlySet<string> | null, now: number): void;
  at(now: number, source: ViewSource, rack: Rack, still: boolean): readonly Flash[];
  /** Asks for the next frame while there is something to show. */
  next(now: number, still: boolean, invalidate: () => void): void;
  stop(): void;
}

interface Entry {
  readonly since: number;
  /** Address → what stood there; empty for an interface that stands on no ENI. */
  readonly slots: ReadonlyMap<string, SlotItem | null>;
}

export function createFlashes(first: ViewSource): Flashes {
  let known = new Map<string, EniRecord>(first.records.enis);
  /** Networks of interfaces, also of those that have just gone: their colour has to fade away. */
  const networks = new Map<string, string>();
  const remember = ({ id, network }: InterfaceRecord): void => {
    if (network !== CLUSTER_NETWORK) networks.set(id, network);
  };
  for (const record of first.records.interfaces.values()) remember(record);
  const entries = new Map<string, Entry>();
  let timer = 0;
  const networkOf = (source: ViewSource) => (id: string) =>
    source.records.interfaces.get(id)?.network ?? networks.get(id) ?? CLUSTER_NETWORK;

  return {
    see(source, changed, now) {
      const { enis, interfaces } = source.records;
      if (changed === null || changed.size >= MANY) {
        known = new Map(enis);
        networks.clear();
        for (const record of interfaces.values()) remember(record);
        return;
      }
      for (const id of changed) {
        const record = interfaces.get(id);
        if (record !== undefined) remember(record);
        if (record !== undefined && record.eni === null) entries.set(id, { since: now, slots: new Map() });
        const before = known.get(id);
        const after = enis.get(id);
        if (after === undefined) known.delete(id);
        else known.set(id, after);
        if (before === undefined || after === undefined || before === after) continue;
        const slots = changedSlots(before, after, networkOf(source));
        if (slots.size > 0) entries.set(id, { since: now, slots });
      }
      for (const id of changed) if (!interfaces.has(id)) networks.delete(id);
    },
    at(now, source, rack, still) {
      if (entries.size === 0) return [];
      const life = still ? STILL_MS : FADE_MS;
      const found: Flash[] = [];
      for (const [id, { since, slots }] of entries) {
        const age = now - since;
        if (age > life) {
          entries.delete(id);
          continue;
        }
        const opacity = still ? 1 : 1 - Math.max(0, age) / life;
        const eni = source.records.enis.get(id);
        const places =
          eni === undefined ? placesOf(source, rack, [id]) : addressPlaces(source, rack, eni, new Set(slots.keys()));
        for (const place of places) {
          const before = place.ip === null ? undefined : slots.get(place.ip);
          found.push(still || before === undefined ? { place, opacity } : { place, opacity, before });
        }
      }
      return found;
    },
    next(now, still, invalidate) {
      if (entries.size === 0) return;
      if (!still) {
        invalidate();
        return;
      }
      const ends = [...entries.values()].map(({ since }) => since + STILL_MS - now);
      window.clearTimeout(timer);
      timer = window.setTimeout(invalidate, Math.max(0, Math.min(...ends)) + 1);
    },
    stop: () => window.clearTimeout(timer),
  };
}
