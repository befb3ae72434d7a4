/** Applies the filter to the whole record set. Loaded with the first filter. */
import type { Table } from '../model/records';
import { matchFew, matchPart, mergeMatches, type FewMatches, type PartMatches } from '../view/query/apply-filter';
import type { Filter, FilterResult } from '../view/filter';
import { FEW_KINDS, planFilter, type Plan } from '../view/query/filter-query';
import type { Kind } from '../view/query/facts/keys';
import type { ViewSource } from '../view/view-source';
import type { ClientState } from './client-state';
import type { ChunkRecords } from './set/chunk';
import { ChunkPass, type PassResult } from './set/chunk-pass';

/** The filter's result for the current state. */
export interface Filtered {
  /** Null without a filter or with an unreadable one. */
  readonly result: FilterResult | null;
  /** Why the filter cannot be read, in one line. */
  readonly problem: string | null;
}

const NOTHING: Filtered = { result: null, problem: null };
/**
 * The tables that matches among the small tables depend on; ENIs, because nodes and subnets can be filtered by their
 * ENIs.
 */
const FEW_TABLES: readonly Table[] = ['nodes', 'subnets', 'networks', 'findings', 'enis'];

/** Kinds whose matches decide which records in chunks match. */
const PASSES_ON_FEW: ReadonlySet<Kind> = new Set<Kind>(FEW_KINDS);

/**
 * The result of the filter, computed once for all components, in slices; until it is complete, the previous one stays.
 * `onResult`: called for a new result.
 */
export function createFiltered(filter: () => Filter, onResult: () => void): (state: ClientState) => Filtered {
  let current: Current | null = null;
  let wanted: Filter | null = null;
  let answer = NOTHING;
  return (state) => {
    if (wanted !== filter()) {
      wanted = filter();
      current?.stop();
      const { plan, problem } = planFilter(wanted);
      current = plan === null ? null : new Current(plan, onResult);
      answer = { result: null, problem };
    }
    if (current === null) return answer;
    const result = current.look(state);
    if (answer.result !== result) answer = { result, problem: null };
    return answer;
  };
}

/** The evaluation of one filter text. */
class Current {
  readonly #plan: Plan;
  readonly #onResult: () => void;
  readonly #byFindings: boolean;
  #few: { readonly stamp: string; readonly found: FewMatches } | null = null;
  #pass: ChunkPass<PartMatches> | null = null;
  #passStamp = '';
  #refreshed: ClientState['lastChange'] | null = null;
  #seen: { readonly of: PassResult<PartMatches>; readonly few: FewMatches; readonly merged: FilterResult } | null =
    null;

  constructor(plan: Plan, onResult: () => void) {
    this.#plan = plan;
    this.#onResult = onResult;
    this.#byFindings = plan.query.terms.some(({ key }) => key === 'finding' || key === 'severity' || key === 'rule');
  }

  stop(): void {
    this.#pass?.stop();
  }

  look(state: ClientState): FilterResult {
    const { replica, tableRevisions } = state;
    const few = this.#fewOf(state);
    // A chunk's revision does not reflect findings on its records or changes of their owners.
    const stamp = this.#byFindings ? String(tableRevisions.findings) : '';
    if (this.#pass === null || this.#passStamp !== stamp) {
      this.#pass?.stop();
      const part = (records: ChunkRecords): PartMatches => {
        const found = this.#few?.found ?? few;
        return matchPart(sourceOf(replica, records), records, this.#plan, found);
      };
      this.#pass = new ChunkPass(part, this.#onResult);
      this.#passStamp = stamp;
      this.#refreshed = null;
    }
    if (this.#refreshed !== state.lastChange) this.#pass.refresh(replica);
    this.#refreshed = state.lastChange;
    const { result } = this.#pass;
    const isSame = this.#seen?.of === result && this.#seen.few === few;
    if (this.#seen === null || (!isSame && (result.complete || this.#seen.merged.share < 1)))
      this.#seen = { of: result, few, merged: mergeMatches(replica, this.#plan, few, result.values, result.share) };
    return this.#seen.merged;
  }

  /** The object changes only when the matches do; records that belong to them are then searched again. */
  #fewOf({ replica, tableRevisions }: ClientState): FewMatches {
    const stamp = FEW_TABLES.map((table) => tableRevisions[table]).join('.');
    if (this.#few?.stamp === stamp) return this.#few.found;
    const found = matchFew(replica, this.#plan);
    const before = this.#few?.found;
    const kept = before !== undefined && isEqual(before, found) ? before : found;
    if (kept !== before && PASSES_ON_FEW.has(this.#plan.kind)) {
      this.#pass?.stop();
      this.#pass = null;
    }
    this.#few = { stamp, found: kept };
    return kept;
  }
}

const isSameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));

function isEqual(a: FewMatches, b: FewMatches): boolean {
  const sets = ['nodes', 'subnets', 'networks', 'findings', 'subjects', 'subjectNodes'] as const;
  return sets.every((set) => isSameSet(a[set], b[set])) && JSON.stringify(a.counts) === JSON.stringify(b.counts);
}

/** A chunk as a record set, in which ENIs of other chunks can also be looked up. */
function sourceOf(replica: ClientState['replica'], chunk: ChunkRecords): ViewSource {
  const { records, indexes, cluster, partial } = replica;
  const enis = new Map(chunk.enis);
  for (const { eni } of chunk.interfaces.values()) {
    const other = eni === null || enis.has(eni) ? undefined : records.enis.get(eni);
    if (other !== undefined) enis.set(other.id, other);
  }
  return { cluster, indexes, records: { ...records, ...chunk, enis }, ...(partial === undefined ? {} : { partial }) };
}
