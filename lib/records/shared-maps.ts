/** One object for equal maps of texts: 165,000 pods have a few thousand distinct sets of labels. */

type Texts = Readonly<Record<string, string>>;

/** Maximum number of distinct maps kept for sharing; the collection is cleared beyond that. */
const MAX_MAPS = 50_000;

/** Shares maps by content; maps handed out stay valid. */
export class SharedMaps {
  #known = new Map<string, Texts>();

  /** The first map created with these entries. Entries must be in a fixed order, or equal maps are not found. */
  of(entries: readonly (readonly [string, string])[]): Texts {
    const content = JSON.stringify(entries);
    let map = this.#known.get(content);
    if (map === undefined) {
      if (this.#known.size >= MAX_MAPS) this.#known = new Map();
      map = Object.freeze(Object.fromEntries(entries));
      this.#known.set(content, map);
    }
    return map;
  }
}
