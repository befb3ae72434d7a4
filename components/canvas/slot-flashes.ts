/**
 * The slots that have just changed, and their previous look. It fades for 150 ms; with reduced motion a ring stays for
 * 2 s instead.
 */
import type { EniRecord, InterfaceRecord } from '../../lib/model/records';
import { addressPlaces, placeOf, placesOf } from '../../lib/layout/places/find';
import { changedSlots } from '../../lib/layout/places/changed-slots';
import type { SlotItem } from '../../lib/layout/places/slots';
import type { Flash } from '../../lib/layout/scene/flash';
import { CLUSTER_NETWORK } from '../../lib/model/ids';
import type { ViewSource } from '../../lib/view/view-source';
import type { CurrentPicture } from './current-picture';
import type { Viewport } from './viewport';

const FADE_MS = 150;
const STILL_MS = 2000;
/** A change of more records is a new picture, not an event to highlight. */
const MANY = 500;

interface Entry {
  readonly since: number;
  /** Address → previous slot; empty for an interface on no ENI. */
  readonly slots: ReadonlyMap<string, SlotItem | null>;
}

/** Slots that have just changed and flash for a moment. */
export class SlotFlashes {
  readonly #entries = new Map<string, Entry>();
  #timer = 0;

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Registers a change of the records. `changed` null: anything may be new, so nothing flashes. `before`: the previous
   * states. Times are milliseconds.
   */
  see(
    source: ViewSource,
    changed: ReadonlySet<string> | null,
    before: ReadonlyMap<string, EniRecord | InterfaceRecord>,
    now: number,
  ): void {
    for (const [id, { since }] of this.#entries) if (now - since > STILL_MS) this.#entries.delete(id);
    if (changed === null || changed.size >= MANY) return;
    const { enis, interfaces } = source.records;
    const networkOf = (id: string): string => {
      const record = interfaces.get(id) ?? before.get(id);
      return record !== undefined && 'network' in record ? record.network : CLUSTER_NETWORK;
    };
    for (const [id, was] of before) {
      if (!changed.has(id)) continue;
      if ('pod' in was) {
        if (interfaces.get(id)?.eni === null) this.#entries.set(id, { since: now, slots: new Map() });
        continue;
      }
      const after = enis.get(id);
      if (after === undefined || after === was) continue;
      const slots = changedSlots(was, after, networkOf);
      if (slots.size > 0) this.#entries.set(id, { since: now, slots });
    }
  }

  /** The flashes at a moment; at the level of bars, those of whole ENIs. With reduced motion nothing fades. */
  at(
    now: number,
    { props, rack }: Pick<CurrentPicture, 'props' | 'rack'>,
    { reducedMotion: still, level }: Pick<Viewport, 'reducedMotion' | 'level'>,
  ): readonly Flash[] {
    const source = props.replica;
    const life = still ? STILL_MS : FADE_MS;
    const found: Flash[] = [];
    for (const [id, { since, slots }] of this.#entries) {
      const age = now - since;
      if (age > life) {
        this.#entries.delete(id);
        continue;
      }
      const opacity = still ? 1 : 1 - Math.max(0, age) / life;
      const eni = source.records.enis.get(id);
      const whole = eni === undefined || level !== 'bars' ? null : placeOf(source, rack, id);
      if (whole !== null) {
        found.push({ place: whole, opacity });
        continue;
      }
      const places =
        eni === undefined ? placesOf(source, rack, [id]) : addressPlaces(source, rack, eni, new Set(slots.keys()));
      for (const place of places) {
        const before = place.ip === null ? undefined : slots.get(place.ip);
        found.push(still || before === undefined ? { place, opacity } : { place, opacity, before });
      }
    }
    return found;
  }

  /** Requests the next frame while there is something to show. */
  next(now: number, still: boolean, invalidate: () => void): void {
    if (this.#entries.size === 0) return;
    if (!still) {
      invalidate();
      return;
    }
    const ends = [...this.#entries.values()].map(({ since }) => since + STILL_MS - now);
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(invalidate, Math.max(0, Math.min(...ends)) + 1);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
  }
}
