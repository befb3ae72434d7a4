/** Ages of timestamps. An age that is not known counts as old enough: a rule must not wait for what nobody will tell it. */
import type { RuleContext } from '../rule';

export const MINUTE = 60_000;

/** Epoch milliseconds; null for null and for what is no time. */
export const timeOf = (timestamp: string | null): number | null => {
  if (timestamp === null) return null;
  const at = Date.parse(timestamp);
  return Number.isNaN(at) ? null : at;
};

/** At least `span` milliseconds old. Asks to be run again when it will be. */
export function olderThan(timestamp: string | null, span: number, context: RuleContext): boolean {
  const at = timeOf(timestamp);
  if (at === null || context.now - at >= span) return true;
  context.again(at + span);
  return false;
}

/** Not longer ago than `span` milliseconds; false when not known. Asks to be run again when it is over. */
export function isRecent(timestamp: string | null, span: number, context: RuleContext): boolean {
  const at = timeOf(timestamp);
  if (at === null || context.now - at > span) return false;
  context.again(at + span + 1);
  return true;
}

/** Since when the condition has held, once it has for `span` milliseconds as far as ifscope saw; null before that. */
export function heldFor(condition: string, holds: boolean, span: number, context: RuleContext): number | null {
  const since = context.heldSince(condition, holds);
  if (!holds) return null;
  if (context.now - since >= span) return since;
  context.again(since + span);
  return null;
}
