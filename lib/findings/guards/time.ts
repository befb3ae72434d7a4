/** Ages of timestamps. An age that is not known counts as old enough: a rule must not wait for what nobody will tell it. */
import type { RuleContext } from '../rule/rule';
import { timeOf } from '../rule/time';

/** Milliseconds in a minute. */
export const MINUTE = 60_000;

/** At least `span` milliseconds old. Asks to be run again when it will be. */
export function isAged(timestamp: string | null, span: number, context: RuleContext): boolean {
  const at = timeOf(timestamp);
  if (at === null || context.now - at >= span) return true;
  context.again(at + span);
  return false;
}

/** More than `span` milliseconds old: exactly that old is not enough. Asks to be run again when it will be. */
export const olderThan = (timestamp: string | null, span: number, context: RuleContext): boolean =>
  isAged(timestamp, span + 1, context);

/**
 * The source, which is polled, has been asked since the other one's fact: seen at `seenAt`, or standing as `condition` since a first
 * look that is older than the answer.
 */
export function isAskedSince(source: string, seenAt: string, condition: string, context: RuleContext): boolean {
  const since = Math.min(context.heldSince(condition, true), timeOf(seenAt) ?? Infinity);
  return context.read.askedSince(source, since);
}

/** Not longer ago than `span` milliseconds; false when not known. Asks to be run again when it is over. */
export function isRecent(timestamp: string | null, span: number, context: RuleContext): boolean {
  const at = timeOf(timestamp);
  if (at === null || context.now - at > span) return false;
  context.again(at + span + 1);
  return true;
}

/** Since when the condition has held, once it has for `span` milliseconds as far as ifscope saw; null before that. */
export function heldAtLeast(condition: string, holds: boolean, span: number, context: RuleContext): number | null {
  const since = context.heldSince(condition, holds);
  if (!holds) return null;
  if (context.now - since >= span) return since;
  context.again(since + span);
  return null;
}

/** As `heldAtLeast`, once it has for more than `span` milliseconds. */
export const heldFor = (condition: string, holds: boolean, span: number, context: RuleContext): number | null =>
  heldAtLeast(condition, holds, span + 1, context);
