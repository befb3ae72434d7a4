/** Every ENI with counts instead of addresses, and the indexes over them, which the whole picture needs. */
import type { RecordPatch } from '../../model/delta';
import { parseCidr, cidrContains } from '../../model/ip';
import type { EniRecord } from '../../model/records';
import { applyPatch } from '../../records/apply';
import { MutableIndexes, type Indexes } from '../../records/indexes';
import { outlineOf, withoutLater, type EniOutline } from '../../view/eni-outline';

const UNSAID = { addresses: [], mac: null, attachedAt: null, createdAt: null, description: '', tags: {} };

/** An outline in the form that the indexes read. */
const bare = (outline: EniOutline): EniRecord => ({ ...outline, ...UNSAID });

/** The outlines of all ENIs, kept up to date. */
export class EniOutlines {
  readonly #outlines = new Map<string, EniOutline>();
  readonly #indexes = new MutableIndexes();

  get indexes(): Indexes {
    return this.#indexes.view;
  }

  get size(): number {
    return this.#outlines.size;
  }

  get(id: string): EniOutline | undefined {
    return this.#outlines.get(id);
  }

  all(): Iterable<EniOutline> {
    return this.#outlines.values();
  }

  begin(outline: EniOutline): void {
    this.#set(outline);
  }

  put(record: EniRecord): void {
    this.#set(outlineOf(record, () => null));
  }

  /**
   * Applies a patch. Returns true if the height may depend on the addresses, which must then be read. `prefixMode`: of
   * the node.
   */
  patch(patch: RecordPatch<'enis'>, prefixMode: (node: string | null) => boolean): boolean {
    const before = this.#outlines.get(patch.id);
    if (before === undefined) return false;
    const { addresses, ...others } = patch;
    const { addressCounts, leftovers } = before;
    const after = withoutLater(applyPatch('enis', bare(before), others), addressCounts, leftovers);
    this.#set(after);
    const changed = [...(addresses?.put ?? []).map(({ ip }) => ip), ...(addresses?.drop ?? [])];
    if (changed.length === 0 && patch.prefixes === undefined) return false;
    // An ENI offered to claims is drawn according to whether it has addresses of its own.
    if (after.capacity === null || after.offeredBy.length > 0) return true;
    if (!prefixMode(after.node) && !prefixMode(before.node)) return false;
    const ranges = after.prefixes.map(({ cidr }) => parseCidr(cidr));
    const inPrefix = (ip: string): boolean => ranges.some((range) => range !== null && cidrContains(range, ip));
    return patch.prefixes !== undefined || changed.some((ip) => !inPrefix(ip));
  }

  drop(id: string): void {
    const before = this.#outlines.get(id);
    if (before === undefined) return;
    this.#outlines.delete(id);
    this.#indexes.move('enis', id, bare(before), undefined);
  }

  #set(outline: EniOutline): void {
    const before = this.#outlines.get(outline.id);
    this.#outlines.set(outline.id, outline);
    this.#indexes.move('enis', outline.id, before === undefined ? undefined : bare(before), bare(outline));
  }
}
