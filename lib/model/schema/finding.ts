import { list, nullable, number, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { SEVERITIES } from './vocabulary';

export const signal = record(
  {
    /** `sig:SUBJECT/KIND` */
    id: text,
    /** Record id of what it is about. */
    subject: text,
    /** An Event's reason, `metric:NAME` for a counter that rose, or a word for what metadata say (`lib/topology/shared/signals`). */
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
/** What a finding needs and no other record holds: Events by reason, counters that rose. */
export interface SignalRecord extends ValueOf<typeof signal> {}

export const finding = record(
  {
    /** `f:RULE/SUBJECT` */
    id: text,
    /** Id of the rule that raised it, `eni-leaked`. */
    rule: text,
    /** How bad it is. */
    severity: word(SEVERITIES),
    /** Record ids: first the record that is wrong, then what it concerns. */
    subjects: list(text),
    /** What is wrong, in a few words. */
    title: text,
    /** What is wrong and what follows from it. */
    detail: text,
    /** The facts that it rests on, one sentence each; no ages, which would change every second. */
    evidence: list(text),
    /** What to do. */
    advice: text,
    /** A command to copy; null when there is none. ifscope itself changes nothing. */
    command: nullable(text),
    /** When it became true, as far as known. */
    since: nullable(time),
  },
  { indexes: { findingsBySubject: 'subjects' } },
);
/** Something that is wrong, or soon will be. */
export interface FindingRecord extends ValueOf<typeof finding> {}
