/** The nodes that rows refer to by position. Both sides have the same list. */
export class NodeList {
  readonly ids: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(ids: readonly string[]) {
    this.ids = ids;
    this.#places = new Map(ids.map((id, place) => [id, place]));
  }

  /** The node's position; null for null. Throws for a node that is not in the list. */
  placeOf(id: string | null): number | null {
    if (id === null) return null;
    const place = this.#places.get(id);
    if (place === undefined) throw new Error(`${id} is not among the nodes of these columns`);
    return place;
  }

  at(place: number | null): string | null {
    return place === null ? null : (this.ids[place] ?? null);
  }
}
