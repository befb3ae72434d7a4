import { list, nullable, number, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { SEVERITIES } from './vocabulary';

export const signal = record(
  {
    /** `sig:SUBJECT/KIND` */
    id: text,
    /** Record id of its subject. */
    subject: text,
    /**
     * An Event's reason, `metric:NAME` for a counter that increased, or a word for what metadata show
     * (`lib/topology/shared/signals`).
     */
    kind: text,
    /** How often it was seen. */
    count: number,
    /** When it was first seen. */
    firstAt: nullable(time),
    /** When it was last seen. */
    lastAt: nullable(time),
    /** The Event's message, or one sentence. */
    text,
  },
  { indexes: { signalsBySubject: 'subject' } },
);
/** Evidence for findings that no other record has: Events by reason, counters that increased. */
export interface SignalRecord extends ValueOf<typeof signal> {}

export const finding = record(
  {
    /** `f:RULE/SUBJECT` */
    id: text,
    /** Id of the rule that raised it, for example `eni-leaked`. */
    rule: text,
    /** Severity of the problem. */
    severity: word(SEVERITIES),
    /** Record ids: the affected record first, then related records. */
    subjects: list(text),
    /** What is wrong, in a few words. */
    title: text,
    /** What is wrong, and its consequences. */
    detail: text,
    /** The facts behind it, one sentence each. Without ages, which would change every second. */
    evidence: list(text),
    /** What to do. */
    advice: text,
    /** A command to copy; null if there is none. ifscope never runs it. */
    command: nullable(text),
    /** When it became true; null if not known. */
    since: nullable(time),
  },
  { indexes: { findingsBySubject: 'subjects' } },
);
/** A problem, or one that is about to occur. */
export interface FindingRecord extends ValueOf<typeof finding> {}
