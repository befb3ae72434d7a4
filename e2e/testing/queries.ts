/** Applies filters and queries in a single call. */
import type { Filter, FilterResult } from '../../lib/view/filter';
import { applyPlan } from '../../lib/view/query/apply-filter';
import { planFilter } from '../../lib/view/query/filter-query';
import { parseQuery } from '../../lib/view/query/parse';
import { answerTable, type TableAnswer } from '../../lib/view/tables/answer';
import type { ViewSource } from '../../lib/view/view-source';

/** Filters the whole set at once; null for an empty or invalid filter. */
export function applyFilter(source: ViewSource, filter: Filter): FilterResult | null {
  const { plan } = planFilter(filter);
  return plan === null ? null : applyPlan(source, plan);
}

/** The table of a query; `problem` is one line that names the part and the remedy. */
export function answerText(
  source: ViewSource,
  text: string,
): { readonly table: TableAnswer; readonly problem: null } | { readonly table: null; readonly problem: string } {
  const { query, problem } = parseQuery(text);
  return query === null ? { table: null, problem } : { table: answerTable(source, query), problem: null };
}
