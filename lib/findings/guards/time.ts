/** Ages of timestamps. An unknown age counts as old enough, because a rule must not wait for something that never becomes known. */
import type { RuleContext } from '../rule/rule';
import { timeOf } from '../rule/time';

/** Milliseconds in a minute. */
export const MINUTE = 60_000;

/** Whether the timestamp is at least `span` milliseconds old; if not, the check runs again when it is. */
export function isAged(timestamp: string | null, span: number, context: RuleContext): boolean {
  const at = timeOf(timestamp);
  if (at === null || context.now - at >= span) return true;
  context.rerunAt(at + span);
  return false;
}

/** Whether the timestamp is more than `span` milliseconds old; if not, the check runs again when it is. */
export const olderThan = (timestamp: string | null, span: number, context: RuleContext): boolean =>
  isAged(timestamp, span + 1, context);

/** Whether the polled source was read after another source's fact: after `seenAt`, or after `condition` was first seen to hold. */
export function hasAnsweredSince(source: string, seenAt: string, condition: string, context: RuleContext): boolean {
  const since = Math.min(context.heldSince(condition, true), timeOf(seenAt) ?? Infinity);
  return context.read.hasAnsweredSince(source, since);
}

/** Whether the timestamp is at most `span` milliseconds ago; false if not known. The check runs again when that ends. */
export function isRecent(timestamp: string | null, span: number, context: RuleContext): boolean {
  const at = timeOf(timestamp);
  if (at === null || context.now - at > span) return false;
  context.rerunAt(at + span + 1);
  return true;
}

/** Since when the condition has held, once ifscope has seen it hold for `span` milliseconds; null before that. */
export function heldAtLeast(condition: string, holds: boolean, span: number, context: RuleContext): number | null {
  const since = context.heldSince(condition, holds);
  if (!holds) return null;
  if (context.now - since >= span) return since;
  context.rerunAt(since + span);
  return null;
}

/** Same as `heldAtLeast`, for more than `span` milliseconds. */
export const heldFor = (condition: string, holds: boolean, span: number, context: RuleContext): number | null =>
  heldAtLeast(condition, holds, span + 1, context);
