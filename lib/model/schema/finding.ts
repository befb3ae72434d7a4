import { list, nullable, number, record, text, time, word } from './shape';
import type { ValueOf } from './shape';
import { SEVERITIES } from './vocabulary';

export const signal = record(
  {
    /** `sig:SUBJECT/KIND` */
    id: text,
    /** Record id of its subject. */
    subject: text,
    /** An Event's reason, `metric:NAME` for a counter that rose, or a word for what metadata show (`lib/topology/shared/signals`). */
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
/** Evidence for findings that no other record holds: Events by reason, counters that rose. */
export interface SignalRecord extends ValueOf<typeof signal> {}

export const finding = record(
  {
    /** `f:RULE/SUBJECT` */
    id: text,
    /** Id of the rule that raised it, `eni-leaked`. */
    rule: text,
    /** How bad it is. */
    severity: word(SEVERITIES),
    /** Record ids: first the record that is wrong, then the records concerned. */
    subjects: list(text),
    /** What is wrong, in a few words. */
    title: text,
    /** What is wrong and what follows from it. */
    detail: text,
    /** The facts that it is based on, one sentence each, without ages, which would change every second. */
    evidence: list(text),
    /** What to do. */
    advice: text,
    /** A command to copy; null when there is none. ifscope never runs it. */
    command: nullable(text),
    /** When it became true; null when not known. */
    since: nullable(time),
  },
  { indexes: { findingsBySubject: 'subjects' } },
);
/** Something that is wrong, or soon will be. */
export interface FindingRecord extends ValueOf<typeof finding> {}
