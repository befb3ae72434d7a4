/** Turns the objects of a page into facts, in slices, so that a page never blocks the event loop. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Observation } from '../../../model/observation';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { removeOf, upsertOf, type Entry } from '../observe';
import { identityOf } from './identity';
import type { WatchEvent } from './listwatch';

/** How long one slice may take before the event loop gets a turn. */
const SLICE_MS = 20;

export interface Projector {
  page(items: readonly unknown[]): Promise<Entry[]>;
  /** Null for a bookmark, which is about no object. */
  event(event: WatchEvent): Observation | null;
  /** A new list begins: forgets the keys of earlier objects. */
  begin(): void;
}

/** `complain` is called once, for the first object that made the normaliser throw: that is a bug of ours. */
export function createProjector(row: AnyKindRow, complain: (message: string) => void): Projector {
  let complained = false;
  // Some facts have a key other than the object's name. It is remembered, because an object that is no longer relevant
  // normalises to null, and then only its name is left to find the fact.
  let keyByName = new Map<string, string>();

  const normalise = (object: unknown): Entry | null => {
    try {
      return row.normalise(object);
    } catch (error) {
      if (!complained) complain(`${row.id}: an object could not be read: ${String(error)}`);
      complained = true;
      return null;
    }
  };
  const remember = (name: string, entry: Entry): void => {
    if (entry.key !== name) keyByName.set(name, entry.key);
  };
  return {
    begin() {
      keyByName = new Map();
    },
    async page(items) {
      const entries: Entry[] = [];
      let sliceEnd = performance.now() + SLICE_MS;
      for (const item of items) {
        const entry = normalise(item);
        if (entry !== null) {
          entries.push(entry);
          remember(identityOf(item).key, entry);
        }
        if (performance.now() < sliceEnd) continue;
        await nextTurn();
        sliceEnd = performance.now() + SLICE_MS;
      }
      await nextTurn();
      return entries;
    },
    event(event) {
      if (event.type === 'bookmark') return null;
      const { key: name, uid } = identityOf(event.object);
      const entry = normalise(event.object);
      if (event.type === 'put' && entry !== null) {
        remember(name, entry);
        return upsertOf(row, entry);
      }
      const key = entry?.key ?? keyByName.get(name) ?? name;
      if (event.type === 'delete') keyByName.delete(name);
      return removeOf(row, key, uid);
    },
  };
}
