/** Holds observations to be sent, in order; those about one object are merged. */
import type { Observation } from '../../model/observation';

type AboutOne = Extract<Observation, { readonly op: 'upsert' | 'remove' }>;

const isAboutOne = (observation: Observation): observation is AboutOne =>
  observation.op === 'upsert' || observation.op === 'remove';

const uidOf = (observation: AboutOne): string | null => {
  if (observation.op === 'remove') return observation.uid;
  const uid = 'uid' in observation.fact ? observation.fact.uid : null;
  return typeof uid === 'string' && uid !== '' ? uid : null;
};

/** Merges two consecutive observations of one object; null when both are needed. */
function joined(before: AboutOne, after: AboutOne): Observation | null {
  if (after.op === 'upsert') return after;
  const [left, right] = [uidOf(before), uidOf(after)];
  const isSame = left === null || right === null || left === right;
  // A late delete of an earlier object does not concern its successor.
  if (before.op === 'upsert' && !isSame) return before;
  // The fact that had the key before the upsert is removed as well, whatever its uid.
  if (before.op === 'upsert') return { ...after, uid: null };
  return isSame ? after : null;
}

/** The waiting observations. */
export class Waiting {
  #observations: Observation[] = [];
  /** Position of the last observation of each object. */
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#observations.length;
  }

  add(observation: Observation): void {
    if (!isAboutOne(observation)) {
      // Observations must not move across the end of a list.
      if (observation.op === 'replaceAll' || observation.op === 'keepOnly') this.#places.clear();
      this.#observations.push(observation);
      return;
    }
    const id = `${observation.scope}\n${observation.key}`;
    const place = this.#places.get(id);
    const before = place === undefined ? undefined : this.#observations[place];
    const one = before === undefined || !isAboutOne(before) ? null : joined(before, observation);
    if (one !== null && place !== undefined) {
      this.#observations[place] = one;
      return;
    }
    this.#places.set(id, this.#observations.length);
    this.#observations.push(observation);
  }

  /** Removes and returns all of them. */
  take(): readonly Observation[] {
    const observations = this.#observations;
    this.#observations = [];
    this.#places.clear();
    return observations;
  }
}
