/** From the objects of a page to the facts that are kept of them, in slices, so that a page never holds the event loop. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Observation } from '../../../model/observation';
import type { AnyKindRow } from '../../../normalise/kubernetes/kinds';
import { removeOf, upsertOf, type Entry } from '../observe';
import { identityOf } from './identity';
import type { WatchEvent } from './listwatch';

/** What one slice of normalising may take before everybody else gets a turn. */
const SLICE_MS = 20;

export interface Projector {
  page(items: readonly unknown[]): Promise<Entry[]>;
  /** null: the event says nothing about an object (a bookmark). */
  event(event: WatchEvent): Observation | null;
  /** A list begins anew: what was remembered of earlier objects is forgotten. */
  begin(): void;
}

/** `complain` is called once, for the first object that the normaliser could not bear: that is a mistake of ours. */
export function createProjector(row: AnyKindRow, complain: (message: string) => void): Projector {
  let complained = false;
  // Some facts have a key other than the object's name. It is remembered, since an object that is no longer of interest
  // normalises to null, and then only its name is left to find the fact by.
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
