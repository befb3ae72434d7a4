/** The current picture: the page's props, with the rack and the scene facts derived from them. */
import { placeOf } from '../../lib/layout/places/find';
import type { Place } from '../../lib/layout/places/places';
import { buildRack, type RackOptions } from '../../lib/layout/rack/build';
import type { Rack } from '../../lib/layout/rack/rack';
import type { isStillValid } from '../../lib/layout/rack/still-valid';
import { waitingBetween } from '../../lib/layout/rack/waiting';
import { createSceneFacts, type SceneFacts } from '../../lib/layout/scene/facts';
import type { ViewSource } from '../../lib/view/view-source';
import type { CanvasProps } from './props';

const isStarting = (source: ViewSource): boolean =>
  [...source.records.sources.values()].some(({ state }) => state === 'starting');

/** The current rack, places and marks of the canvas, computed again only if props or records have changed. */
export class CurrentPicture {
  props: CanvasProps;
  /** The page's revision; later than that of the props after changes that the picture does not show. */
  revision: number;
  /** Counts changes of the boxes' look other than the data: new racks and new colours. */
  version = 0;
  #rack: Rack;
  #facts: SceneFacts;
  #unfolded: ReadonlySet<string> = new Set();
  /** Whether a source had not answered yet at the last update. */
  #starting: boolean;
  /** Null until loaded: every change makes a new rack. */
  #isStillValid: typeof isStillValid | null = null;

  constructor(props: CanvasProps) {
    this.props = props;
    this.revision = props.revision;
    this.#rack = buildRack(props.replica, this.#options(null));
    this.#facts = this.#newFacts();
    this.#starting = isStarting(props.replica);
  }

  get rack(): Rack {
    return this.#rack;
  }

  get facts(): SceneFacts {
    return this.#facts;
  }

  /** Id of the box that contains a place: its node's record id, except in groups of tiles and on the shelf. */
  boxId(place: Place): string {
    return this.#rack.boxes.id[place.box] ?? '';
  }

  /** The place of a record; null for null, and for a record without a place. */
  placeOf(id: string | null): Place | null {
    return id === null ? null : placeOf(this.props.replica, this.#rack, id);
  }

  /**
   * The same place after a change; null when it is gone. A slot without an interface is found by its ENI and keeps its
   * rectangle.
   */
  again(place: Place | null): Place | null {
    const now = this.placeOf(place?.id ?? null);
    if (place === null || now === null) return null;
    return place.ip !== null && now.ip !== place.ip ? { ...place, box: now.box } : now;
  }

  /**
   * Applies changes of the records. `stay`: boxes keep their columns. `changed`: record ids; null: any. Returns true
   * when the first answers of a source made this a new picture instead of a change of the old one.
   */
  follow(stay: boolean, changed: Iterable<string> | null): boolean {
    const { replica } = this.props;
    const wasStarting = this.#starting;
    this.#starting = isStarting(replica);
    this.#renewFacts();
    if (stay && changed !== null && this.#isStillValid?.(this.#rack, replica, changed, this.#options(null)) === true)
      return false;
    this.#rebuild(stay && !wasStarting ? this.#rack : null);
    return stay && wasStarting;
  }

  /** Keeps the rack from now on when a change moves nothing. */
  checkBy(check: typeof isStillValid): void {
    this.#isStillValid = check;
  }

  toggleFold(node: string): void {
    const next = new Set(this.#unfolded);
    if (!next.delete(node)) next.add(node);
    this.#unfolded = next;
    this.#rebuild(this.#rack);
    this.#renewFacts();
  }

  /** The passing of time moves a box only once a pod has waited too long. Returns true if one did. */
  passTime(now: number): boolean {
    if (waitingBetween(this.props.replica, this.#rack.now, now).length === 0) return false;
    this.#rebuild(this.#rack);
    this.#renewFacts();
    return true;
  }

  #options(near: Rack | null): RackOptions {
    const { grouping, order = 'name', folded = [], now } = this.props;
    return { grouping, order, folded, unfolded: this.#unfolded, near, now };
  }

  #rebuild(near: Rack | null): void {
    this.#rack = buildRack(this.props.replica, this.#options(near));
    this.version++;
  }

  #newFacts(): SceneFacts {
    return createSceneFacts(this.props.replica, this.props.networkRanks, this.props.paint);
  }

  #renewFacts(): void {
    this.#facts = this.#newFacts();
  }
}
